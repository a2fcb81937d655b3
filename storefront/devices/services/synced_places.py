"""Keeps the places that KOReader sends, and moves the device's place in the reader with them (decision 149)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.money import BPS
from storefront.checkout.entitlements.services import access_log
from storefront.devices import permissions
from storefront.devices.kosync.messages import Push
from storefront.devices.models import BookMatch, SyncedPlace
from storefront.devices.selectors import book_names, book_places
from storefront.devices.selectors.synced_places import file_of
from storefront.library.selectors.file_digests import KnownFile
from storefront.reading.services import devices, places

MAX_PLACES = 500
# A file that the person says is a book may have other text: a place in it counts only near its share of the whole.
_NEAR_BPS = 500


def push(*, actor: User, push: Push, address: str | None, at: datetime) -> None:
    """Keep a place as it was sent; if its file is one of the person's books, it is the device's place there, too.

    It never moves the furthest place: it may have waited in the device's queue for weeks, and it does not say whether
    the pages before it were read.
    """
    given = _keep(actor, push, at)
    file = file_of(actor, push.document, given)
    if file is not None:
        _move_device(actor, push, file, address=address, at=at)
    elif push.file_name and given.match == BookMatch.NONE:
        _offer(actor, given, push.file_name)


@transaction.atomic
def answer_offer(*, actor: User, place: SyncedPlace, is_theirs: bool) -> None:
    """Note whether the file is the book that was offered. Asked once: an answer stays. Raises NotFound."""
    permissions.require_own_place(actor, place)
    match = BookMatch.ACCEPTED if is_theirs else BookMatch.DECLINED
    SyncedPlace.objects.filter(pk=place.pk, match=BookMatch.OFFERED).update(match=match)


@transaction.atomic
def _keep(actor: User, push: Push, at: datetime) -> SyncedPlace:
    values = {
        "progress": push.progress,
        "percentage": push.percentage,
        "device": push.device,
        "device_id": push.device_id,
        "at": at,
    }
    place, is_new = SyncedPlace.objects.update_or_create(user=actor, document=push.document, defaults=values)
    if is_new:
        oldest = SyncedPlace.objects.filter(user=actor)[MAX_PLACES:]
        SyncedPlace.objects.filter(pk__in=[row.pk for row in oldest]).delete()
    return place


def _move_device(actor: User, push: Push, file: KnownFile, *, address: str | None, at: datetime) -> None:
    work, share_bps = file.edition.work, round(push.percentage * BPS)
    found = book_places.block_of(file, push.progress)
    if found is not None and not file.is_certain and abs(found[2] - share_bps) > _NEAR_BPS:
        found = None
    block, offset, share_bps = found if found is not None else (None, 0, share_bps)
    detail = f"{share_bps // 100} %"
    access_log.record_reading(actor=actor, work=work, detail=detail, fraction_bps=0, address=address, at=at)
    device = devices.ereader(actor, key=_key(push), name=push.device, at=at)
    places.save_last(
        device=device, work=work, edition=file.edition, block=block, offset=offset, share_bps=share_bps, at=at
    )


def _offer(actor: User, given: SyncedPlace, file_name: str) -> None:
    work = book_names.book_named(actor, file_name)
    if work is not None:
        SyncedPlace.objects.filter(pk=given.pk, match=BookMatch.NONE).update(match=BookMatch.OFFERED, work=work)


def _key(push: Push) -> str:
    """Return the key of the device among the person's: its own id may be longer than a key."""
    told = push.device_id or push.device
    return "koreader:" + hashlib.sha256(told.encode()).hexdigest()[:32]
