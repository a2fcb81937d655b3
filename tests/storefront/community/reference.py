"""Who counts how, said once more in plain Python, to hold the statement of `storefront.community.selectors.votes`
against; and a shop of the mind to try rings on."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from storefront.catalogue.recompute_ranking import RULES, Book, Count, Day
from storefront.catalogue.vote_rules import (
    MIN_ACCOUNT_AGE,
    MIN_OTHER_AUTHORS,
    MIN_PAID_MINOR,
    VOTE_WINDOW,
    VOTES_A_MONTH,
)


@dataclass(frozen=True)
class Title:
    slug: str
    author: str
    published: date
    pen_name: str = ""  # one that its author keeps off their page

    @property
    def proves(self) -> bool:
        return not self.pen_name


@dataclass(frozen=True)
class Purchase:
    """`stars` is the buyer's review, written on `reviewed_on`; 0 for none."""

    account: str
    title: Title
    at: datetime
    paid_minor: int = 499
    stars: int = 0
    reviewed_on: date | None = None
    is_kept: bool = True


def count(purchases: Iterable[Purchase], *, today: date, verified: set[str]) -> dict[str, Book]:
    """The public votes by book. Titles sort like their primary keys would: by slug."""
    until = datetime.combine(today, time(), UTC)
    copies = [
        one
        for one in purchases
        if until - VOTE_WINDOW <= one.at < until
        and one.is_kept
        and one.paid_minor >= MIN_PAID_MINOR
        and one.account != one.title.author
    ]
    copies.sort(key=lambda one: (one.at, one.title.slug))
    sellers = {one.title.author for one in copies if one.title.proves} & verified
    needed = min(MIN_OTHER_AUTHORS, max(0, len(sellers) - 1))
    since: dict[str, datetime] = {}
    authors: dict[str, set[str]] = defaultdict(set)
    for one in copies:
        since.setdefault(one.account, one.at)
        if one.title.proves:
            authors[one.account] |= {one.title.author} & verified
    seen: set[tuple[str, str, str, int, int]] = set()
    in_month: Counter[tuple[str, int, int]] = Counter()
    votes: list[tuple[Purchase, bool]] = []
    for one in copies:
        month = (one.at.year, one.at.month)
        name = (one.account, one.title.author, one.title.pen_name, *month)
        if name in seen:
            continue
        seen.add(name)
        in_month[one.account, *month] += 1
        if in_month[one.account, *month] > VOTES_A_MONTH:
            continue
        own = 0 if one.title.proves and one.title.author not in verified else 1
        is_proved = needed == 0 or len(authors[one.account]) - own >= needed
        votes.append((one, since[one.account] <= until - MIN_ACCOUNT_AGE and is_proved))
    return {title.slug: _book(title, votes, today) for title in {one.title for one, _ in votes}}


def count_everything(purchases: Iterable[Purchase], *, today: date) -> dict[str, Book]:
    """The negative control: every copy and every review counts in full."""
    votes = [(one, True) for one in purchases if one.at.date() < today]
    return {title.slug: _book(title, votes, today) for title in {one.title for one, _ in votes}}


def _book(title: Title, votes: list[tuple[Purchase, bool]], today: date) -> Book:
    copies: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    praise: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    stars = [[0, 0] for _ in range(5)]
    first = today - timedelta(days=RULES.selling_days)
    for one, is_proved in votes:
        if one.title != title:
            continue
        place = 0 if is_proved else 1
        if one.at.date() >= first:
            copies[one.at.date()][place] += 1
        if one.stars and one.reviewed_on is not None and one.reviewed_on < today:
            stars[one.stars - 1][place] += 1
            if one.stars >= RULES.praise_stars and one.reviewed_on >= first:
                praise[one.reviewed_on][place] += 1
    days = tuple(
        Day(day, Count(*copies.get(day, (0, 0))), Count(*praise.get(day, (0, 0)))) for day in sorted({*copies, *praise})
    )
    a, b, c, d, e = (Count(*numbers) for numbers in stars)
    return Book(title.slug, title.published, days, (a, b, c, d, e))


@dataclass(frozen=True)
class World:
    today: date
    titles: list[Title]
    verified: set[str]
    purchases: list[Purchase]


def honest_shop(seed: int, *, readers: int = 1500, authors: int = 80, books: int = 400) -> World:
    """A year of a shop: some books sell a lot, most a little; a third of the readers came in the last month."""
    chance = random.Random(seed)
    today = date(2026, 11, 24)
    names = [f"author-{number}" for number in range(authors)]
    titles = [
        Title(f"book-{number:04}", chance.choice(names), today - timedelta(days=chance.randrange(1, 200)))
        for number in range(books)
    ]
    appeal = [1 / (1 + number) ** 0.8 for number in range(books)]
    purchases = []
    for number in range(readers):
        came = chance.choice([chance.randrange(1, 30), chance.randrange(30, 300), chance.randrange(30, 300)])
        for title in {
            one.slug: one for one in chance.choices(titles, appeal, k=chance.choice([1, 2, 4, 8, 16]))
        }.values():
            ago = chance.randrange(1, came + 1)
            at = datetime.combine(today - timedelta(days=ago), time(chance.randrange(24)), UTC)
            stars = chance.choices([0, 2, 3, 4, 5], [80, 2, 4, 8, 6])[0]
            day = today - timedelta(days=chance.randrange(1, ago + 1))
            purchases.append(Purchase(f"reader-{number}", title, at, 499, stars, day))
    return World(today, titles, set(names), purchases)
