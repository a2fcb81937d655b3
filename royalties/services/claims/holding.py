"""A claim is filed, its share is changed, and part of what clears is held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from common.money import BPS, allocate, apply_bps
from publishing.models import Work
from royalties import entries
from royalties.errors import ClaimRefused
from royalties.models import ClaimedShare, ClaimHold, SaleRecord, SaleShare


@dataclass(frozen=True, slots=True)
class Kept:
    """What is held of one share that clears: a row for each claim, and one entry."""

    rows: Sequence[ClaimHold]
    draft: entries.Draft

    @property
    def share_id(self) -> int:
        return self.rows[0].share_id

    @property
    def amount(self) -> int:
        return sum(row.kept_minor for row in self.rows)


@transaction.atomic
def hold(*, claim: str, work: Work, share_bps: int, at: datetime) -> ClaimedShare:
    """Hold a share of what the work's sales earn, of what clears from now on. The same claim and work twice is once.

    Nothing moves now. Raises ClaimRefused for a share that is none.
    """
    _check(claim, share_bps)
    claimed, is_new = ClaimedShare.objects.get_or_create(
        claim=claim, work=work, defaults={"share_bps": share_bps, "held_from": at}
    )
    if is_new:
        facts: dict[str, str | int] = {"claim": claim, "share_bps": share_bps}
        account_services.record_audit(actor=None, verb="claim.held", subject=claimed, facts=facts)
    return claimed


@transaction.atomic
def change_share(*, claim: str, share_bps: int, at: datetime, work: Work | None = None) -> None:
    """Hold another share of what clears from now on; of one work, or of all that the claim is about.

    What is held already stays held: if the claim is upheld, the winner gets no more of it than this share, and the rest
    goes back. Raises ClaimRefused for a claim that is not known or has ended.
    """
    _check(claim, share_bps)
    shares = ClaimedShare.objects.select_for_update(no_key=True).filter(claim=claim).order_by("pk")
    found = list(shares.filter(work=work) if work is not None else shares)
    if not found or any(each.ended_at is not None for each in found):
        raise ClaimRefused(claim=claim, reason="it is not open")
    for each in found:
        if each.share_bps != share_bps:
            facts: dict[str, str | int] = {"claim": claim, "from_bps": each.share_bps, "share_bps": share_bps}
            each.share_bps = share_bps
            each.save(update_fields=["share_bps"])
            account_services.record_audit(actor=None, verb="claim.share_changed", subject=each, facts=facts)


def to_keep(sales: Sequence[SaleRecord], withheld: Mapping[int, int]) -> list[Kept]:
    """Return what claims hold of sales that clear now. Nothing is written.

    The sales come with their shares and users; `withheld` is the tax taken from each share, by its key.
    """
    by_work: dict[int, list[ClaimedShare]] = {}
    for claimed in ClaimedShare.objects.holding().filter(work__in={sale.work_id for sale in sales}):
        by_work.setdefault(claimed.work_id, []).append(claimed)
    found = [
        _kept(sale, share, holding, share.kept_minor - withheld.get(share.pk, 0))
        for sale in sales
        if (holding := _holding(sale, by_work.get(sale.work_id, ())))
        for share in sale.shares.all()
        if share.kept_minor
    ]
    return [kept for kept in found if kept.rows]


def store(kept: Iterable[Kept]) -> None:
    """Write the rows, in the transaction that posts their entries."""
    ClaimHold.objects.bulk_create(row for each in kept for row in each.rows)


def part(whole: int, from_bps: int, share_bps: int) -> int:
    """Return the share of a whole that begins where others end: such parts never overlap, and add up to it."""
    return apply_bps(whole, from_bps + share_bps) - apply_bps(whole, from_bps)


def _check(claim: str, share_bps: int) -> None:
    if not 1 <= share_bps <= BPS:
        raise ClaimRefused(claim=claim, reason="it claims no share of the work, or more than all of it")


def _holding(sale: SaleRecord, claims: Iterable[ClaimedShare]) -> list[ClaimedShare]:
    return [each for each in claims if each.covers(sold_at=sale.sold_at, clears_at=sale.clears_at)]


def _kept(sale: SaleRecord, share: SaleShare, claims: Iterable[ClaimedShare], free: int) -> Kept:
    """Hold each claim's share of the earnings before tax. What tax leaves too little for, all miss in proportion."""
    found, from_bps = [], 0
    for claimed in claims:
        bps = min(claimed.share_bps, BPS - from_bps)
        gross = part(share.kept_minor, from_bps, bps)
        if gross:
            found.append((claimed, from_bps, bps, gross))
        from_bps += bps
    claimed_shares = [gross for *_, gross in found]
    missing = allocate(max(sum(claimed_shares) - free, 0), claimed_shares)
    rows = [
        ClaimHold(
            claimed=claimed,
            share=share,
            from_bps=begins,
            share_bps=bps,
            kept_minor=gross - beyond,
            beyond_minor=beyond,
            left_minor=gross - beyond,
        )
        for (claimed, begins, bps, gross), beyond in zip(found, missing, strict=True)
    ]
    draft = entries.claim_kept(
        reference=sale.reference,
        owner=share.user.public_id,
        currency=sale.currency,
        occurred_at=sale.clears_at,
        amount=sum(row.kept_minor for row in rows),
    )
    return Kept(rows, draft)
