"""How a royalty is divided among the contributors of a work, and what shares that end at a sum have brought."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import F, Sum

from common.money import BPS, Money
from publishing.models import Contributor, SplitAgreement, SplitShare, Work
from publishing.selectors import CurrentShare, shares_at
from royalties.division import Limit, Share
from royalties.models import TowardsSum


def splits_in_force(*, work_ids: Iterable[int], at: datetime) -> dict[int, list[Share]]:
    """Return for each work the shares in force at the moment, in the contributors' order.

    In force is the newest agreement that has begun and that every contributor in it has consented to by then; without
    one the work's owner gets everything. A share that has ended is given to whom it returns. A person with two roles
    gets one share, the sum.
    """
    wanted = set(work_ids)
    splits: dict[int, list[Share]] = {}
    agreements = (
        SplitAgreement.objects.filter(work_id__in=wanted, effective_at__lte=at)
        .order_by("-effective_at", "-id")
        .prefetch_related(
            "shares__contributor__user",
            "shares__contributor__left",
            "shares__returns_to__user",
            "shares__returns_to__left",
        )
    )
    for agreement in agreements:
        shares = list(agreement.shares.all())
        if agreement.work_id not in splits and shares and all(_is_consented(share, at) for share in shares):
            splits[agreement.work_id] = _by_person(shares_at(agreement, at))
    for work in Work.objects.filter(pk__in=wanted - splits.keys()).select_related("owner"):
        splits[work.pk] = [Share(work.owner_id, work.owner.public_id, None, BPS)]
    return splits


def lock_sums(*, work_ids: Collection[int]) -> None:
    """Let nobody else sell these works until the transaction ends, where a share of them ends at a sum.

    Call it before the accounts of a sale are locked: two sales at once would both take what the sum lacks.
    """
    rows = SplitShare.objects.filter(agreement__work_id__in=work_ids, ends_at_minor__isnull=False)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def brought(references: Collection[str]) -> dict[str, int]:
    """Return what shares have brought towards their sums after returns, by reference. A cent is rounded up where only a
    part of somebody's share counts and a part of it went back.
    """
    rows = TowardsSum.objects.filter(reference__in=references)
    returned = F("amount_minor") * F("share__returned_minor") / F("share__amount_minor")
    summed = rows.order_by().values("reference").annotate(total=Sum(F("amount_minor") - returned))
    return dict.fromkeys(references, 0) | dict(summed.values_list("reference", "total"))


def reached_sums(shares: Sequence[SplitShare]) -> set[str]:
    """Return the references of the shares that have brought their sum."""
    sums = {share.reference: share.ends_at_minor for share in shares if share.ends_at_minor is not None}
    return {reference for reference, total in brought(sums.keys()).items() if total >= sums[reference]}


def _is_consented(share: SplitShare, at: datetime) -> bool:
    return share.contributor.payee is not None and share.consented_at is not None and share.consented_at <= at


def _by_person(shares: Iterable[CurrentShare]) -> list[Share]:
    merged: dict[int, Share] = {}
    found = list(shares)
    limited = [one.end.reference for one in found if one.end is not None and one.end.ends_at_sum is not None]
    so_far = brought(limited) if limited else {}
    for one in found:
        user = one.contributor.payee
        if user is None or not one.share_bps:
            continue
        before = merged.get(user.pk)
        first = before.contributor_id if before else one.contributor.pk
        total = one.share_bps + (before.share_bps if before else 0)
        limits = (*(before.limits if before else ()), *_limits(one, so_far))
        merged[user.pk] = Share(user.pk, user.public_id, first, total, limits)
    return list(merged.values())


def _limits(one: CurrentShare, so_far: dict[str, int]) -> list[Limit]:
    if one.end is None or one.end.ends_at_sum is None:
        return []
    then, limit = _payee_of(one.end.returns_to), one.end.ends_at_sum
    left = Money(limit.amount_minor - so_far[one.end.reference], limit.currency)
    return [Limit(one.end.reference, one.share_bps, left, then)]


def _payee_of(contributor: Contributor) -> Share:
    user = contributor.payee
    if user is None:  # credits of owners keep their account
        raise ValueError(f"nobody is paid for credit {contributor.pk}")
    return Share(user.pk, user.public_id, contributor.pk, 0)
