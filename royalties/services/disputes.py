"""Disputes in the ledger: opened, won or lost, over the sales of one order, in any order with refunds.

While a dispute is open its sales neither clear nor pay out: what contributors have of them is held. A lost dispute is a
return whose money comes out of the dispute instead of our balance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from common.money import Money, allocate
from royalties import entries
from royalties.chart import AccountKind, AccountName
from royalties.entries import ReturnSource, SaleAmounts
from royalties.errors import DisputeUnknown
from royalties.models import (
    DisputedSale,
    DisputeHold,
    DisputeState,
    JournalEntry,
    Posting,
    Reserve,
    SaleDispute,
    SaleRecord,
    SaleState,
)
from royalties.services import claims, hold_notices, ledger, lost_deferrals, returns
from royalties.services.ledger import Posted
from royalties.services.lost_deferrals import WaitingPayment
from royalties.services.returns import Return


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """The money that the bank pulled back and the provider's fee for it, which may be in another currency.

    `is_needless` when the payment bought nothing and is owed back: then no sale is in dispute.
    """

    external_id: str
    order_reference: str
    amount: Money
    fee: Money
    at: datetime
    is_needless: bool = False


@transaction.atomic
def open_dispute(*, facts: DisputeFacts) -> SaleDispute:
    """Book that money was pulled back and hold what contributors have of it. The same dispute twice gives one."""
    # Races with refunds and clearing of the same sales, and with the same notice handled twice.
    sales = list(
        SaleRecord.objects.select_for_update()
        .filter(order_reference=facts.order_reference, entry__isnull=False)
        .order_by("pk")
    )
    known = SaleDispute.objects.filter(external_id=facts.external_id).first()
    if known is not None:
        return known
    planned = [] if facts.is_needless else _claims(sales, facts.amount.amount_minor)
    balances = returns.lock_sources(planned)
    held = {each.sale.pk: _held(each, balances) for each in planned}
    draft = entries.dispute_opened(
        reference=facts.order_reference,
        external_id=facts.external_id,
        currency=facts.amount.currency,
        occurred_at=facts.at,
        amount=facts.amount.amount_minor,
        fee=facts.fee.amount_minor,
        fee_currency=facts.fee.currency,
        held=[part for parts in held.values() for part in parts],
    )
    dispute = SaleDispute.objects.create(
        external_id=facts.external_id,
        order_reference=facts.order_reference,
        currency=facts.amount.currency,
        amount_minor=facts.amount.amount_minor,
        fee_minor=facts.fee.amount_minor,
        fee_currency=facts.fee.currency,
        opened_at=facts.at,
        opened_entry_id=ledger.post_one(draft).entry_id,
    )
    for each in planned:
        _hold_apart(dispute, each, held[each.sale.pk])
    held_of = DisputeHold.objects.filter(disputed__dispute=dispute).order_by().values_list("user", flat=True)
    hold_notices.of_dispute(dispute, user_ids=held_of)
    return dispute


@transaction.atomic
def win_dispute(*, external_id: str, at: datetime) -> SaleDispute:
    """Book that the bank decided for us: money and holds return to where they were. Raises DisputeUnknown.

    Does nothing for a dispute that is already decided.
    """
    dispute, disputed = _lock(external_id)
    if dispute.state != DisputeState.OPEN:
        return dispute
    returned = [part for each in disputed for part in _release(each)]
    draft = entries.dispute_won(
        reference=dispute.order_reference,
        external_id=external_id,
        currency=dispute.currency,
        occurred_at=at,
        amount=dispute.amount_minor,
        returned=returned,
    )
    _decide(dispute, disputed, DisputeState.WON, [draft], at)
    return dispute


@transaction.atomic
def lose_dispute(*, external_id: str, at: datetime, owed_minor: int | None = None) -> SaleDispute:
    """Book that the bank decided for the reader: each sale is returned out of the dispute. Raises DisputeUnknown.

    Does nothing for a dispute that is already decided. `owed_minor` is what we still owed the reader from a payment
    that bought nothing; None for one that bought something. A waiting gift or pre-order ends if the dispute covers all
    of it; one that was supplied meanwhile is returned like any sale. What was refunded on top of the dispute is the
    platform's loss.
    """
    dispute, disputed = _lock(external_id)
    if dispute.state != DisputeState.OPEN:
        return dispute
    waiting: list[WaitingPayment] = []
    if owed_minor is None:
        waiting = lost_deferrals.waiting_within(dispute, _unclaimed(dispute, disputed))
        disputed += _supplied_since(dispute, disputed, _unclaimed(dispute, disputed) - lost_deferrals.total(waiting))
    planned = [
        returns.plan(each.sale, min(each.paid_minor, returns.left_of(each.sale)))
        for each in disputed
        if returns.left_of(each.sale)
    ]
    balances = returns.lock_sources(planned, also=[name for each in waiting for name in each.accounts()])
    given: list[tuple[SaleAmounts, Sequence[ReturnSource]]] = [(p.amounts, returns.take(p, balances)) for p in planned]
    released = [part for each in disputed for part in _release(each)]
    draft = entries.dispute_lost(
        reference=dispute.order_reference,
        external_id=external_id,
        currency=dispute.currency,
        occurred_at=at,
        amount=dispute.amount_minor - lost_deferrals.total(waiting),
        returns=given,
        released=released,
        owed=min(owed_minor or 0, dispute.amount_minor),
    )
    lost = [each.lost(dispute, at) for each in waiting]
    posted = _decide(dispute, disputed, DisputeState.LOST, [draft, *lost], at)
    for each in planned:
        returns.store(
            each,
            external_id=f"dispute:{external_id}:{each.sale.reference}",
            posted=posted,
            was_cleared=each.sale.cleared_at is not None,
            at=at,
            by_dispute=True,
        )
    return dispute


@transaction.atomic
def lose_what_was_owed(*, external_id: str, owed_minor: int, at: datetime) -> None:
    """Book that a lost dispute took what we owe from a payment that was not in the books when it was lost.

    Until now it counted as the platform's loss. Does nothing if the dispute is not lost or this is already booked.
    Raises DisputeUnknown.
    """
    dispute, _ = _lock(external_id)
    is_told = JournalEntry.objects.filter(external_id=entries.dispute_owed_id(external_id)).exists()
    owed = min(owed_minor, _borne(dispute))
    if dispute.state == DisputeState.LOST and owed > 0 and not is_told:
        draft = entries.dispute_owed(
            reference=dispute.order_reference,
            external_id=external_id,
            currency=dispute.currency,
            occurred_at=at,
            owed=owed,
        )
        ledger.post_one(draft)


def given_back(*, external_id: str) -> list[str]:
    """Return the references of the disputed sales of which nothing is left."""
    sales = SaleRecord.objects.filter(disputes__dispute__external_id=external_id, state=SaleState.REFUNDED)
    return list(sales.values_list("reference", flat=True))


def is_lost(*, external_id: str) -> bool:
    """Return whether the books have this dispute as lost."""
    return SaleDispute.objects.filter(external_id=external_id, state=DisputeState.LOST).exists()


def canceled_deferrals(*, external_id: str) -> list[str]:
    """Return the lines that were paid for and not supplied, and that ended with the lost dispute."""
    return lost_deferrals.ended_by(external_id)


def _borne(dispute: SaleDispute) -> int:
    """Return the platform's loss from it."""
    lost = Posting.objects.filter(
        entry=dispute.outcome_entry_id, account__kind=AccountKind.BAD_DEBT.value, account__currency=dispute.currency
    )
    return sum(lost.values_list("amount_minor", flat=True))


def _unclaimed(dispute: SaleDispute, disputed: Sequence[DisputedSale]) -> int:
    """Return the part of the dispute that none of these sales account for: deferrals, or earlier refunds."""
    return dispute.amount_minor - sum(each.paid_minor for each in disputed)


def _supplied_since(dispute: SaleDispute, disputed: Sequence[DisputedSale], rest: int) -> list[DisputedSale]:
    """Return gifts and pre-orders that became sales while the bank decided, as far as the dispute covers them."""
    known = {each.sale_id for each in disputed}
    sales = SaleRecord.objects.filter(order_reference=dispute.order_reference, entry__isnull=False).exclude(deferral="")
    found = []
    # Locked together with those in the dispute (`_lock`).
    for sale in sales.exclude(pk__in=known).exclude(state__in=[SaleState.REFUNDED, SaleState.DISPUTED]).order_by("pk"):
        claimed = min(returns.left_of(sale), rest)
        if claimed > 0:
            found.append(DisputedSale.objects.create(dispute=dispute, sale=sale, paid_minor=claimed))
            rest -= claimed
    return found


def _claims(sales: Sequence[SaleRecord], amount: int) -> list[Return]:
    """Return how much of each sale is in dispute: all that is left and not disputed yet, or its part by size."""
    open_claims = dict(
        DisputedSale.objects.filter(sale__in=sales, dispute__state=DisputeState.OPEN)
        .order_by()
        .values_list("sale")
        .annotate(total=Sum("paid_minor"))
    )
    free = [max(returns.left_of(sale) - open_claims.get(sale.pk, 0), 0) for sale in sales]
    claimed = min(amount, sum(free))
    parts = allocate(claimed, free) if claimed else [0] * len(sales)
    return [returns.plan(sale, part) for sale, part in zip(sales, parts, strict=True) if part]


def _held(planned: Return, balances: dict[tuple[AccountName, str], int]) -> list[ReturnSource]:
    """Return what there is to hold: never a debt, which the contributor may not come to owe at all."""
    taken = returns.take(planned, balances, with_holds=False)
    return [part for part in taken if part.kind != AccountKind.CONTRIBUTOR_RECEIVABLE]


def _hold_apart(dispute: SaleDispute, planned: Return, held: Sequence[ReturnSource]) -> None:
    sale = planned.sale
    disputed = DisputedSale.objects.create(dispute=dispute, sale=sale, paid_minor=planned.amounts.gross)
    users = {share.user.public_id: share.user_id for share, _ in planned.shares}
    DisputeHold.objects.bulk_create(
        DisputeHold(disputed=disputed, user_id=users[part.owner], kind=part.kind, amount_minor=part.amount_minor)
        for part in held
    )
    sale.state = SaleState.DISPUTED
    sale.save(update_fields=["state"])


def _lock(external_id: str) -> tuple[SaleDispute, list[DisputedSale]]:
    """Lock the sales first, then the dispute: the order in which opening and refunds lock."""
    found = SaleDispute.objects.filter(external_id=external_id).first()
    if found is None:
        raise DisputeUnknown(dispute=external_id)
    sales = {
        sale.pk: sale
        for sale in SaleRecord.objects.select_for_update().filter(order_reference=found.order_reference).order_by("pk")
    }
    disputed = list(found.sales.prefetch_related("holds__user"))
    for each in disputed:
        each.sale = sales[each.sale_id]
    return SaleDispute.objects.select_for_update(of=("self",)).get(pk=found.pk), disputed


def _release(disputed: DisputedSale) -> list[ReturnSource]:
    """Return what is still held to its account; a reserve gets its part back."""
    parts = []
    for hold in DisputeHold.objects.filter(disputed=disputed, amount_minor__gt=0).select_related("user"):
        kind = AccountKind(hold.kind)
        if kind == AccountKind.CONTRIBUTOR_RESERVE and not Reserve.objects.filter(
            sale=disputed.sale_id, user=hold.user_id, released_at=None
        ).update(left_minor=F("left_minor") + hold.amount_minor):
            kind = AccountKind.CONTRIBUTOR_PAYABLE  # its reserve was released meanwhile
        if kind == AccountKind.CONTRIBUTOR_CLAIMED:
            claims.back_from_dispute(sale_id=disputed.sale_id, user_id=hold.user_id, amount=hold.amount_minor)
        parts.append(ReturnSource(hold.user.public_id, kind, hold.amount_minor))
    return parts


def _decide(
    dispute: SaleDispute,
    disputed: Sequence[DisputedSale],
    state: DisputeState,
    drafts: Sequence[entries.Draft],
    at: datetime,
) -> Posted:
    """Post the outcome and release the sales. The first entry is the outcome's own."""
    # Sales have no entry when the dispute was about a gift alone.
    posted = ledger.post([draft for draft in drafts if not draft.is_empty])[0]
    dispute.outcome_entry_id = posted.entry_id
    dispute.state, dispute.decided_at = state, at
    dispute.save(update_fields=["state", "decided_at", "outcome_entry"])
    hold_notices.end(at=at, dispute=dispute)
    for each in disputed:
        others = DisputedSale.objects.filter(sale=each.sale_id, dispute__state=DisputeState.OPEN).exclude(pk=each.pk)
        if each.sale.state == SaleState.DISPUTED and not others.exists():
            each.sale.state = SaleState.CLEARED if each.sale.cleared_at is not None else SaleState.CLEARING
            each.sale.save(update_fields=["state"])
    return posted
