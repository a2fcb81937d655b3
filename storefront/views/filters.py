"""What the address of a list or of a search narrows it by."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, QueryDict

from storefront.selectors.browse import Filters

_LONGEST = 40
_LONGEST_KEPT = 1000  # all facets at once take some 300
_SINGLE = ("subject", "language", "price", "length", "format")


def filters_of(request: HttpRequest, *, query: str = "") -> Filters:
    """The known filters of the address; anything else counts as not given."""
    text = request.META.get("QUERY_STRING", "")
    return _kept(text, query) if len(text) < _LONGEST_KEPT else _filters(text, query)


@lru_cache(maxsize=256)
def _kept(text: str, query: str) -> Filters:
    return _filters(text, query)


def _filters(text: str, query: str) -> Filters:
    asked = QueryDict(text)
    return Filters(
        **{name: asked.get(name, "")[:_LONGEST] for name in _SINGLE},
        features=tuple(asked.getlist("feature")),
        without=tuple(asked.getlist("without")),
        with_adult="adult" in asked,
        sort=asked.get("sort", ""),
        after=asked.get("after", "")[:_LONGEST],
        query=query,
    ).known()
