"""The address at which devices synchronise notes, places and settings (docs/reading.md)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock, limits
from common.body_limits import declared_bytes
from common.client_ip import client_address
from common.middleware import raw_body
from common.same_origin import is_same_origin
from storefront.checkout.guests.views.current_readers import holders_of
from storefront.reading import stamps
from storefront.reading.changes import ChangeError, SyncMessage
from storefront.reading.models import Note, ReaderSetting
from storefront.reading.selectors import sync_answers
from storefront.reading.selectors.anchors import NoteAnchor
from storefront.reading.selectors.mentioned import mentioned_in
from storefront.reading.selectors.sync_answers import BookAnswer, SyncAnswer
from storefront.reading.services import body_versions, edition_maps
from storefront.reading.services import sync as sync_services
from storefront.reading.services.sync_states import PersonLeft
from storefront.reading.sync_messages import MAX_BYTES, InvalidMessage, parse
from storefront.reading.views.told_places import told, told_last

type Json = dict[str, Any]


@csrf_exempt  # a page kept offline has an old token; checked by origin, as for adding to the cart
@limits.counted_as("sync")
@raw_body
@never_cache
@require_POST
def sync(request: VisitorRequest) -> HttpResponse:
    """Apply what a device has written and return what it does not know yet, for one of the request's holders."""
    try:
        actor, message = _read(request, clock.now())
        return JsonResponse(_exchange(actor, message, client_address(request)))
    except _Failed as failed:
        return JsonResponse({"error": failed.error}, status=failed.status)
    except PersonLeft:
        return JsonResponse({"error": "signed_out"}, status=403)


def _exchange(actor: User, message: SyncMessage, address: str | None) -> Json:
    mentioned = mentioned_in(message, actor)
    errors = sync_services.apply(actor=actor, message=message, mentioned=mentioned, at=clock.now(), address=address)
    answer = sync_answers.answer(actor=actor, message=message, mentioned=mentioned)
    for book in answer.books.values():
        if book.edition is not None and book.unmapped:
            edition_maps.ask(book.unmapped, book.edition.pk, at=clock.now())
    return {**_answer(answer), "now": stamps.to_ms(clock.now()), "errors": [_error(error) for error in errors]}


class _Failed(Exception):
    """The whole message is refused; it waits on the device."""

    def __init__(self, error: str, status: int) -> None:
        super().__init__(error)
        self.error, self.status = error, status


def _read(request: VisitorRequest, at: datetime) -> tuple[User, SyncMessage]:
    """Return the message and its person, who must be a holder of this request. Raises _Failed."""
    if not is_same_origin(request):
        raise _Failed("foreign_request", 403)
    holders = {holder.public_id: holder for holder in holders_of(request)}
    if not holders:
        raise _Failed("signed_out", 403)
    if declared_bytes(request) > MAX_BYTES:
        raise _Failed("too_long", 413)
    if request.content_type != "application/json":
        raise _Failed("invalid", 400)
    try:
        message = parse(request.body, at=at)
    except InvalidMessage as error:
        raise _Failed("invalid", 400) from error
    if message.person not in holders:
        raise _Failed("signed_out", 403)
    return holders[message.person], message


def _error(error: ChangeError) -> Json:
    return {"index": error.index, "error": error.error}


def _answer(answer: SyncAnswer) -> Json:
    books = answer.books
    return {
        "cursor": answer.cursor,
        "full": answer.is_full,
        "more": answer.has_more,
        "changes": [*map(_note, answer.notes), *map(_setting, answer.settings)],
        "anchors": {str(uid): _anchor(anchor, book) for book in books.values() for uid, anchor in book.anchors.items()},
        "places": {work_id: _places(book) for work_id, book in books.items() if book.edition is not None},
        "rights": {work_id: "read" if book.is_readable else "gone" for work_id, book in books.items()},
    }


def _note(note: Note) -> Json:
    stamped = note.registers
    latest, other = body_versions.shown(stamped.bodies)
    spot = note.placed
    placed = {"edition": spot.edition, "start": spot.start, "end": spot.end} if spot is not None else None
    return {
        "type": "note",
        "id": str(note.uid),
        "work": note.work.public_id,
        "kind": note.kind,
        "target": {
            "edition": note.edition.public_id,
            "start": [note.start_block, note.start_offset],
            "end": [note.end_block, note.end_offset],
            "page": note.page,
            "exact": note.exact,
            "prefix": note.prefix,
            "suffix": note.suffix,
            "chapter": note.chapter,
        },
        "made_at": stamps.to_ms(note.made_at),
        "fields": {
            "colour": [note.colour, stamped.colour],
            "body": [note.body, latest.stamp],
            "other_body": [note.other_body, other.stamp if other is not None else ""],
            "deleted": [note.deleted_at is not None, stamped.deleted],
            "placed": [placed, stamped.placed],
        },
    }


def _setting(setting: ReaderSetting) -> Json:
    return {"type": "setting", "name": setting.name, "value": json.loads(setting.value), "stamp": setting.stamp}


def _anchor(anchor: NoteAnchor, book: BookAnswer) -> Json:
    edition = book.edition.public_id if book.edition is not None else ""
    facts = {"state": anchor.state.value, "start": anchor.start, "end": anchor.end, "page": anchor.page}
    return {"edition": edition, **facts}


def _places(book: BookAnswer) -> Json:
    found: Json = {"last": None, "furthest": None}
    if book.edition is not None and book.last is not None:
        found["last"] = told_last(*book.last, book.edition)
    if book.edition is not None and book.furthest is not None:
        found["furthest"] = told(*book.furthest, book.edition)
    return found
