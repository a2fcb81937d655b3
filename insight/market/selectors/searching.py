"""What people searched for and did not find, out of the published sheet of each week (`insight.searches`)."""

from __future__ import annotations

from collections.abc import Iterator

from insight.market.periods import Span
from insight.market.selectors.cells import search_cell
from insight.market.values import Value, share
from insight.searches import selectors as searches
from insight.searches.selectors import Gap
from insight.searches.selectors.figures import demand


def filled(span: Span) -> list[Value]:
    """Return the share of searches for books after which a book was looked at."""
    found = searches.search_fill(span.first)
    return [share(found.opened, found.searches)]


def found_little(span: Span) -> list[Value]:
    """Return for each cell the share of its searchers who found fewer than five books or offers."""
    return [share(gap.found_little, gap.people, _cell(gap)) for gap in _all(span)]


def gaps(span: Span) -> list[Value]:
    """Return for each cell how many people found fewer than five; those without such people are left out."""
    return [Value(gap.found_little, gap.people, _cell(gap)) for gap in _all(span) if gap.found_little]


def _all(span: Span) -> Iterator[Gap]:
    for is_of_services in (False, True):
        yield from demand(span.first, services=is_of_services)


def _cell(gap: Gap) -> str:
    return search_cell(gap.service, gap.subject, gap.language)
