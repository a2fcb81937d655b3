"""What the address of a list or of a search narrows it by."""

from __future__ import annotations

from django.http import HttpRequest

from storefront.selectors.browse import Filters

_LONGEST = 40
_SINGLE = ("subject", "language", "price", "length", "format")


def filters_of(request: HttpRequest, *, query: str = "") -> Filters:
    """The known filters of the address; anything else counts as not given."""
    if not request.META.get("QUERY_STRING"):
        return Filters(query=query)
    return Filters(
        **{name: request.GET.get(name, "")[:_LONGEST] for name in _SINGLE},
        features=tuple(request.GET.getlist("feature")),
        without=tuple(request.GET.getlist("without")),
        with_adult="adult" in request.GET,
        sort=request.GET.get("sort", ""),
        after=request.GET.get("after", "")[:_LONGEST],
        query=query,
    ).known()
