"""The shop's public pages, and the page on which a buyer reviews a book."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from common import clock
from publishing import thema
from royalties.errors import NoTermsInForce
from storefront import permissions
from storefront.forms import AmountForm, ReviewForm
from storefront.models import Listing, Review
from storefront.selectors import book as book_selectors
from storefront.selectors import browse
from storefront.selectors import catalogue as catalogue_selectors
from storefront.selectors import search as search_selectors
from storefront.services import quotes
from storefront.services import reviews as review_services
from storefront.services.reviews import ReviewNotAllowed
from storefront.views.jsonld import book_jsonld
from storefront.views.narrowing import narrowing, shelves
from storefront.views.public import publicly, versioned


@require_safe
def front(request: HttpRequest) -> HttpResponseBase:
    """New books, bestsellers, a featured one and a shelf for every subject."""
    version = catalogue_selectors.version()

    def page() -> HttpResponse:
        on_shelves = shelves(version=version, language=get_language())
        facts = {"page": catalogue_selectors.front_page(), "shelves": on_shelves}
        return render(request, "storefront/front.html", facts)

    return versioned(request, version, page)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """All books, narrowed by any facets, sorted; each state of the filters is an address."""
    version = catalogue_selectors.version()
    asked = {name: request.GET.get(name, "")[:40] for name in ("subject", "language", "price", "length", "format")}
    filters = browse.Filters(
        **asked,
        features=tuple(request.GET.getlist("feature")),
        without=tuple(request.GET.getlist("without")),
        with_adult="adult" in request.GET,
        sort=request.GET.get("sort", ""),
        after=request.GET.get("after", "")[:40],
    ).known()

    def page() -> HttpResponse:
        narrowed = narrowing(replace(filters, after=""), version=version, language=get_language())
        facts = {
            "filters": filters,
            "page": browse.catalogue_page(filters, books=narrowed.total),
            "narrowing": narrowed,
            "subject_label": thema.label(filters.subject),
        }
        return render(request, "storefront/catalogue.html", facts)

    return versioned(request, version, page)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Books that fit some words."""
    query = request.GET.get("q", "").strip()[:200]
    start = request.GET.get("start", "")
    results = search_selectors.search(
        query,
        start=int(start) if start.isdecimal() and len(start) < 5 else 0,
        with_adult="adult" in request.GET,
    )
    return publicly(render(request, "storefront/search.html", {"results": results}))


@require_safe
def book(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Everything about one book, and the button that buys it."""
    listing = book_selectors.book_listing(slug)
    if listing is None:
        raise Http404

    def page() -> HttpResponse:
        shown = book_selectors.book_page(listing)
        return render(request, "storefront/book.html", {"page": shown, "jsonld": book_jsonld(shown)})

    return versioned(request, listing.version, page)  # type: ignore[attr-defined]


@require_safe
def net(request: HttpRequest, slug: str) -> HttpResponse:
    """What the author gets when a reader chooses this price: a fragment beside the field, a page without scripts."""
    listing = get_object_or_404(Listing.objects.on_sale().select_related("edition"), slug=slug)
    currency = request.GET.get("currency", settings.DEFAULT_CURRENCY)
    if currency not in settings.CURRENCIES:
        raise Http404
    form = AmountForm(request.GET, currency=currency)
    context: dict[str, object] = {"book": listing, "form": form}
    if form.is_valid():
        context["amount"] = form.amount
        try:
            context["net"] = quotes.author_net(edition=listing.edition, amount=form.amount, at=clock.now())
        except NoTermsInForce:
            raise Http404 from None
    template = "storefront/_net.html" if "HX-Request" in request.headers else "storefront/net.html"
    response = publicly(render(request, template, context))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """The books of one series in their order."""
    page = book_selectors.series_page(slug)
    if page is None:
        raise Http404
    return publicly(render(request, "storefront/series.html", {"page": page}))


@require_safe
def author(request: HttpRequest, public_id: str) -> HttpResponse:
    """A person and their books."""
    page = book_selectors.author_page(public_id)
    if page is None:
        raise Http404
    return publicly(render(request, "storefront/author.html", {"page": page}))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PersonRequest, slug: str) -> HttpResponse:
    """Write, change or withdraw one's review of a bought book."""
    listing = get_object_or_404(Listing.objects.on_sale().select_related("work"), slug=slug)
    work = listing.work
    if not permissions.may_review(request.user, work):
        raise ReviewNotAllowed
    if request.POST.get("act") == "withdraw":
        review_services.withdraw_review(actor=request.user, work=work)
        messages.success(request, _("Your review is withdrawn."))
        return redirect("book", slug)
    mine = Review.objects.filter(work=work, user=request.user).first()
    initial = {"stars": mine.stars, "title": mine.title, "body": mine.body} if mine else {}
    form = ReviewForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        review_services.write_review(actor=request.user, work=work, at=clock.now(), **form.cleaned_data)
        return redirect("book", slug)
    return render(request, "storefront/review.html", {"form": form, "listing": listing, "mine": mine})
