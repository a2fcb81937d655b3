"""A claim ends: what it held goes back to the contributors, or to the winner with our fee on it to the protection fund.

What cannot move yet (in an open dispute, tax that waits, a winner who is not known) follows with `settle_due`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from accounts import services as account_services
from accounts.models import User
from common.money import allocate
from royalties import chart, entries
from royalties.chart import AccountKind
from royalties.entries import Decided
from royalties.errors import ClaimRefused
from royalties.models import ClaimedShare, ClaimHold, ClaimOutcome, SaleRecord
from royalties.services import ledger, withholding
from royalties.services.claims.holding import part
from royalties.services.claims.returning import Account, accounts_of_payee

_BATCH = 500
# How long a winner may take to have an account.
WINNER_HAS = timedelta(days=180)


@dataclass(slots=True)
class _Share:
    """One contributor's part of a decision: what goes to the winner, what back, and our fee on the winner's part."""

    row: ClaimHold
    won: int
    released: int
    fee: int

    @property
    def told(self) -> Decided:
        return Decided(self.row.share.user.public_id, self.won, self.released)


@dataclass(slots=True)
class _Decision:
    """What one claim's end does with one sale."""

    claimed: ClaimedShare
    sale: SaleRecord
    shares: list[_Share]

    @property
    def is_upheld(self) -> bool:
        return bool(self.claimed.outcome == ClaimOutcome.UPHELD)

    def draft(self, at: datetime) -> entries.Draft:
        parts = [share.told for share in self.shares]
        facts = {"claim": self.claimed.claim, "reference": self.sale.reference, "currency": self.sale.currency}
        if not self.is_upheld:
            return entries.claim_released(**facts, occurred_at=at, parts=parts)
        return entries.claim_decided(
            **facts,
            occurred_at=at,
            parts=parts,
            payee=accounts_of_payee(self.claimed.winner)[0],
            fee=sum(share.fee for share in self.shares),
        )


@transaction.atomic
def release(*, claim: str, at: datetime) -> None:
    """End a claim that was dismissed, withdrawn or settled otherwise: what it held is payable to the contributors.

    Does nothing for a claim that held nothing, or was released before. Raises ClaimRefused for one that was upheld.
    """
    shares = _end(claim, ClaimOutcome.DISMISSED, at)
    _settle(_waiting(at).filter(claimed__in=shares), at)


@transaction.atomic
def pay_winner(*, claim: str, winner: User | None, at: datetime) -> None:
    """End a claim that was upheld, after the time for an appeal: what it held is payable to the winner.

    Sales made while it ran and not cleared yet follow when they clear. With no winner yet the money stays where it is
    for 180 days and then goes to `unclaimed`; call again when there is one. The same winner twice is once. Raises
    ClaimRefused for a claim that was dismissed, or has another winner.
    """
    shares = _end(claim, ClaimOutcome.UPHELD, at)
    for each in shares:
        if winner is not None and each.winner_id not in (None, winner.pk):
            raise ClaimRefused(claim=claim, reason="somebody else has won it")
        if winner is not None and each.winner_id is None:
            each.winner = winner
            each.save(update_fields=["winner"])
            account_services.record_audit(actor=None, verb="claim.won", subject=each, facts={"claim": claim})
    _settle(_waiting(at).filter(claimed__in=shares), at)
    if winner is not None:
        _collect(shares, at)


def settle_due(*, at: datetime) -> int:
    """Settle what could not move when its claim ended. Return of how many shares."""
    settled, last = 0, 0
    while sales := _sales_after(last, at):
        last = sales[-1]
        settled += _settle_batch(sales, at)
    return settled


def _sales_after(last: int, at: datetime) -> list[int]:
    """Return the next sales of which something waits. Whole sales: the decision about one is a single event."""
    found = _waiting(at).filter(share__sale__gt=last).order_by("share__sale").values_list("share__sale", flat=True)
    return list(found.distinct()[:_BATCH])


@transaction.atomic
def _settle_batch(sales: Sequence[int], at: datetime) -> int:
    return _settle(_waiting(at).filter(share__sale__in=sales), at)


def _end(claim: str, outcome: ClaimOutcome, at: datetime) -> list[ClaimedShare]:
    """Lock the claim and end it; races with a second decision and a change of its share."""
    # Without its key: clearing, which has the sales already, writes rows that refer to it.
    shares = list(ClaimedShare.objects.select_for_update(no_key=True).filter(claim=claim).order_by("pk"))
    for each in shares:
        if each.outcome not in ("", outcome):
            raise ClaimRefused(claim=claim, reason=f"it was {each.get_outcome_display().lower()}")
        if each.ended_at is None:
            each.ended_at, each.outcome = at, outcome
            each.save(update_fields=["ended_at", "outcome"])
            facts: dict[str, str | int] = {"claim": claim}
            account_services.record_audit(actor=None, verb=f"claim.{outcome}", subject=each, facts=facts)
    return shares


def _waiting(at: datetime) -> QuerySet[ClaimHold]:
    """Return what is held for claims that have ended and can go to somebody: of each sale all or nothing."""
    known = Q(claimed__winner__isnull=False) | Q(claimed__ended_at__lte=at - WINNER_HAS)
    ended = Q(claimed__outcome=ClaimOutcome.DISMISSED) | (Q(claimed__outcome=ClaimOutcome.UPHELD) & known)
    in_dispute = ClaimHold.objects.filter(
        claimed=OuterRef("claimed"), share__sale=OuterRef("share__sale"), disputed_minor__gt=0
    )
    return ClaimHold.objects.filter(ended, ~Exists(in_dispute), decided_at=None)


def _settle(waiting: QuerySet[ClaimHold], at: datetime) -> int:
    found = dict(waiting.values_list("pk", "share__sale_id"))
    # Races with returns and disputes of these sales, and with a second settlement.
    locked = SaleRecord.objects.select_for_update().filter(pk__in=set(found.values())).order_by("pk")
    sales = {sale.pk: sale for sale in locked}
    holds = list(
        waiting.filter(pk__in=found)
        .select_for_update(of=("self",))
        .order_by("claimed_id", "share__sale_id", "pk")
        .select_related("claimed__winner", "share__user")
    )
    for row in holds:
        row.share.sale = sales[row.share.sale_id]
    ledger.lock_balances(account for row in holds for account in _accounts(row))
    decisions = []
    for _, rows in groupby(holds, key=lambda row: (row.claimed_id, row.share.sale_id)):
        decision = _decided(list(rows), at)
        if decision is not None:
            decisions.append(decision)
    _post(decisions, at)
    return sum(len(each.shares) for each in decisions)


def _decided(rows: Sequence[ClaimHold], at: datetime) -> _Decision | None:
    """Divide what is held of one sale, and give back the tax on the winner's part. None if that has to wait."""
    claimed, sale = rows[0].claimed, rows[0].share.sale
    if claimed.outcome == ClaimOutcome.DISMISSED:
        return _Decision(claimed, sale, [_Share(row, 0, row.left_minor, 0) for row in rows])
    gross = [_winners(row, row.left_minor + row.beyond_minor) for row in rows]
    if not withholding.give_back_claimed(list(zip(rows, gross, strict=True)), at=at):
        return None
    won = [min(amount, row.left_minor) for row, amount in zip(rows, gross, strict=True)]
    fees = _fees(rows[0], sale, won)
    return _Decision(
        claimed,
        sale,
        [_Share(row, amount, row.left_minor - amount, fee) for row, amount, fee in zip(rows, won, fees, strict=True)],
    )


def _winners(row: ClaimHold, amount: int) -> int:
    """Return the winner's part: less than all of it when the claim's share was lowered meanwhile."""
    share = min(row.claimed.share_bps, row.share_bps)
    return allocate(amount, [share, row.share_bps - share])[0]


def _fees(row: ClaimHold, sale: SaleRecord, won: Sequence[int]) -> list[int]:
    """Return our fee on what the winner gets of the sale, divided over the contributors' parts."""
    returned = sale.refunds.aggregate(n=Sum("platform_fee_minor", default=0))["n"]
    fee = part(sale.platform_fee_minor - returned, row.from_bps, min(row.claimed.share_bps, row.share_bps))
    return allocate(fee, won) if any(won) else [0] * len(won)


def _post(decisions: Sequence[_Decision], at: datetime) -> None:
    """Post the decisions with the tax that is withheld from winners, and write where everything went."""
    taxes = withholding.to_withhold_from_winners([share.row for each in decisions for share in _write(each, at)], at)
    drafts = [*(each.draft(at) for each in decisions), *(tax.draft for tax in taxes)]
    moving = [draft for draft in drafts if not draft.is_empty]
    posted = {draft.external_id: done for draft, done in zip(moving, ledger.post(moving), strict=True)}
    withholding.store(taxes, posted)
    for each in decisions:
        own = posted.get(entries.decision_of(each.claimed.claim, each.sale.reference))
        if own is not None:
            ClaimHold.objects.filter(pk__in=[share.row.pk for share in each.shares]).update(entry=own.entry_id)


def _write(decision: _Decision, at: datetime) -> list[_Share]:
    """Write where the parts go. Return those that the winner gets."""
    for share in decision.shares:
        row = share.row
        row.left_minor = row.beyond_minor = 0
        row.paid_minor += share.won
        row.released_minor += share.released
        row.fee_minor, row.decided_at = share.fee, at
        row.payee = decision.claimed.winner
        row.save()
    return [share for share in decision.shares if share.won]


def _collect(shares: Sequence[ClaimedShare], at: datetime) -> None:
    """Pay a winner what went to `unclaimed` before they came."""
    unclaimed = ClaimHold.objects.filter(claimed__in=shares, payee=None, paid_minor__gt=F("taken_minor"))
    found = dict(unclaimed.values_list("pk", "share__sale_id"))
    list(SaleRecord.objects.select_for_update().filter(pk__in=set(found.values())).order_by("pk"))
    rows = unclaimed.filter(pk__in=found).select_for_update(of=("self",)).order_by("pk")
    holds = list(rows.select_related("claimed__winner", "share__user", "share__sale"))
    ledger.lock_balances(account for row in holds for account in _accounts(row))
    drafts = [_collected(row, at) for row in holds]
    for row in holds:
        row.payee = row.claimed.winner
        row.save(update_fields=["payee"])
    taxes = withholding.to_withhold_from_winners(holds, at)
    drafts += [tax.draft for tax in taxes if not tax.draft.is_empty]
    withholding.store(taxes, dict(zip([draft.external_id for draft in drafts], ledger.post(drafts), strict=True)))


def _collected(row: ClaimHold, at: datetime) -> entries.Draft:
    return entries.claim_collected(
        claim=row.claimed.claim,
        reference=row.share.sale.reference,
        owner=row.share.user.public_id,
        currency=row.share.currency,
        occurred_at=at,
        payee=accounts_of_payee(row.claimed.winner)[0],
        amount=row.won_minor,
    )


def _accounts(row: ClaimHold) -> set[Account]:
    kinds = (AccountKind.CONTRIBUTOR_CLAIMED, AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_RECEIVABLE)
    names = {chart.of_contributor(kind, row.share.user.public_id) for kind in kinds}
    if row.claimed.outcome == ClaimOutcome.UPHELD:
        names |= {chart.PROTECTION_FUND, chart.UNCLAIMED, *accounts_of_payee(row.claimed.winner)}
        names |= {chart.withholding(row.share.sale.tax_country)} if withholding.is_taxed(row.share.sale) else set()
    return {(name, row.share.currency) for name in names}
