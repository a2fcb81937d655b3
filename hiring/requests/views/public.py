"""How shortlists are made, the program that recomputes one, and the inputs of each."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common.limits import rate_limited_by_network
from hiring.requests import recompute_shortlist
from hiring.requests.models import NEXT_ROUND_AFTER
from hiring.requests.recompute_shortlist import RULES
from hiring.requests.selectors import requests as selectors

_SCRIPT = Path(recompute_shortlist.__file__)


@require_safe
@public_page()
def how(request: HttpRequest) -> HttpResponse:
    """Explain how shortlists are made."""
    context = {"rules": RULES, "hours": int(NEXT_ROUND_AFTER.total_seconds()) // 3600}
    return render(request, "hiring/requests/how.html", context)


@require_safe
@public_page()
def script(request: HttpRequest) -> HttpResponse:
    """Return the program, for anybody to run."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Content-Disposition": 'attachment; filename="recompute_shortlist.py"',
    }
    return HttpResponse(_SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)


@require_safe
@rate_limited_by_network("feed")
def inputs(request: HttpRequest, request_id: str, number: int) -> HttpResponse:
    """Return the inputs of a shortlist to whoever has its address: it names neither the client nor the book."""
    row = selectors.shortlist_of(request_id, number)
    made = recompute_shortlist.shortlist(row.wanted, row.candidates)
    data = recompute_shortlist.to_json(row.wanted, row.candidates, made, made_at=row.made_at.isoformat())
    # The places as they were given, whatever the formula says now.
    given = row.invitations.select_related("offer").order_by("place")
    data["places"] = [{"place": one.place, "offer": one.offer.public_id} for one in given]
    headers = {"X-Robots-Tag": "noindex", "Cache-Control": "private, max-age=60"}
    return JsonResponse(data, headers=headers, json_dumps_params={"indent": 1})
