"""Lists of books, narrowed by any facets: each state of the filters is an address.

One statement reads the books of a page and as of which version they stand there. What stands around them is the same
for every page of a list, and is rendered once for all of them.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import regions
from common import clock
from common.addresses import address, addresses
from common.kept.frame import Frame, mark
from common.limits import lightly_limited
from common.recent import Recent
from publishing import thema
from storefront.selectors import browse, cursors, facet_choices
from storefront.selectors import catalogue as catalogue_selectors
from storefront.selectors.browse import CataloguePage, CatalogueRows, Filters
from storefront.selectors.cards import Card
from storefront.views.filters import filters_of
from storefront.views.jsonld import catalogue_jsonld, catalogue_jsonld_around, list_items
from storefront.views.kept import kept_list
from storefront.views.narrowing import Narrowing, met_lately, narrowing
from storefront.views.public import versioned

_TEMPLATE = "storefront/catalogue.html"
_DIFFERS = ("books", "count", "items", "next", "after")  # from page to page of a list
_frames: Recent[tuple[object, ...], Frame] = Recent(most=512 * 1024, size=len)


@require_safe
@lightly_limited("list")
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """All books, narrowed and sorted as the address says."""
    filters = filters_of(request)
    first = replace(filters, after="") if filters.after else filters
    met = met_lately(first)
    if "HTTP_IF_NONE_MATCH" not in request.META and (met or not browse.needs_counts(filters)):
        rows = _rows(filters, met)
        if rows.state is not None:
            version, ever = rows.state.version, catalogue_selectors.languages_ever_on_sale
            narrowed = narrowing(first, version=version, languages=ever)
            return versioned(request, rows.state.name, lambda: _kept_page(request, filters, rows, narrowed))
    shop = catalogue_selectors.shop_state(clock.now())

    def page() -> HttpResponse:
        narrowed = narrowing(first, version=shop.listed.version, languages=lambda: shop.languages)
        return _kept_page(request, filters, _rows(filters, (narrowed.total, narrowed.walked)), narrowed)

    return versioned(request, shop.listed.name, page)


def _rows(filters: Filters, met: tuple[int, int] | None) -> CatalogueRows:
    books, walked = met or (None, None)
    return browse.catalogue_rows(filters, books=books, walked=walked)


def _kept_page(request: HttpRequest, filters: Filters, rows: CatalogueRows, narrowed: Narrowing) -> HttpResponse:
    query = facet_choices.address(filters).removeprefix("?")

    def made() -> HttpResponse:
        page = browse.catalogue_page(rows)
        is_ours = request.META.get("QUERY_STRING", "") == query and _is_ours(filters.after)
        if not page.cards or not is_ours:
            return _whole(request, filters, page, narrowed)
        paths = addresses("book", [card.slug for card in page.cards])
        frame = _frame(request, filters, narrowed, has_more=bool(page.next_cursor))
        values = {
            "books": _books_of(page.cards),
            "count": b"%d" % len(paths),
            "items": list_items(paths).encode(),
            "next": page.next_cursor.encode(),
            "after": filters.after.encode(),
        }
        return HttpResponse(frame.filled(values))

    return kept_list(request, query, (rows.rows, narrowed.told), made)


def _is_ours(after: str) -> bool:
    """Whether it may stand in the place of its mark, where nothing is escaped any more."""
    return not after or cursors.is_given(after)


def _whole(request: HttpRequest, filters: Filters, page: CataloguePage, narrowed: Narrowing) -> HttpResponse:
    paths = addresses("book", [card.slug for card in page.cards])
    jsonld = catalogue_jsonld(paths, name=_heading(filters), path=_path_of(filters))
    books = mark_safe(_books_of(page.cards).decode())  # cards are markup of ours
    facts = {"books": books, "next": page.next_cursor, "jsonld": jsonld}
    return render(request, _TEMPLATE, {**_facts(filters, narrowed), **facts})


def _frame(request: HttpRequest, filters: Filters, narrowed: Narrowing, *, has_more: bool) -> Frame:
    """What stands around the books on any page of the list, at the address that the shop's own links have."""
    any_page = replace(filters, after=mark("after")) if filters.after else filters
    key = any_page, has_more, narrowed.told, regions.current(), request.get_host()
    found = _frames.get(key)
    if found is None:
        facts = {"books": mark("books"), "next": mark("next") if has_more else "", "jsonld": _jsonld_around(filters)}
        asked = _asking(request, facet_choices.address(any_page).removeprefix("?"))
        text = render_to_string(_TEMPLATE, {**_facts(any_page, narrowed), **facts}, asked)
        found = Frame(text, _DIFFERS)
        if not settings.DEBUG:  # a template that is edited is to be seen
            _frames.put(key, found)
    return found


def _asking(request: HttpRequest, query: str) -> HttpRequest:
    """The same request, had it asked with this query."""
    other: Any = copy(request)
    other.META = other.environ = {**request.META, "QUERY_STRING": query}
    other.__dict__.pop("GET", None)
    return other  # type: ignore[no-any-return]


def _facts(filters: Filters, narrowed: Narrowing) -> dict[str, object]:
    return {
        "filters": filters,
        "is_narrower": filters != Filters(subject=filters.subject),
        "heading": _heading(filters),
        "subject_label": thema.label(filters.subject),
        "path": _path_of(filters),
        "narrowing": narrowed,
    }


def _heading(filters: Filters) -> str:
    return str(thema.label(filters.subject) or _("Books"))


def _books_of(cards: list[Card]) -> bytes:
    """The items of the list, each with the way to the reasons of its place where it has one."""
    # Encoded one by one: most are ASCII, and one that is not would have the whole list widened and narrowed again.
    return b"".join([f"<li>{card.html}{_why(card) if card.place else ''}</li>".encode() for card in cards])


def _why(card: Card) -> str:
    facts = {"shelf": "rising", "slug": card.slug, "place": card.place}
    return render_to_string("storefront/ranking/_why.html", facts)


def _jsonld_around(filters: Filters) -> str:
    places = {"count": mark("count"), "items": mark("items")}
    return catalogue_jsonld_around(name=_heading(filters), path=_path_of(filters), **places)


def _path_of(filters: Filters) -> str:
    """The page of the filters' subject, or of all books: what search engines are told of instead of narrower ones."""
    return address("catalogue") + (f"?subject={filters.subject}" if filters.subject else "")


def forget_frames() -> None:
    """For tests, which change settings between two pages."""
    _frames.clear()
