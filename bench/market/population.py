"""A simulated market: works, readers who buy them, members who hire each other, cases, and two planted faults.

The faults are a ring, whose accounts buy from the same few authors, and a gap: a subject and language that people
look for and nobody writes in. Books, people and orders are bulk rows; money goes through the ledger's own services,
contracts and cases through theirs, so that what is counted is what the shop would have written.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate

from accounts.models import User
from bench.market import books, members, searches, trade
from bench.market.people import NOW, Size, make_people
from bench.market.trade import Cart
from publishing.models import Edition


@dataclass(slots=True)
class Market:
    """What was made, for those who look for the planted faults."""

    size: Size
    ring_authors: set[int] = field(default_factory=set)
    ring_accounts: set[int] = field(default_factory=set)


def build(size: Size) -> Market:
    """Make the market as it is at NOW."""
    luck = random.Random(size.seed)
    market = Market(size)
    authors = make_people(size.authors, "author", is_author=True)
    readers = make_people(size.readers, "reader")
    editions = books.publish(size, authors, luck)
    market.ring_authors = {author.pk for author in authors[: size.ring_authors]}
    ring_books = [edition for edition in editions if edition.work.owner_id in market.ring_authors]
    others = [edition for edition in editions if edition.work.owner_id not in market.ring_authors]
    ring = make_people(size.ring_accounts, "ring")
    market.ring_accounts = {account.pk for account in ring}
    carts = [*_ring_carts(ring, ring_books, luck)]
    carts += _honest_carts(size.sales - sum(len(cart.books) for cart in carts), readers, others, ring_books, luck)
    trade.sell(sorted(carts, key=lambda cart: cart.at), luck)
    members.hire(size, authors, editions, luck)
    members.moderate(authors, editions, luck)
    searches.search(size, luck)
    return market


def _ring_carts(ring: list[User], ring_books: list[Edition], luck: random.Random) -> Iterator[Cart]:
    """Each account buys a book each of three or all of the authors, and returns none."""
    by_author: dict[int, list[Edition]] = {}
    for book in ring_books:
        by_author.setdefault(book.work.owner_id, []).append(book)
    for account in ring:
        for author in luck.sample(sorted(by_author), min(luck.choice((3, 4, 4)), len(by_author))):
            at = NOW - timedelta(days=luck.randrange(10, 150), seconds=luck.randrange(86_400))
            yield Cart(account, at, (luck.choice(by_author[author]),), is_kept=True)


def _honest_carts(
    count: int, readers: list[User], others: list[Edition], ring_books: list[Edition], luck: random.Random
) -> Iterator[Cart]:
    """Readers return, popular books sell more, and a few readers find the ring's books by chance."""
    popular = list(accumulate((place + 3) ** -0.8 for place in range(len(others))))
    eager = list(accumulate(luck.paretovariate(1.3) for _ in readers))
    left = count
    while left > 0:
        reader = luck.choices(readers, cum_weights=eager)[0]
        first = luck.choices(others, cum_weights=popular)[0] if luck.random() > 0.002 else luck.choice(ring_books)
        wanted = {first}
        if luck.random() < 0.15:
            wanted.add(luck.choices(others, cum_weights=popular)[0])
        currency = books.price_of(first)[0]
        same = tuple(book for book in wanted if books.price_of(book)[0] == currency)[:left]
        yield Cart(reader, _moment(max(book.published_at or NOW for book in same), luck), same)
        left -= len(same)


def _moment(out: datetime, luck: random.Random) -> datetime:
    """Return when a copy is sold: rather soon after the book is out."""
    return out + timedelta(seconds=round((NOW - out).total_seconds() * luck.random() ** 1.5))
