"""The public pages about rankings: how they are calculated, their inputs, and why each book has its place."""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from accounts.requests import PersonRequest
from common import clock
from common.limits import rate_limited_by_network
from publishing import permissions as publishing_permissions
from publishing.views.loading import load_work
from storefront.catalogue import recompute_ranking, vote_rules
from storefront.catalogue.recompute_ranking import RULES
from storefront.catalogue.selectors import fresh as fresh_selectors
from storefront.catalogue.selectors import ranking as ranking_selectors
from storefront.catalogue.selectors import shop_state as catalogue_selectors
from storefront.catalogue.views import versions

_SCRIPT = Path(recompute_ranking.__file__)
# Scripts on other sites may read these.
_OPEN = {"Access-Control-Allow-Origin": "*"}


@require_safe
@public_page(etag=versions.of_front)
def overview(request: HttpRequest) -> HttpResponse:
    """Explain the formulas and the limit on unverified votes."""
    shop = catalogue_selectors.shop_state(clock.now())
    context = {
        "snapshot": ranking_selectors.newest(),
        "turn": shop.turn,
        "rules": RULES,
        "guaranteed": RULES.fresh_days * RULES.fresh_turns_a_day,
        "least_paid": vote_rules.MIN_PAID_MINOR,
        "votes_a_month": vote_rules.VOTES_A_MONTH,
        "other_authors": vote_rules.MIN_OTHER_AUTHORS,
        "standing_days": vote_rules.MIN_ACCOUNT_AGE.days,
    }
    return render(request, "catalogue/ranking/overview.html", context)


def _inputs_version(request: HttpRequest) -> str | None:
    snapshot = ranking_selectors.newest()
    if snapshot is None:
        return None
    return "-".join([str(snapshot.pk), *(one.day.isoformat() for one in ranking_selectors.planned_days(clock.now()))])


@require_safe
@rate_limited_by_network("feed")
@public_page(etag=_inputs_version)
def inputs(request: HttpRequest) -> HttpResponseBase:
    """Return all inputs of the current ranking; 404 before the first one."""
    snapshot = ranking_selectors.newest()
    if snapshot is None:
        raise Http404
    lines = ranking_selectors.ranking_inputs(snapshot, ranking_selectors.fresh_inputs(clock.now()))
    return StreamingHttpResponse(lines, content_type="application/json", headers=_OPEN)


@require_safe
@public_page()
def script(request: HttpRequest) -> HttpResponse:
    """Return the ranking script, for anybody to run."""
    headers = {**_OPEN, "Content-Disposition": 'attachment; filename="recompute_ranking.py"'}
    return HttpResponse(_SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)


@require_safe
@public_page()
def place(request: HttpRequest, shelf: str, slug: str) -> HttpResponse:
    """Explain one place: the numbers behind it."""
    page = ranking_selectors.place_page(shelf, slug)
    if page is None:
        raise Http404
    return render(request, "catalogue/ranking/place.html", {"page": page, "rules": RULES})


@require_safe
@public_page()
def fresh(request: HttpRequest, slug: str) -> HttpResponse:
    """Explain why a new book is on the front page: its turns of the day."""
    page = fresh_selectors.fresh_place(slug, clock.now())
    if page is None:
        raise Http404
    return render(request, "catalogue/ranking/fresh.html", {"page": page, "rules": RULES})


@login_required
@never_cache
@require_safe
def turns(request: PersonRequest, work_id: str) -> HttpResponse:
    """Return a fragment for the desk: a work's past and coming turns, for its contributors."""
    work = load_work(request, work_id, publishing_permissions.require_see)
    found = fresh_selectors.turns_of_book(work, clock.now())
    return render(request, "catalogue/ranking/_turns.html", {"turns": found})
