"""Sales under a claim go back to their reader or their bank: what is held of them goes first, as its part of the share.

A return takes from a hold what it takes of the whole share, and the last one takes the rest. After the decision the
winner gives back their part: the contributor has given back the whole share, and gets that much again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet

from accounts.models import User
from common.money import allocate
from royalties import chart, entries
from royalties.chart import AccountKind, AccountName
from royalties.models import ClaimHold, ClaimTaking, SaleRecord, SaleRefund, SaleShare
from royalties.services import ledger

type Account = tuple[AccountName, str]


def accounts_of(sale: SaleRecord) -> set[Account]:
    """Return the accounts that a return of the sale may touch because of claims, to be locked with the others."""
    if sale.cleared_at is None:
        return set()
    names: set[AccountName] = set()
    rows = ClaimHold.objects.filter(share__sale=sale).filter(Q(decided_at=None) | Q(paid_minor__gt=F("taken_minor")))
    for row in rows.select_related("share__user", "payee"):
        names.add(chart.of_contributor(AccountKind.CONTRIBUTOR_CLAIMED, row.share.user.public_id))
        if row.decided_at is not None:
            names |= {chart.PROTECTION_FUND, *accounts_of_payee(row.payee)}
    return {(name, sale.currency) for name in names}


def accounts_of_payee(payee: User | None) -> tuple[AccountName, ...]:
    """Return where what a claim won lies: first what is paid out, then what may be owed."""
    if payee is None:
        return (chart.UNCLAIMED,)
    kinds = (AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_RECEIVABLE)
    return tuple(chart.of_contributor(kind, payee.public_id) for kind in kinds)


def take_held(share: SaleShare, wanted: int, limit: int, *, for_dispute: bool) -> int:
    """Lower what claims hold by the part of the share that is `wanted`, `limit` at most. Return how much that gave.

    `for_dispute` when it is only set apart there, and may come back.
    """
    given = 0
    if not wanted:
        return 0
    for row in _undecided(share.sale_id, share.user_id):
        weights = [wanted, share.kept_minor - wanted]
        amount = min(allocate(row.left_minor, weights)[0], limit - given)
        row.left_minor -= amount
        if for_dispute:
            row.disputed_minor += amount
        else:
            row.returned_minor += amount
            row.beyond_minor -= allocate(row.beyond_minor, weights)[0]
        row.save(update_fields=["left_minor", "disputed_minor", "returned_minor", "beyond_minor"])
        given += amount
    return given


def take_disputed(share: SaleShare, amount: int) -> None:
    """Record that so much of what a dispute took out of claims went back to the reader."""
    for row, part in _parts_in_dispute(share.sale_id, share.user_id, amount):
        row.disputed_minor -= part
        row.returned_minor += part
        row.save(update_fields=["disputed_minor", "returned_minor"])


def back_from_dispute(*, sale_id: int, user_id: int, amount: int) -> None:
    """Record that so much is held for claims again, because a dispute is over."""
    for row, part in _parts_in_dispute(sale_id, user_id, amount):
        row.disputed_minor -= part
        row.left_minor += part
        row.save(update_fields=["disputed_minor", "left_minor"])


def take_back(shares: Sequence[tuple[SaleShare, int]], *, refund: SaleRefund, at: datetime) -> None:
    """Take from winners of claims their part of a return. Call under the sale's lock, before shares are lowered."""
    given = {share.pk: (share, amount) for share, amount in shares if amount}
    rows = ClaimHold.objects.select_for_update(of=("self",)).filter(share__in=given, paid_minor__gt=F("taken_minor"))
    for row in rows.select_related("payee", "claimed").order_by("pk"):
        share, amount = given[row.share_id]
        weights = [amount, share.kept_minor - amount]
        back = allocate(row.won_minor, weights)[0]
        fee = allocate(row.fee_minor - row.fee_taken_minor, weights)[0]
        if back:
            _take_back(row, share, back, fee, refund=refund, at=at)


def _take_back(row: ClaimHold, share: SaleShare, back: int, fee: int, *, refund: SaleRefund, at: datetime) -> None:
    payable, owed = accounts_of_payee(share.user)
    lying, *debt = accounts_of_payee(row.payee)
    accounts = {chart.PROTECTION_FUND, payable, owed, lying, *debt}
    balances = ledger.lock_balances((account, share.currency) for account in accounts)
    at_hand = min(back, balances[lying, share.currency])
    to_debt = min(back, balances[owed, share.currency])
    fee = min(fee, balances[chart.PROTECTION_FUND, share.currency])
    taken = [(lying, at_hand), *((account, back - at_hand) for account in debt)]
    given = [(owed, to_debt), (payable, back - to_debt)]
    if row.payee_id == share.user_id:
        taken, given = [], []  # they won what was theirs
    draft = entries.claim_taken(
        reference=refund.sale.reference,
        external_id=f"{refund.external_id}:{row.claimed.claim}:{share.user.public_id}",
        currency=share.currency,
        occurred_at=at,
        taken=taken,
        given=given,
        fee=fee,
    )
    entry_id = None if draft.is_empty else ledger.post_one(draft).entry_id
    ClaimTaking.objects.create(hold=row, refund=refund, amount_minor=back, fee_minor=fee, entry_id=entry_id)
    row.taken_minor += back
    row.fee_taken_minor += fee
    row.save(update_fields=["taken_minor", "fee_taken_minor"])


def _parts_in_dispute(sale_id: int, user_id: int, amount: int) -> Iterable[tuple[ClaimHold, int]]:
    for row in _undecided(sale_id, user_id):
        part = min(row.disputed_minor, amount)
        if part:
            amount -= part
            yield row, part


def _undecided(sale_id: int, user_id: int) -> QuerySet[ClaimHold]:
    rows = ClaimHold.objects.select_for_update(of=("self",)).filter(
        share__sale=sale_id, share__user=user_id, decided_at=None
    )
    return rows.order_by("pk")
