"""Returns of sales: in full or in part, before or after clearing, in any order with disputes.

The sale's row lock decides who may move its royalty. Each return allocates its parts over what is left of the sale, so
that the last one takes exactly the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from common.money import Money
from royalties import calc, chart, entries
from royalties.chart import AccountKind, AccountName
from royalties.entries import ContributorShare, ReturnSource, SaleAmounts
from royalties.errors import ReturnTooLarge, SaleRefused, SaleUnknown
from royalties.models import (
    DisputeHold,
    DisputeState,
    Reserve,
    SaleRecord,
    SaleRefund,
    SaleRefundShare,
    SaleShare,
    SaleState,
)
from royalties.services import claims, ledger, withholding
from royalties.services.ledger import Posted

_PARTS = ("paid", "promotion", "tax", "processor_fee", "platform_fee", "royalty")


@dataclass(frozen=True, slots=True)
class RecordedRefund:
    """`entry_id` is None for a free sale. `is_new` is False if it was recorded before; `is_last` if nothing is left."""

    reference: str
    entry_id: int | None
    is_new: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Return:
    """What one return takes from a sale, per part and per contributor; nothing is written yet."""

    sale: SaleRecord
    amounts: SaleAmounts
    shares: tuple[tuple[SaleShare, int], ...]
    is_last: bool

    @property
    def royalty(self) -> int:
        return sum(amount for _, amount in self.shares)


@transaction.atomic
def record_refund(*, reference: str, external_id: str, at: datetime, amount: Money | None = None) -> RecordedRefund:
    """Refund `amount` of one sale, or all that is left of it. Recording the same refund twice gives one.

    Inside the refund window each part of the sale is mirrored. After it the royalty comes out of what is held for
    claims and in the sale's reserve, then out of what is payable to each contributor; what is missing becomes a debt.
    Raises SaleUnknown, SaleRefused when nothing is left or the refund is known with another amount, ReturnTooLarge.
    """
    # Races with clear_due, a dispute and a second refund.
    sale = SaleRecord.objects.select_for_update().filter(reference=reference).first()
    if sale is None:
        raise SaleUnknown(reference=reference)
    known = SaleRefund.objects.filter(external_id=external_id).first()
    if known is not None:
        return _known(sale, known, amount)
    if sale.entry_id is None:
        return _free(sale, external_id, at)
    planned = plan(sale, amount.amount_minor if amount is not None else left_of(sale))
    was_cleared = sale.state == SaleState.CLEARED
    taken = take(planned, lock_sources([planned]))
    draft = entries.refund(
        reference=reference,
        external_id=external_id,
        currency=sale.currency,
        occurred_at=at,
        amounts=planned.amounts,
        taken=taken,
        reverses_id=sale.entry_id if _mirrors_all(planned) else None,
    )
    posted = ledger.post_one(draft)
    store(planned, external_id=external_id, posted=posted, was_cleared=was_cleared, at=at)
    return RecordedRefund(reference, posted.entry_id, is_new=True, is_last=planned.is_last)


@transaction.atomic
def record_loss(*, reference: str, external_id: str, amount: Money, at: datetime) -> int:
    """Book a refund that no sale accounts for any more, as the platform's loss. Return the entry's id."""
    draft = entries.refund_beyond(
        reference=reference,
        external_id=external_id,
        currency=amount.currency,
        occurred_at=at,
        amount=amount.amount_minor,
    )
    return ledger.post_one(draft).entry_id


def left_by_reference(reference: str) -> int | None:
    """Return how much of a sale has not been returned yet, by refund or dispute; None when there is no such sale."""
    sale = SaleRecord.objects.filter(reference=reference).first()
    if sale is None:
        return None
    return 0 if sale.state == SaleState.REFUNDED else left_of(sale)


def record_failed_refund(*, reference: str, external_id: str, amount_minor: int, currency: str, at: datetime) -> int:
    """Book that a refund came back after it had succeeded: we have the money and still owe it.

    Return the entry's id.
    """
    draft = entries.refund_failed(
        reference=reference, external_id=external_id, currency=currency, occurred_at=at, amount=amount_minor
    )
    return ledger.post_one(draft).entry_id


def record_resent_refund(*, reference: str, external_id: str, amount_minor: int, currency: str, at: datetime) -> int:
    """Book that a failed refund was paid by bank transfer. Return the entry's id. Raises LedgerError."""
    draft = entries.refund_resent(
        reference=reference, external_id=external_id, currency=currency, occurred_at=at, amount=amount_minor
    )
    return ledger.post_one(draft).entry_id


def left_of(sale: SaleRecord) -> int:
    """Return how much of the paid price has not been returned yet. Call with the sale's row locked."""
    return sale.paid_minor - sale.returned_minor


def plan(sale: SaleRecord, paid: int) -> Return:
    """Return the parts that a return of `paid` consists of. Raises ReturnTooLarge, SaleRefused when nothing is left."""
    left = left_of(sale)
    if sale.state == SaleState.REFUNDED:
        raise SaleRefused(reference=sale.reference, reason="it was refunded before")
    if not min(1, left) <= paid <= left:
        raise ReturnTooLarge(reference=sale.reference, left=Money(left, sale.currency))
    before = _returned_before(sale)
    shares = list(sale.shares.select_related("user"))
    rest = [getattr(sale, f"{part}_minor") - before[part] for part in _PARTS[2:5]]
    left_parts = [*rest, *(share.kept_minor for share in shares)]
    promotion, parts = sale.promotion_minor - before["promotion"], left_parts
    if paid:  # otherwise the platform paid for all of it
        promotion, parts = calc.allocate_return(paid, left, promotion, left_parts)
    tax, processor_fee, platform_fee, *royalties = parts
    amounts = SaleAmounts(
        gross=paid,
        tax=tax,
        processor_fee=processor_fee,
        platform_fee=platform_fee,
        tax_country=sale.tax_country,
        shares=tuple(ContributorShare(s.user.public_id, amount) for s, amount in zip(shares, royalties, strict=True)),
        promotion=promotion,
    )
    return Return(sale, amounts, tuple(zip(shares, royalties, strict=True)), is_last=paid == left)


def lock_sources(
    planned: Iterable[Return], *, also: Iterable[tuple[AccountName, str]] = ()
) -> dict[tuple[AccountName, str], int]:
    """Lock every guarded account that returns may touch, in one go with others, and return their balances."""
    touched = set(also)
    for each in planned:
        currency = each.sale.currency
        touched.add((chart.tax(each.sale.tax_country), currency))
        touched |= withholding.accounts_of(each.sale) | claims.accounts_of(each.sale)
        for share, _ in each.shares:
            touched |= {(chart.of_contributor(kind, share.user.public_id), currency) for kind in _TOUCHED}
    return ledger.lock_balances(touched)


# In transit is left out: money on its way to a payee is not taken back from there.
_TOUCHED = (
    AccountKind.CONTRIBUTOR_CLEARING,
    AccountKind.CONTRIBUTOR_PAYABLE,
    AccountKind.CONTRIBUTOR_RESERVE,
    AccountKind.CONTRIBUTOR_DISPUTED,
    AccountKind.CONTRIBUTOR_RECEIVABLE,
)


def take(
    planned: Return, balances: dict[tuple[AccountName, str], int], *, with_holds: bool = True
) -> list[ReturnSource]:
    """Return where each contributor's part comes from, and lower the holds and reserves that it uses.

    First comes what is held for this sale (in dispute unless told otherwise, in clearing, for claims on the work as its
    part of the share, in reserve), then what is payable, then a debt. The balances are lowered as well, so that several
    returns of one entry do not take the same money twice.
    """
    sale = planned.sale
    in_clearing = _is_in_clearing(sale)
    taken: list[ReturnSource] = []
    for share, wanted in planned.shares:
        rest = wanted - (_take_held(share, wanted, taken) if with_holds else 0)
        if in_clearing:
            taken.append(ReturnSource(share.user.public_id, AccountKind.CONTRIBUTOR_CLEARING, rest))
            continue
        rest -= _take_claimed(share, wanted, rest, taken, for_dispute=not with_holds)
        rest -= _take_reserve(share, rest, taken)
        payable = (chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, share.user.public_id), sale.currency)
        paid = min(rest, balances[payable])
        balances[payable] -= paid
        taken.append(ReturnSource(share.user.public_id, AccountKind.CONTRIBUTOR_PAYABLE, paid))
        taken.append(ReturnSource(share.user.public_id, AccountKind.CONTRIBUTOR_RECEIVABLE, rest - paid))
    return [part for part in taken if part.amount_minor]


def store(
    planned: Return,
    *,
    external_id: str,
    posted: Posted | None,
    was_cleared: bool,
    at: datetime,
    by_dispute: bool = False,
) -> SaleRefund:
    """Write the return and what is left of the sale, take from winners of claims, and give withheld tax back.

    `posted` is its entry, None for a free sale.
    """
    sale, amounts = planned.sale, planned.amounts
    refund = SaleRefund.objects.create(
        sale=sale,
        external_id=external_id,
        refunded_at=at,
        paid_minor=amounts.gross,
        promotion_minor=amounts.promotion,
        tax_minor=amounts.tax,
        processor_fee_minor=amounts.processor_fee,
        platform_fee_minor=amounts.platform_fee,
        royalty_minor=planned.royalty,
        is_last=planned.is_last,
        was_cleared=was_cleared,
        by_dispute=by_dispute,
        entry_id=posted.entry_id if posted else None,
    )
    SaleRefundShare.objects.bulk_create(
        SaleRefundShare(
            refund=refund,
            user_id=share.user_id,
            amount_minor=amount,
            is_last=refund.is_last,
            period=str(posted.period) if posted else "",
            currency=sale.currency,
            work_id=sale.work_id,
            country=sale.tax_country,
            unit_price_minor=sale.paid_minor,
            terms_id=sale.terms_id,
            net_minor=refund.paid_minor + refund.promotion_minor - refund.tax_minor,
            processor_fee_minor=refund.processor_fee_minor,
            platform_fee_minor=refund.platform_fee_minor,
        )
        for share, amount in planned.shares
    )
    claims.take_back(planned.shares, refund=refund, at=at)
    withholding.give_back(planned.shares, refund=refund, at=at)
    for share, amount in planned.shares:
        share.returned_minor += amount
    SaleShare.objects.bulk_update([share for share, _ in planned.shares], ["returned_minor"])
    sale.returned_minor += amounts.gross
    if planned.is_last:
        sale.state, sale.refunded_at = SaleState.REFUNDED, at
    sale.save(update_fields=["returned_minor", "state", "refunded_at"])
    return refund


def _returned_before(sale: SaleRecord) -> Mapping[str, int]:
    sums = sale.refunds.aggregate(**{part: Sum(f"{part}_minor", default=0) for part in _PARTS})
    return {part: int(sums[part]) for part in _PARTS}


def _is_in_clearing(sale: SaleRecord) -> bool:
    """Return whether the part of the sale's royalty that is not held is still in clearing."""
    return sale.cleared_at is None


def _take_held(share: SaleShare, wanted: int, taken: list[ReturnSource]) -> int:
    """Lower what an open dispute of the sale holds from this contributor. Return how much that gave."""
    given = 0
    holds = DisputeHold.objects.select_for_update(of=("self",)).filter(
        disputed__sale=share.sale_id, user=share.user_id, amount_minor__gt=0, disputed__dispute__state=DisputeState.OPEN
    )
    for hold in holds.order_by("pk"):
        part = min(hold.amount_minor, wanted - given)
        if part:
            hold.amount_minor -= part
            hold.save(update_fields=["amount_minor"])
            if hold.kind == AccountKind.CONTRIBUTOR_CLAIMED:
                claims.take_disputed(share, part)
            taken.append(ReturnSource(share.user.public_id, AccountKind.CONTRIBUTOR_DISPUTED, part))
            given += part
    return given


def _take_claimed(share: SaleShare, wanted: int, rest: int, taken: list[ReturnSource], *, for_dispute: bool) -> int:
    part = claims.take_held(share, wanted, rest, for_dispute=for_dispute)
    if part:
        taken.append(ReturnSource(share.user.public_id, AccountKind.CONTRIBUTOR_CLAIMED, part))
    return part


def _take_reserve(share: SaleShare, wanted: int, taken: list[ReturnSource]) -> int:
    reserve = (
        Reserve.objects.select_for_update(of=("self",))
        .filter(sale=share.sale_id, user=share.user_id, released_at=None, left_minor__gt=0)
        .first()
    )
    part = min(reserve.left_minor, wanted) if reserve is not None else 0
    if reserve is not None and part:
        reserve.left_minor -= part
        reserve.save(update_fields=["left_minor"])
        taken.append(ReturnSource(share.user.public_id, AccountKind.CONTRIBUTOR_RESERVE, part))
    return part


def _mirrors_all(planned: Return) -> bool:
    """Return whether the entry mirrors the whole sale."""
    return planned.amounts.gross == planned.sale.paid_minor and planned.sale.deferral == ""


def _known(sale: SaleRecord, refund: SaleRefund, amount: Money | None) -> RecordedRefund:
    if refund.sale_id != sale.pk or (amount is not None and amount.amount_minor != refund.paid_minor):
        raise SaleRefused(reference=sale.reference, reason="this refund was recorded with other facts")
    return RecordedRefund(sale.reference, refund.entry_id, is_new=False, is_last=refund.is_last)


def _free(sale: SaleRecord, external_id: str, at: datetime) -> RecordedRefund:
    """Record the return of a free book: no money moves, but it counts as a return."""
    if sale.state == SaleState.REFUNDED:
        raise SaleRefused(reference=sale.reference, reason="it was refunded before")
    shares = tuple((share, 0) for share in sale.shares.select_related("user"))
    nothing = SaleAmounts(gross=0, tax=0, processor_fee=0, platform_fee=0, tax_country=sale.tax_country, shares=())
    planned = Return(sale, nothing, shares, is_last=True)
    store(planned, external_id=external_id, posted=None, was_cleared=sale.cleared_at is not None, at=at)
    return RecordedRefund(sale.reference, None, is_new=True, is_last=True)
