"""What narrows a list, as markup: the links of all facets with their counts, the orders, the filters in force; and the
front page's shelves.

Both are the same for every visitor until the catalogue changes, and take longer to render than the rest of their pages:
each web process keeps what it rendered last, under the catalogue's version.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.regions import Region
from storefront.selectors.browse import Filters
from storefront.selectors.facet_choices import facet_choices
from storefront.selectors.facet_counts import facet_counts
from storefront.selectors.front import subject_shelves

_KEPT = 64  # lists; some 10 kB each
_KEPT_REGIONS = 8


@lru_cache(maxsize=_KEPT_REGIONS)
def shelves(*, version: int, region: Region) -> SafeString:
    """The front page's shelves of subjects, for the active region, which `region` names."""
    return render_to_string("storefront/_shelves.html", {"shelves": subject_shelves()})


@dataclass(frozen=True, slots=True)
class Narrowing:
    """`total` is how many books fit."""

    total: int
    facets: SafeString
    orders: SafeString


@lru_cache(maxsize=_KEPT)
def narrowing(filters: Filters, *, version: int, region: Region) -> Narrowing:
    """For known filters of a list's first page, for the active region, which `region` names."""
    counts = facet_counts(filters)
    choices = {"choices": facet_choices(filters, counts)}
    return Narrowing(
        total=counts.total,
        facets=render_to_string("storefront/_facets.html", choices),
        orders=render_to_string("storefront/_orders.html", choices),
    )
