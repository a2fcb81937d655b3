"""Standing: one's own with its reasons, and for everybody how it is calculated, the program and its inputs."""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from accounts.page_cache import public_page
from accounts.requests import PersonRequest
from common import clock
from common.limits import rate_limited_by_network
from storefront.community import recompute_standing, standing_rules
from storefront.community.selectors import standings

_SCRIPT = Path(recompute_standing.__file__)
_OPEN = {"Access-Control-Allow-Origin": "*"}  # scripts on other sites may read these


@login_required
@never_cache
@require_GET
def own(request: PersonRequest) -> HttpResponse:
    """Show the person's standing, and where the points come from."""
    page = standings.standing_page(request.user, at=clock.now())
    return render(request, "community/standing.html", {"page": page, "rules": standing_rules})


@require_safe
@public_page()
def how(request: HttpRequest) -> HttpResponse:
    """Explain how standing is calculated and what it allows."""
    return render(request, "community/standing_how.html", {"rules": standing_rules})


@require_safe
@rate_limited_by_network("feed")
def inputs(request: HttpRequest) -> HttpResponse:
    """Return what the standing of everybody with a label is calculated from: numbers, without who voted."""
    headers = {**_OPEN, "X-Robots-Tag": "noindex", "Cache-Control": "public, max-age=3600"}
    return JsonResponse(standings.published(clock.now()), headers=headers)


@require_safe
@public_page()
def script(request: HttpRequest) -> HttpResponse:
    """Return the program, for anybody to run."""
    headers = {**_OPEN, "Content-Disposition": 'attachment; filename="recompute_standing.py"'}
    return HttpResponse(_SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)
