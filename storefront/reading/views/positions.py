"""The saved position in a book, for the reader's script."""

from __future__ import annotations

import json
from dataclasses import asdict
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
from storefront.reading.models import Locator
from storefront.reading.selectors import books as reading_selectors
from storefront.reading.services import positions as reading_services

_LONGEST_POSITION = 4000
_LONGEST_CHAPTER_ID = 120


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
    address = client_address(request)
    try:
        saved = reading_services.save_position(actor=reader, work=work, at=clock.now(), address=address, **told)
    except NewerPosition as overtaken:
        return JsonResponse({"error": overtaken.text, "place": _kept_place(reader, work)}, status=overtaken.status)
    return JsonResponse({"seen": saved.mark})


def _kept_place(reader: User, work: Work) -> dict[str, Any] | None:
    """Return the saved place, in the edition in which it was saved."""
    position = reading_selectors.position_of(reader, work)
    if position is None:
        return None
    facts = {"chapter": position.chapter_id, "fraction_bps": position.fraction_bps, "seen": position.mark}
    return {**asdict(position.locator), **facts}


def _position(body: bytes) -> dict[str, Any] | None:
    """Parse the position that the script sent; None if it is invalid."""
    if len(body) > _LONGEST_POSITION:
        return None
    try:
        told = json.loads(body)
        fraction_bps, within_bps = told["fraction_bps"], told["within_bps"]
        words = {name: str(told[name]) for name in ("chapter", "cfi", "edition")}
        words |= {name: str(told.get(name, "")) for name in ("words", "seen")}
    except (ValueError, KeyError, TypeError):
        return None
    if type(fraction_bps) is not int or type(within_bps) is not int:
        return None
    if not all(text_cleaning.is_storable(word) for word in words.values()):
        return None
    if not (0 <= fraction_bps <= BPS and 0 <= within_bps <= BPS and 0 < len(words["chapter"]) <= _LONGEST_CHAPTER_ID):
        return None
    return {
        "chapter_id": words["chapter"],
        "fraction_bps": fraction_bps,
        "seen": words["seen"],
        "locator": Locator(words["edition"], within_bps, words["cfi"], words["words"]),
    }
