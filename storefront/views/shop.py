"""The shop's public pages, and the page on which a buyer reviews a book."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import regions
from accounts.countries import country_name
from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.limits import limited
from royalties.errors import NoTermsInForce
from storefront import permissions
from storefront.forms import AmountForm, ReviewForm
from storefront.models import Listing, Review
from storefront.selectors import authors as author_selectors
from storefront.selectors import book as book_selectors
from storefront.selectors import catalogue as catalogue_selectors
from storefront.selectors import completing
from storefront.selectors.front import anything_on_sale, front_page, subject_shelves
from storefront.selectors.shelves import front_shelves
from storefront.services import quotes, tax
from storefront.services import reviews as review_services
from storefront.services.reviews import ReviewNotAllowed
from storefront.views import owners, versions
from storefront.views.jsonld import author_jsonld, book_jsonld, front_jsonld, series_jsonld
from storefront.views.public import public_page


def _rest_of_the_minute() -> int:
    """A turn on the fresh shelf ends with a minute, and nobody is to show it for longer."""
    return 60 - clock.now().second


@require_safe
@public_page(etag=versions.of_front, max_age=_rest_of_the_minute, stale=60)
def front(request: HttpRequest) -> HttpResponse:
    """New books by turns, the ranked shelves, and a shelf for every subject."""
    shop = catalogue_selectors.shop_state(clock.now())
    context = {
        "page": front_page(shop),
        # Asked by the template, where the shop is empty or its fragment is not in the cache.
        "has_books": anything_on_sale,
        "curated": front_shelves,
        "subject_shelves": subject_shelves,
        "version": shop.listed.version,
        "region": regions.current(),
        "turn": shop.turn,
        "jsonld": front_jsonld(),
    }
    return render(request, "storefront/front.html", context)


@require_safe
@public_page(etag=versions.of_book)
def book(request: VisitorRequest, slug: str) -> HttpResponse:
    """Everything about one book, and the button that buys it; for somebody who has it, the way to read."""
    listing = book_selectors.book_listing(slug)
    if listing is None:
        raise Http404
    page = book_selectors.book_page(listing)
    is_owned = bool(owners.owned_works(request, [listing.work_id]))
    context = {"page": page, "jsonld": book_jsonld(page), "tax": _tax_note(), "is_owned": is_owned}
    return render(request, "storefront/book.html", context)


@dataclass(frozen=True, slots=True)
class TaxNote:
    """What a book's page says of tax. `rate` is None while no country is known, `added_in` where it comes on top."""

    rate: tax.TaxRate | None
    added_in: tuple[str, ...]


def _tax_note() -> TaxNote:
    """Of the page's region; of the default one, in which countries tax comes on top of the price, by name."""
    today, country = clock.now().date(), regions.current().country
    if country:
        return TaxNote(tax.rate_for(country=country, at=today), ())
    return TaxNote(None, tuple(country_name(code) for code in tax.countries_that_add(at=today)))


@require_safe
@public_page()
@vary_on_headers("HX-Request")
def net(request: HttpRequest, slug: str) -> HttpResponse:
    """What the author gets when a reader chooses this price: a fragment beside the field, a page without scripts."""
    listing = get_object_or_404(Listing.objects.on_sale().select_related("edition"), slug=slug)
    currency = request.GET.get("currency", settings.DEFAULT_CURRENCY)
    if currency not in settings.CURRENCIES:
        raise Http404
    form = AmountForm(request.GET, currency=currency)
    context: dict[str, object] = {"book": listing, "form": form}
    if form.is_valid():
        context["amount"] = form.chosen
        try:
            context["net"] = quotes.author_net(edition=listing.edition, amount=form.chosen, at=clock.now())
        except NoTermsInForce:
            raise Http404 from None
    template = "storefront/_net.html" if "HX-Request" in request.headers else "storefront/net.html"
    return render(request, template, context)


@require_safe
@public_page()
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """The books of one series in their order."""
    page = book_selectors.series_page(slug, with_adult="adult" in request.GET)
    if page is None:
        raise Http404
    return render(request, "storefront/series.html", {"page": page, "jsonld": series_jsonld(page)})


@never_cache
@require_safe
def series_rest(request: HttpRequest, slug: str) -> HttpResponse:
    """What this reader lacks of the series, and what that costs: a fragment, so that pages vary on nobody."""
    found = completing.series_of(slug)
    user = request.user if isinstance(request.user, User) else None
    rest = completing.shown_rest(found, user=user) if found is not None else None
    if rest is None:
        return HttpResponse()
    return render(request, "storefront/_series_offer.html", {"slug": slug, "rest": rest})


@require_safe
@public_page()
def author(request: HttpRequest, public_id: str) -> HttpResponse:
    """A person and their books."""
    with_adult, after = "adult" in request.GET, request.GET.get("after", "")[:40]
    page = author_selectors.author_page(public_id, with_adult=with_adult, after=after)
    if page is None:
        raise Http404
    return render(request, "storefront/author.html", {"page": page, "after": after, "jsonld": author_jsonld(page)})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("review")
def review(request: PersonRequest, slug: str) -> HttpResponse:
    """Write, change or withdraw one's review of a bought book; withdrawing needs nothing but that it is one's own."""
    listing = get_object_or_404(Listing.objects.select_related("work"), slug=slug)
    work = listing.work
    mine = Review.objects.filter(work=work, user=request.user).first()
    may_write = permissions.may_review(request.user, work)
    if mine is None and not listing.is_on_sale:
        raise Http404
    if mine is None and not may_write:
        raise ReviewNotAllowed
    after = redirect("book", slug) if listing.is_on_sale else redirect("library")
    if request.POST.get("act") == "withdraw":
        review_services.withdraw_review(actor=request.user, work=work)
        messages.success(request, _("Your review is withdrawn."))
        return after
    initial = {"stars": mine.stars, "title": mine.title, "body": mine.body} if mine else {}
    form = ReviewForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        review_services.write_review(actor=request.user, work=work, at=clock.now(), **form.cleaned_data)
        return after
    facts = {"form": form, "listing": listing, "mine": mine, "may_write": may_write}
    return render(request, "storefront/review.html", facts)
