"""Authors whose buyers look like a ring: they buy from a few authors only, and the same ones.

It is no proof: the readers of a trilogy look alike. A person looks before anything is done.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from accounts.models import User
from common.money import divide_half_up
from insight.market.periods import Span
from insight.market.selectors import copies
from insight.market.values import Value
from insight.searches import disclosure

MIN_BUYERS = 10
MIN_BOOKS = 3
MAX_AUTHORS = 4
LIMIT_BPS = 5000
_WINDOW = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class AuthorBuyers:
    """An author with ten or more buyers, and the share of those who bought three or more books by at most four."""

    author: int
    buyers: int
    share_bps: int

    @property
    def is_at_limit(self) -> bool:
        return self.share_bps >= LIMIT_BPS


@dataclass(frozen=True, slots=True)
class PairReaders:
    """Two such authors, and the share of the buyers of either who bought from both."""

    authors: tuple[int, int]
    readers: int
    share_bps: int

    @property
    def is_at_limit(self) -> bool:
        return self.share_bps >= LIMIT_BPS


@dataclass(frozen=True, slots=True)
class Buying:
    """Who bought from whom in a year: all authors with ten or more buyers, and their pairs with shared readers."""

    authors: list[AuthorBuyers]
    pairs: list[PairReaders]


def suspected_authors(span: Span) -> list[Value]:
    """Return how many authors are at the limit or above; `events` is how many have ten or more buyers."""
    authors = buying(span).authors
    return [Value(sum(author.is_at_limit for author in authors), len(authors))]


def suspected_pairs(span: Span) -> list[Value]:
    """Return how many pairs are at the limit or above; `events` is how many share five readers or more."""
    pairs = buying(span).pairs
    return [Value(sum(pair.is_at_limit for pair in pairs), len(pairs))]


def buying(span: Span) -> Buying:
    """Return both lists, the highest shares first."""
    rows = copies.kept(until=span.end, since=span.end - _WINDOW).order_by()
    books: dict[int, set[int]] = defaultdict(set)
    authors: dict[int, set[int]] = defaultdict(set)
    for buyer, work, owner in rows.values_list("order__buyer", "edition__work", "edition__work__owner").distinct():
        books[buyer].add(work)
        authors[buyer].add(owner)
    buyers = Counter(author for few in authors.values() for author in few)
    close = Counter(
        author
        for buyer, few in authors.items()
        if len(books[buyer]) >= MIN_BOOKS and len(few) <= MAX_AUTHORS
        for author in few
    )
    known = {author for author, count in buyers.items() if count >= MIN_BUYERS}
    shared = Counter(pair for few in authors.values() for pair in combinations(sorted(few & known), 2))
    return Buying(
        sorted((AuthorBuyers(one, buyers[one], _bps(close[one], buyers[one])) for one in known), key=_highest_author),
        sorted(
            (
                PairReaders(pair, readers, _bps(readers, sum(buyers[one] for one in pair) - readers))
                for pair, readers in shared.items()
                if disclosure.is_shown(readers)
            ),
            key=_highest_pair,
        ),
    )


def people_of(authors: Iterable[AuthorBuyers], pairs: Iterable[PairReaders]) -> dict[int, User]:
    """Return the authors that the lists name."""
    named = {one.author for one in authors} | {author for pair in pairs for author in pair.authors}
    return User.objects.in_bulk(named)


def _bps(some: int, of: int) -> int:
    return divide_half_up(10_000 * some, of)


def _highest_author(one: AuthorBuyers) -> tuple[int, int]:
    return -one.share_bps, one.author


def _highest_pair(pair: PairReaders) -> tuple[int, tuple[int, int]]:
    return -pair.share_bps, pair.authors
