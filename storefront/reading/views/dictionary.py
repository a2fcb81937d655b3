"""Words of a book in the shop's dictionaries.

Nothing remembers who looked up what: no row, no log line, no cookie. Proxies should not log the address either, as
deploy/nginx.conf does not.
"""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common.limits import rate_limited_by_network
from storefront.reading.dictionaries.lookup import look_up

_MAX_LENGTH = 200
_DAY_S = 24 * 60 * 60


@public_page(max_age=_DAY_S, stale=0)
@require_safe
@rate_limited_by_network("define")
def define(request: HttpRequest) -> JsonResponse:
    """Return what the dictionaries of the language have of a word: an empty list if nothing, or if it is no word."""
    word, language = request.GET.get("word", ""), request.GET.get("language", "")
    found = look_up(word[:_MAX_LENGTH], language[:_MAX_LENGTH])
    return JsonResponse({"found": [asdict(one) for one in found]})
