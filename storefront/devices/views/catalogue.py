"""The shop for devices and apps: lists of books, their filters, search, samples, and a page that says where to buy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common.limits import rate_limited_by_network
from publishing import thema
from storefront.catalogue.selectors import browse
from storefront.catalogue.selectors.browse import Filters
from storefront.catalogue.selectors.cards import Card
from storefront.catalogue.selectors.facet_choices import Choice, FacetChoices, facet_choices, query_string
from storefront.catalogue.selectors.facet_counts import facet_counts
from storefront.catalogue.views import versions
from storefront.catalogue.views.filters import filters_of
from storefront.devices.opds import atom, json_feed
from storefront.devices.opds.feed import V1, V2, Door, Facet, FacetGroup, Feed, Kind, Publication, Rel
from storefront.devices.selectors import details as selectors
from storefront.devices.views.answers import address, answer, feed_id, here, in_region_of_address, today, ways
from storefront.devices.views.entries import buy_title, offered
from storefront.library.views.files import private_file
from storefront.search.query import MAX_QUERY_LENGTH
from storefront.search.selectors import search as search_selectors

_SAMPLE_AGE = "public, max-age=600"


@require_safe
@in_region_of_address
@public_page(etag=versions.of_listings)
def start(request: HttpRequest, version: str) -> HttpResponse:
    """Return the feed of feeds that the others are reached from."""
    books = address("opds-books", version)
    bestselling = books + query_string(Filters(sort="bestselling"))
    shelf = address("opds-shelf", version)
    doors = (
        Door(feed_id("newest"), _("New books"), books, Kind.ACQUISITION, Rel.NEWEST),
        Door(feed_id("bestselling"), _("Bestselling"), bestselling, Kind.ACQUISITION, Rel.POPULAR),
        Door(feed_id("subjects"), _("By subject"), address("opds-subjects", version), Kind.NAVIGATION),
        Door(feed_id("languages"), _("By language"), address("opds-languages", version), Kind.NAVIGATION),
        # KOReader opens no entry by the relation of shelves, so that stands among the feed's links alone.
        Door(
            feed_id("shelf"),
            _("Your books"),
            shelf,
            Kind.ACQUISITION,
            note=_("What you bought. Needs an app password."),
        ),
    )
    return _doors(version, "start", _("Catalogue"), address("opds-start", version), doors)


@require_safe
@rate_limited_by_network("list")
@in_region_of_address
@public_page(etag=versions.of_listings)
def subjects(request: HttpRequest, version: str) -> HttpResponse:
    """Return the sections in which the shop has books."""
    return _doors(version, "subjects", _("By subject"), here(request), _choices(version, "subject"))


@require_safe
@rate_limited_by_network("list")
@in_region_of_address
@public_page(etag=versions.of_listings)
def languages(request: HttpRequest, version: str) -> HttpResponse:
    """Return the languages in which the shop has books."""
    return _doors(version, "languages", _("By language"), here(request), _choices(version, "language"))


@require_safe
@rate_limited_by_network("list")
@in_region_of_address
@public_page(etag=versions.of_listings)
def books(request: HttpRequest, version: str) -> HttpResponse:
    """Return one page of the books on sale, filtered and sorted as the address says."""
    filters = filters_of(request)
    counts = facet_counts(filters)
    page = browse.catalogue_page(filters, books=counts.total)
    there = address("opds-books", version)
    feed = Feed(
        id=feed_id(f"books{query_string(filters)}"),
        title=str(thema.label(filters.subject) or _("Books")),
        href=_there(there, query_string(filters)),
        updated=today(),
        kind=Kind.ACQUISITION,
        ways=ways(version),
        publications=_entries(page.cards),
        facets=tuple(_facets(there, facet_choices(replace(filters, after=""), counts), has_sorts=True)),
        next_href=there + query_string(filters, after=page.next_cursor) if page.next_cursor else "",
        total=counts.total,
        page_size=browse.PAGE_SIZE,
    )
    return answer(feed, version)


@require_safe
@rate_limited_by_network("search")
@in_region_of_address
@public_page()
def search(request: HttpRequest, version: str) -> HttpResponse:
    """Return one page of the books that match what was typed: `q`, or `query` as OPDS 2.0 calls it."""
    typed = request.GET.get("q", "") or request.GET.get("query", "")
    filters = filters_of(request, query=typed.strip()[:MAX_QUERY_LENGTH])
    results = search_selectors.search(filters)
    there = address("opds-search", version)
    choices = facet_choices(replace(filters, after=""), results.counts)
    feed = Feed(
        id=feed_id(f"search{query_string(filters)}"),
        title=_("Search: %(words)s") % {"words": results.corrected or filters.query},
        href=_there(there, query_string(filters)),
        updated=today(),
        kind=Kind.ACQUISITION,
        ways=ways(version),
        publications=_entries(results.cards),
        facets=tuple(_facets(there, choices, has_sorts=False)) if results.cards or filters.is_filtered else (),
        next_href=there + query_string(filters, after=results.next_cursor) if results.next_cursor else "",
        total=None if results.is_capped else results.count,
        page_size=search_selectors.PAGE_SIZE,
    )
    return answer(feed, version)


@require_safe
@in_region_of_address
@public_page()
def search_description(request: HttpRequest) -> HttpResponse:
    """Return the OpenSearch description, for both versions."""
    templates = {
        atom.TEMPLATE: f"{address('opds-search', V1)}?q={{searchTerms}}",
        json_feed.TYPE: f"{address('opds-search', V2)}?q={{searchTerms}}",
    }
    about = _("Find books by title, author or subject.")
    body = atom.search_description(name=settings.SITE_NAME, about=about, templates=templates)
    return HttpResponse(body, content_type=atom.DESCRIPTION)


@require_safe
@in_region_of_address
@public_page(etag=versions.of_listings)
def buy(request: HttpRequest, slug: str) -> HttpResponse:
    """Say where to buy the book: an e-reader opens this as a book, so it has one address to type elsewhere."""
    offer = selectors.offer(slug)
    if offer is None:
        raise Http404
    there = settings.SITE_URL + reverse("pages:book", args=[slug])
    shown = there.partition("://")[2].rstrip("/")
    return render(
        request, "devices/buy.html", {"offer": offer, "title": buy_title(offer), "address": there, "shown": shown}
    )


@require_safe
@rate_limited_by_network("feed")
def sample(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Return the sample to anybody, as an EPUB. Cached briefly, so that a withdrawn book is gone soon."""
    file = selectors.sample_file(slug)
    if file is None:
        raise Http404
    response = private_file(request, file, f"{slug}-sample.epub", may_redirect=False)
    response["Cache-Control"] = _SAMPLE_AGE
    return response


def _doors(version: str, name: str, title: str, href: str, doors: tuple[Door, ...]) -> HttpResponse:
    feed = Feed(feed_id(name), title, href, today(), Kind.NAVIGATION, ways(version), doors=doors)
    return answer(feed, version)


def _choices(version: str, name: str) -> tuple[Door, ...]:
    """Return the values of one facet as links to their lists."""
    there = address("opds-books", version)
    found = facet_choices(Filters(), facet_counts(Filters()))
    choices = [choice for group in found.groups if group.name == name for choice in group.choices]
    return tuple(
        Door(
            feed_id(f"books{choice.address}"),
            str(choice.label),
            there + choice.address,
            Kind.ACQUISITION,
            count=choice.books,
        )
        for choice in choices
    )


def _entries(cards: list[Card]) -> tuple[Publication, ...]:
    return tuple(offered(offer) for offer in selectors.offers([card.slug for card in cards]))


def _facets(there: str, choices: FacetChoices, *, has_sorts: bool) -> Iterator[FacetGroup]:
    if has_sorts:
        yield FacetGroup(_("Sort by"), tuple(_facet(there, choice) for choice in choices.sorts))
    for group in choices.groups:
        yield FacetGroup(str(group.title), tuple(_facet(there, choice) for choice in group.choices))


def _facet(there: str, choice: Choice) -> Facet:
    return Facet(str(choice.label), _there(there, choice.address), choice.is_chosen, choice.books)


def _there(there: str, query: str) -> str:
    """Return the address with the query string, which is "?" alone where nothing is asked."""
    return there if query == "?" else there + query
