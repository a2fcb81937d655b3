"""How a royalty is divided among the contributors of a work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from common.money import BPS
from publishing.models import SplitAgreement, SplitShare, Work


@dataclass(frozen=True, slots=True)
class Share:
    """One person's share. `owner` is the user's public id; `contributor_id` is None for a work without agreement."""

    user_id: int
    owner: str
    contributor_id: int | None
    share_bps: int


def splits_in_force(*, work_ids: Iterable[int], at: datetime) -> dict[int, list[Share]]:
    """Return for each work the shares in force at the moment, in the contributors' order.

    In force is the newest agreement that has begun and that every contributor in it has consented to by then; without
    one the work's owner gets everything. A person with two roles gets one share, the sum.
    """
    wanted = set(work_ids)
    splits: dict[int, list[Share]] = {}
    agreements = (
        SplitAgreement.objects.filter(work_id__in=wanted, effective_at__lte=at)
        .order_by("-effective_at", "-id")
        .prefetch_related("shares__contributor__user", "shares__contributor__left")
    )
    for agreement in agreements:
        shares = list(agreement.shares.all())
        if agreement.work_id not in splits and shares and all(_is_consented(share, at) for share in shares):
            splits[agreement.work_id] = _by_person(shares)
    for work in Work.objects.filter(pk__in=wanted - splits.keys()).select_related("owner"):
        splits[work.pk] = [Share(work.owner_id, work.owner.public_id, None, BPS)]
    return splits


def _is_consented(share: SplitShare, at: datetime) -> bool:
    return share.contributor.payee is not None and share.consented_at is not None and share.consented_at <= at


def _by_person(shares: Iterable[SplitShare]) -> list[Share]:
    merged: dict[int, Share] = {}
    for share in shares:
        user = share.contributor.payee
        if user is None or not share.share_bps:
            continue
        before = merged.get(user.pk)
        first = before.contributor_id if before else share.contributor_id
        total = share.share_bps + (before.share_bps if before else 0)
        merged[user.pk] = Share(user.pk, user.public_id, first, total)
    return list(merged.values())
