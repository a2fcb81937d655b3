"""Read the filters of a list or a search from the URL."""

from __future__ import annotations

from django.http import HttpRequest

from storefront.catalogue.selectors.browse import Filters

_MAX_LENGTH = 40
_SINGLE = ("subject", "language", "price", "length", "format")


def filters_of(request: HttpRequest, *, query: str = "") -> Filters:
    """Return the known filters of the URL; anything else is ignored."""
    asked = request.GET
    return Filters(
        **{name: asked.get(name, "")[:_MAX_LENGTH] for name in _SINGLE},
        features=tuple(asked.getlist("feature")),
        without=tuple(asked.getlist("without")),
        with_adult="adult" in asked,
        sort=asked.get("sort", ""),
        after=asked.get("after", "")[:_MAX_LENGTH],
        query=query,
    ).known()
