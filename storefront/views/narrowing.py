"""What narrows a list, as markup: the links of all facets with their counts, the orders, the filters in force; and the
front page's shelves.

Both are the same for every visitor until the catalogue changes, and take longer to render than the rest of their pages:
each web process keeps what it rendered last, under the catalogue's version.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.regions import Region
from storefront.selectors.browse import Filters
from storefront.selectors.facet_choices import facet_choices
from storefront.selectors.facet_counts import facet_counts
from storefront.selectors.front import subject_shelves

_KEPT = 64  # lists; some 10 kB each
_KEPT_REGIONS = 8


@dataclass(frozen=True)
class Shelves:
    markup: SafeString

    @cached_property
    def told(self) -> bytes:
        """A digest of all they say."""
        return _digest(self.markup)


@lru_cache(maxsize=_KEPT_REGIONS)
def shelves(*, version: int, region: Region) -> Shelves:
    """The front page's shelves of subjects, for the active region, which `region` names."""
    found = subject_shelves()
    return Shelves(render_to_string("storefront/_shelves.html", {"shelves": found}) if found else SafeString())


@dataclass(frozen=True)
class Narrowing:
    """`total` is how many books fit, among `walked`."""

    total: int
    walked: int
    facets: SafeString
    orders: SafeString

    @cached_property
    def told(self) -> bytes:
        """A digest of all it says."""
        return _digest(f"{self.total} {self.facets}{self.orders}")


@lru_cache(maxsize=_KEPT)
def narrowing(filters: Filters, *, languages: tuple[str, ...], version: int, region: Region) -> Narrowing:
    """For known filters of a list's first page, for the active region, which `region` names. `languages` are the tags
    of what was ever on sale."""
    counts = facet_counts(filters, languages=languages)
    choices = {"choices": facet_choices(filters, counts)}
    return Narrowing(
        total=counts.total,
        walked=counts.walked,
        facets=render_to_string("storefront/_facets.html", choices),
        orders=render_to_string("storefront/_orders.html", choices),
    )


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()
