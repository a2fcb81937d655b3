"""What the address of a list or of a search narrows it by."""

from __future__ import annotations

from django.http import HttpRequest

from storefront.catalogue.selectors.browse import Filters

_LONGEST = 40
_SINGLE = ("subject", "language", "price", "length", "format")


def filters_of(request: HttpRequest, *, query: str = "") -> Filters:
    """The known filters of the address; anything else counts as not given."""
    asked = request.GET
    return Filters(
        **{name: asked.get(name, "")[:_LONGEST] for name in _SINGLE},
        features=tuple(asked.getlist("feature")),
        without=tuple(asked.getlist("without")),
        with_adult="adult" in asked,
        sort=asked.get("sort", ""),
        after=asked.get("after", "")[:_LONGEST],
        query=query,
    ).known()
