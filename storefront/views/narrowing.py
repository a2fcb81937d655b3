"""What narrows a list, as markup: the links of all facets with their counts, the orders, the filters in force; and the
front page's shelves.

Both are the same for every visitor until the catalogue changes, and take longer to render than the rest of their pages:
each web process keeps what it rendered last, under the catalogue's version.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts import regions
from accounts.regions import Region
from common.addresses import address
from common.recent import Recent
from storefront.facets import is_in
from storefront.selectors.browse import Filters
from storefront.selectors.facet_choices import facet_choices
from storefront.selectors.facet_counts import facet_counts
from storefront.selectors.front import subject_shelves

_KEPT_REGIONS = 8
_narrowings: Recent[tuple[Filters, int, Region], Narrowing] = Recent(most=64, size=lambda _: 1)  # some 10 kB each
_met: Recent[Filters, tuple[int, int]] = Recent(most=1024, size=lambda _: 1)


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
    """`total` is how many books fit, among `walked`. `feed` is the address of the feed that comes closest."""

    total: int
    walked: int
    facets: SafeString
    orders: SafeString
    feed: str

    @cached_property
    def told(self) -> bytes:
        """A digest of all it says."""
        return _digest(f"{self.total} {self.feed} {self.facets}{self.orders}")


def narrowing(filters: Filters, *, version: int, languages: Callable[[], Collection[str]]) -> Narrowing:
    """For known filters of a list's first page, the active region and this version of the catalogue. `languages` tells
    the tags of what was ever on sale, and is asked only where that is not known yet."""
    key = filters, version, regions.current()
    found = _narrowings.get(key)
    if found is None:
        found = _narrowed(filters, languages() if filters.language else ())
        _narrowings.put(key, found)
        _met.put(filters, (found.total, found.walked))
    return found


def met_lately(filters: Filters) -> tuple[int, int] | None:
    """How many books fit known filters of a first page, and among how many, when this process last counted them: near
    enough to choose the way to a page. None where it never did."""
    return _met.get(filters)


def _narrowed(filters: Filters, languages: Collection[str]) -> Narrowing:
    counts = facet_counts(filters, languages=languages)
    choices = {"choices": facet_choices(filters, counts)}
    return Narrowing(
        total=counts.total,
        walked=counts.walked,
        facets=render_to_string("storefront/_facets.html", choices),
        orders=render_to_string("storefront/_orders.html", choices),
        feed=_feed_of(filters, languages),
    )


def _feed_of(filters: Filters, languages: Collection[str]) -> str:
    if filters.subject:
        return address("feed-subject", filters.subject, "atom")
    if filters.language and any(is_in(tag, filters.language) for tag in languages):
        return address("feed-language", filters.language, "atom")
    return address("feed-newest", "atom")


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


def forget_narrowings() -> None:
    """For tests, each of which has a shop of its own."""
    _narrowings.clear()
    _met.clear()
    shelves.cache_clear()
