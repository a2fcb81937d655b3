"""The saved position in a book, for the reader's script."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock, text_cleaning
from common.client_ip import client_address
from common.middleware import raw_body
from common.money import BPS
from publishing.models import Work
from storefront.checkout import permissions
from storefront.checkout.guests.views.current_readers import holders_of
from storefront.reading.errors import NewerPosition
from storefront.reading.selectors import books as reading_selectors
from storefront.reading.selectors import chapter_places
from storefront.reading.services import positions as reading_services

_LONGEST_POSITION = 4000
_LONGEST_CHAPTER_ID = 120
_LONGEST_WORDS = 200


@raw_body
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def position(request: VisitorRequest, slug: str) -> HttpResponse:
    """Return the saved position, for a tab that comes to the front; or save one, as {"chapter", "within_bps",
    "fraction_bps", "cfi", "words", "edition", "seen"}. Respond 409 if another device has saved a position further on
    that the tab did not know of.
    """
    work = Work.objects.filter(slug=slug).first()
    reader = next((one for one in holders_of(request) if work is not None and permissions.may_read(one, work)), None)
    if work is None or reader is None:
        raise Http404
    if request.method != "POST":
        return JsonResponse({"place": _kept_place(reader, work)})
    told = _position(request.body) if request.content_type == "application/json" else None
    if told is None:
        return JsonResponse({"error": "position"}, status=400)
    try:
        seen = _save(request, reader, work, told)
    except NewerPosition as overtaken:
        return JsonResponse({"error": overtaken.text, "place": _kept_place(reader, work)}, status=overtaken.status)
    return JsonResponse({"seen": seen})


def _save(request: VisitorRequest, reader: User, work: Work, told: dict[str, Any]) -> str:
    reading = reading_selectors.whole_book(work, told["edition"]) if told["edition"] else None
    found = chapter_places.block_at(reading.book, told["chapter"], told["within_bps"]) if reading is not None else None
    block, offset = found or (None, 0)
    return reading_services.save_position(
        actor=reader,
        work=work,
        edition=reading.edition if reading is not None else None,
        block=block,
        offset=offset,
        page="" if told["cfi"].startswith("epubcfi(") else told["cfi"],
        words=told["words"][:_LONGEST_WORDS],
        share_bps=told["fraction_bps"],
        detail=told["chapter"],
        seen=told["seen"],
        address=client_address(request),
        at=clock.now(),
    )


def _kept_place(reader: User, work: Work) -> dict[str, Any] | None:
    """Return the saved place, in the edition in which it was saved."""
    position = reading_selectors.position_of(reader, work)
    if position is None:
        return None
    edition_id = position.edition.public_id if position.edition is not None else ""
    reading = reading_selectors.whole_book(work, edition_id)
    place = reading_selectors.place_of(position, reading) if reading is not None else None
    return {
        "edition": edition_id,
        "chapter": place.chapter_id if place is not None else "",
        "within_bps": place.within_bps if place is not None else 0,
        "words": place.words if place is not None else "",
        "cfi": position.page,
        "fraction_bps": position.share_bps,
        "seen": position.mark,
    }


def _position(body: bytes) -> dict[str, Any] | None:
    """Parse the position that the script sent; None if it is invalid."""
    if len(body) > _LONGEST_POSITION:
        return None
    try:
        told = json.loads(body)
        numbers = {name: told[name] for name in ("fraction_bps", "within_bps")}
        words = {name: str(told[name]) for name in ("chapter", "cfi", "edition")}
        words |= {name: str(told.get(name, "")) for name in ("words", "seen")}
    except (ValueError, KeyError, TypeError):
        return None
    if not all(type(number) is int and 0 <= number <= BPS for number in numbers.values()):
        return None
    if not all(text_cleaning.is_storable(word) for word in words.values()):
        return None
    if not 0 < len(words["chapter"]) <= _LONGEST_CHAPTER_ID or len(words["cfi"]) > _LONGEST_POSITION:
        return None
    return {**words, **numbers}
