"""Writes where people are in their books: the last place of each device, and the furthest place of each person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from publishing.models import Edition, Work
from storefront.checkout.entitlements.services import access_log
from storefront.reading.changes import ChangeError, PlaceChange
from storefront.reading.models import Device, FurthestPlace, LastPlace
from storefront.reading.selectors import anchors
from storefront.reading.selectors.mentioned import Mentioned


@dataclass(frozen=True, slots=True)
class Report:
    """Who reports places, when and from where, with what the message mentions."""

    device: Device
    mentioned: Mentioned
    at: datetime
    address: str | None


def save_reported(report: Report, changes: Mapping[int, PlaceChange]) -> list[ChangeError]:
    """Save the places that a device reports, by their index in the message; return why others were skipped."""
    errors = []
    by_work: dict[str, list[PlaceChange]] = {}
    for index, change in changes.items():
        error = _refusal(change, report.mentioned)
        if error:
            errors.append(ChangeError(index, error))
        else:
            by_work.setdefault(change.work, []).append(change)
    for work_id, ones in by_work.items():
        _save_work(report, report.mentioned.works[work_id], ones)
    return errors


def save_last(
    *,
    device: Device,
    work: Work,
    edition: Edition | None,
    block: int | None,
    share_bps: int,
    at: datetime,
    offset: int = 0,
    page: str = "",
    words: str = "",
) -> None:
    """Save where a device is in a work, unless it was elsewhere later: messages may come in another order."""
    values = {
        "edition": edition,
        "block": block,
        "offset": offset,
        "page": page,
        "share_bps": share_bps,
        "words": words,
        "at": at,
    }
    place, is_new = LastPlace.objects.get_or_create(device=device, work=work, defaults=values)
    if not is_new:
        LastPlace.objects.filter(pk=place.pk, at__lte=at).update(**values)


def _refusal(change: PlaceChange, mentioned: Mentioned) -> str:
    work = mentioned.works.get(change.work)
    if work is None or mentioned.edition_of(work, change.edition) is None:
        return "unknown"
    return "" if mentioned.readable_work(change.work) else "no_right"


def _save_work(report: Report, work: Work, changes: list[PlaceChange]) -> None:
    person, editions = report.device.user, report.mentioned.editions
    latest = max(changes, key=lambda change: change.at)
    reached = [one for change in changes if (one := _furthest(person, work, editions[change.edition], change))]
    # Before the rows of this app are locked: whoever claims a guest's purchases locks the entitlements first.
    access_log.record_reading(
        actor=person,
        work=work,
        detail=f"{latest.share_bps // 100} %",
        fraction_bps=max((place.share_bps for place in reached), default=0),
        address=report.address,
        at=report.at,
    )
    save_last(
        device=report.device,
        work=work,
        edition=editions[latest.edition],
        block=latest.block,
        offset=latest.offset,
        page=latest.page,
        share_bps=latest.share_bps,
        at=latest.at,
    )
    if reached:
        raise_furthest(max(reached, key=_order))


@transaction.atomic
def raise_furthest(place: FurthestPlace) -> None:
    """Save how far a person has read, if that is further than before, in whichever edition."""
    fields = {name: getattr(place, name) for name in ("edition", "block", "offset", "page", "share_bps", "at")}
    _known, is_new = FurthestPlace.objects.get_or_create(user=place.user, work=place.work, defaults=fields)
    if is_new:
        return
    locked = FurthestPlace.objects.select_for_update(of=("self",)).select_related("edition")
    known = locked.get(user=place.user, work=place.work)
    if _is_further(place, known):
        FurthestPlace.objects.filter(pk=known.pk).update(**fields)


def _is_further(place: FurthestPlace, known: FurthestPlace) -> bool:
    """Compare the places in the newer of their two editions."""
    if place.edition is None or known.edition is None or place.edition_id == known.edition_id:
        return _order(place) > _order(known)
    newer = max(place.edition, known.edition, key=lambda edition: (edition.number, edition.revision))
    return anchors.place_in(place, newer).share_bps > anchors.place_in(known, newer).share_bps


def _order(place: FurthestPlace) -> tuple[int, int, int]:
    return place.share_bps, place.block or 0, place.offset


def _furthest(person: User, work: Work, edition: Edition, change: PlaceChange) -> FurthestPlace | None:
    if change.furthest is None:
        return None
    block, offset, share_bps = change.furthest
    return FurthestPlace(
        user=person, work=work, edition=edition, block=block, offset=offset, share_bps=share_bps, at=change.at
    )
