"""Public pages: find people, an offer, what a person offers."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from accounts.requests import VisitorRequest
from common import clock
from common.errors import NotFound
from common.limits import rate_limited_by_network
from hiring.offers import permissions, selectors
from hiring.offers.forms import OfferSearch
from hiring.offers.models import PriceKind
from hiring.reviews import selectors as review_selectors
from hiring.service_kinds import TEXT_KINDS, ServiceKind

_PAGE = 24
_MAX_REVIEWS = 50  # on a person's page, the newest ones


@require_safe
@rate_limited_by_network("list")
@public_page()
def search(request: HttpRequest) -> HttpResponse:
    """List offers by kind, language, genre, price and free places."""
    form = OfferSearch(request.GET)
    wanted, today = form.wanted, clock.now().date()
    pages = Paginator(selectors.found_offers(wanted, today=today), _PAGE)
    page = pages.get_page(request.GET.get("page", "1"))
    words = wanted.words if wanted.budget_minor is not None or form.cleaned_data.get("words") else 0
    is_too_dear = wanted.budget_minor is not None and not page.object_list
    context = {
        "form": form,
        "page": page,
        "cards": selectors.offer_cards(list(page.object_list), words=words, today=today),
        "kinds": selectors.counts_by_kind(),
        "kind": ServiceKind(wanted.kind) if wanted.kind else None,
        "is_filtered": any(request.GET.get(name) for name in form.fields if name not in {"kind", "order", "currency"}),
        "is_translation": wanted.kind == ServiceKind.TRANSLATION,
        "is_of_text": not wanted.kind or wanted.kind in TEXT_KINDS,
        "words": words,
        "elsewhere": selectors.currencies_found(wanted, today=today) if is_too_dear else [],
        "is_long_assumed": is_too_dear and not form.cleaned_data.get("words"),
        "usual_words": selectors.USUAL_WORDS,
        "is_gallery": bool(wanted.kind) and wanted.kind not in TEXT_KINDS,
    }
    return render(request, "hiring/offers/search.html", context)


@never_cache
@require_safe
def offer(request: VisitorRequest, offer_id: str) -> HttpResponse:
    """Show an offer. Its provider sees it in every state, as it will look."""
    found = selectors.offer_by_public_id(offer_id)
    if not permissions.may_see(request.user, found):
        raise NotFound
    context = {
        "page": selectors.offer_page(found, today=clock.now().date()),
        "offer": found,
        "is_own": permissions.owns(request.user, found),
        "is_by_words": found.price_kind == PriceKind.WORDS,
        "usual_price": found.price_for(selectors.USUAL_WORDS),
        "usual_words": selectors.USUAL_WORDS,
    }
    return render(request, "hiring/offers/offer.html", context)


@never_cache
@require_safe
def picture(request: VisitorRequest, offer_id: str, sample_id: str) -> HttpResponse:
    """Show a picture of an offer at full size, between the others."""
    found = selectors.offer_by_public_id(offer_id)
    if not permissions.may_see(request.user, found):
        raise NotFound
    today = clock.now().date()
    context = {
        "page": selectors.picture_page(found, sample_id),
        "card": selectors.offer_cards([found], today=today)[0],
        "is_own": permissions.owns(request.user, found),
    }
    return render(request, "hiring/offers/picture.html", context)


@require_safe
@rate_limited_by_network("list")
@public_page()
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what a person offers, with the books that credit them."""
    now = clock.now()
    found = selectors.person_page(public_id, today=now.date())
    if found is None:
        raise Http404
    context = {
        "page": found,
        "summary": review_selectors.summaries([found.person.pk], now, by_clients=True)[found.person.pk],
        "reviews": review_selectors.shown_about(found.person, now, by_clients=True)[:_MAX_REVIEWS],
    }
    return render(request, "hiring/offers/person.html", context)


@require_safe
@public_page()
def fragment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the services of a person for their author page; nothing if they offer none."""
    found = selectors.services_of(public_id, today=clock.now().date())
    return render(request, "hiring/offers/_services.html", {"services": found, "public_id": public_id})
