"""How far a person is in their books, and the status that follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from accounts.models import User
from storefront.checkout.models import AccessKind, AccessRecord, Entitlement
from storefront.reading.models import DeviceKind, FurthestPlace, LastPlace
from storefront.shelf import rules
from storefront.shelf.models import ReadingStatus


@dataclass(frozen=True, slots=True)
class Progress:
    """`share_bps` is where the person was last, None before the first page; `reached_bps` how far they have read."""

    share_bps: int | None = None
    last_read_at: datetime | None = None
    device: str = ""
    reached_bps: int = 0
    reached_at: datetime | None = None

    @property
    def status(self) -> ReadingStatus:
        """Return the status that follows: opened is reading, 97 % is finished."""
        if self.reached_bps >= rules.FINISHED_BPS:
            return ReadingStatus.FINISHED
        return ReadingStatus.READING if self.last_read_at is not None else ReadingStatus.WANT

    @property
    def finished_on(self) -> date | None:
        """Return the day on which the end was reached."""
        at = self.reached_at or self.last_read_at
        return at.date() if at is not None and self.status == ReadingStatus.FINISHED else None


def progress_of(user: User, works: Iterable[int]) -> dict[int, Progress]:
    """Return how far the person is, by work (primary keys); four queries, whatever the number of works.

    A jump moves the last place of a browser, so its share says nothing of what was read; e-readers and plain pages
    tell nothing else. Plain pages that nobody marked leave only what a refund depends on.
    """
    wanted = list(works)
    last: defaultdict[int, list[LastPlace]] = defaultdict(list)
    for place in LastPlace.objects.filter(device__user=user, work__in=wanted).select_related("device").order_by("at"):
        last[place.work_id].append(place)
    furthest = {one.work_id: one for one in FurthestPlace.objects.filter(user=user, work__in=wanted)}
    bought = Entitlement.objects.filter(user=user, work__in=wanted, ended_at=None)
    shares = dict(bought.values_list("work", "furthest_bps"))
    opened = AccessRecord.objects.filter(entitlement__in=bought, kind=AccessKind.READ).values("entitlement__work")
    days = dict(opened.annotate(newest=Max("at")).values_list("entitlement__work", "newest"))
    return {
        work: _progress(last.get(work, []), furthest.get(work), shares.get(work, 0), days.get(work)) for work in wanted
    }


def _progress(
    places: list[LastPlace], furthest: FurthestPlace | None, share_bps: int, opened_at: datetime | None
) -> Progress:
    newest = places[-1] if places else None
    told = [place for place in places if place.device.kind != DeviceKind.BROWSER]
    reached = [(place.share_bps, place.at) for place in (*told, *([furthest] if furthest else []))]
    if furthest is None and opened_at is not None:
        reached.append((share_bps, opened_at))
    reached_bps, reached_at = max(reached, key=lambda one: one[0], default=(0, None))
    moments = [at for at in (newest.at if newest else None, opened_at) if at is not None]
    return Progress(
        share_bps=newest.share_bps if newest else None,
        last_read_at=max(moments, default=None),
        device=newest.device.name if newest else "",
        reached_bps=reached_bps,
        reached_at=reached_at,
    )
