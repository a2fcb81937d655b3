"""The lists of all authors and series."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from storefront.catalogue.views.bundle_list import _MAX_CURSOR_LENGTH
from storefront.search.selectors import directories

_MAX_QUERY_LENGTH = 100


class Kind(NamedTuple):
    """What a list is of: its words, and the names of its view and of the view of one of its names."""

    heading: Promise
    lead: Promise
    list_view: str
    name_view: str


_KINDS = {
    "authors": Kind(
        _("Authors"),
        _("All authors with books on sale, most books first."),
        list_view="search:author-list",
        name_view="pages:author",
    ),
    "series": Kind(
        pgettext_lazy("several", "Series"),
        _("Books to read in order, longest series first."),
        list_view="search:series-list",
        name_view="pages:series",
    ),
}


@require_safe
@public_page()
def people(request: HttpRequest, kind: str) -> HttpResponse:
    """List authors or series, optionally by words of their names. Each state has its own URL."""
    query = request.GET.get("q", "").strip()[:_MAX_QUERY_LENGTH]
    after = request.GET.get("after", "")[:_MAX_CURSOR_LENGTH]
    page = directories.directory(kind, query=query, after=after)
    context = {"page": page, "kind": _KINDS[kind], "query": query, "after": after}
    return render(request, "search/directory.html", context)
