"""Recompute the shop's rankings from what the shop publishes about them.

    python recompute_ranking.py inputs.json [--shelf rising] [--at 2026-11-26T14:30] [--top 24]

Needs only Python 3.12 and sends no data. For each shelf, it prints place, points and book. Download inputs.json from
the shop's page /ranking/. The shop ranks its books with this very file.

How places are calculated, in whole numbers only:

- A *vote* is a paid copy, one for each account and book, or the review that came with it. The shop counts votes by book
  and day, and counts votes of verified readers (*proved*) apart from all others (*open*). See /ranking/ for who is
  verified.
- A shelf has two scores for each book, by the same formula: one from its proved votes alone, one from all its votes.
- Books with a score from proved votes are ordered by it. If scores are equal, the book that was published later comes
  first, then the one whose slug comes first in the alphabet.
- That order is divided into groups of four. Within its group, each book is placed by the score from all votes (if
  equal, as before). So open votes, however many, have no effect beyond the borders of a group: a book moves by three
  places at most.

The formulas are `rising`, `bestselling` and `rated` below. `timetable` decides which new books are on the front page
when.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from math import isqrt
from pathlib import Path
from typing import Any

FORMAT = "octavo-ranking/2"
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Rules:
    """The constants of the formulas. The input file contains the ones it was made with."""

    group: int = 4  # size of a group, within which open votes count
    fading_days: int = 28  # days over which a vote for "rising" fades evenly
    new_days: int = 120  # days for which a book counts as new
    selling_days: int = 90  # days of copies that "bestselling" counts
    least_reviews: int = 2  # proved reviews needed for a place among the best rated
    prior_reviews: int = 5  # three-star reviews added to each book's own
    praise_stars: int = 4  # stars from which a review counts for "rising" like a copy
    fresh_days: int = 14  # days for which a new book has turns on the front page
    fresh_turns_a_day: int = 2  # at least
    fresh_seats: int = 6  # books shown there at once


RULES = Rules()
# Possible lengths of a turn in minutes: the longest that leaves every new book its turns is used.
TURN_MINUTES = (60, 30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Count:
    """Votes of one kind: proved ones and all others."""

    proved: int = 0
    open: int = 0

    @property
    def all(self) -> int:
        return self.proved + self.open


@dataclass(frozen=True, slots=True)
class Day:
    """The votes of one day for a book: copies, and reviews with praise."""

    day: date
    copies: Count
    praise: Count


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the rankings know about a book. `stars` counts the reviews with one to five stars."""

    slug: str
    published: date
    days: tuple[Day, ...] = ()
    stars: tuple[Count, Count, Count, Count, Count] = (Count(),) * 5


type Select = Callable[[Count], int]  # proved votes alone, or all
type Formula = Callable[[Book, date, Rules, Select], int]


def proved(count: Count) -> int:
    """Return the proved votes alone."""
    return count.proved


def everybody(count: Count) -> int:
    """Return all votes."""
    return count.all


# ---------------------------------------------------------------- the formulas


def root(votes: int) -> int:
    """Return the square root in hundredths, rounded down: one vote is 100, a hundred on one day are 1000."""
    return isqrt(10_000 * votes)


def rising(book: Book, today: date, rules: Rules, votes: Select) -> int:
    """New and rising: for each of the last 28 days, the root of its copies and praise, times the days left of the 28.

    Many votes on one day count only as their root, so that lasting interest beats a burst. 0 for a book that is no
    longer new.
    """
    if (today - book.published).days > rules.new_days:
        return 0
    points = 0
    for one in book.days:
        left = rules.fading_days - (today - one.day).days + 1
        if 0 < left <= rules.fading_days:
            points += left * root(votes(one.copies) + votes(one.praise))
    return points


def bestselling(book: Book, today: date, rules: Rules, votes: Select) -> int:
    """Bestselling: the copies of the last 90 days."""
    return sum(votes(one.copies) for one in book.days if 1 <= (today - one.day).days <= rules.selling_days)


def rated(book: Book, _today: date, rules: Rules, votes: Select) -> int:
    """Best rated: the mean of the stars in thousandths, rounded down, with five three-star reviews added.

    0 for a book with fewer than two proved reviews.
    """
    if sum(one.proved for one in book.stars) < rules.least_reviews:
        return 0
    number = sum(votes(one) for one in book.stars) + rules.prior_reviews
    stars = sum(place * votes(one) for place, one in enumerate(book.stars, 1)) + 3 * rules.prior_reviews
    return 1000 * stars // number


FORMULAS: Mapping[str, Formula] = {"rising": rising, "bestselling": bestselling, "rated": rated}


@dataclass(frozen=True, slots=True)
class Placed:
    """A book's place on a shelf, from 1, with both scores."""

    place: int
    book: Book
    proved: int
    all: int

    def group(self, rules: Rules) -> int:
        """The number of its group, from 1."""
        return (self.place - 1) // rules.group + 1


def order(shelf: str, books: Iterable[Book], today: date, rules: Rules = RULES) -> list[Placed]:
    """Return the whole ranking of a shelf."""
    formula = FORMULAS[shelf]
    scored = [(formula(book, today, rules, proved), book) for book in books]
    base = sorted(
        (one for one in scored if one[0]), key=lambda one: (-one[0], -one[1].published.toordinal(), one[1].slug)
    )
    placed: list[Placed] = []
    for start in range(0, len(base), rules.group):
        group = [
            (formula(book, today, rules, everybody), score, book) for score, book in base[start : start + rules.group]
        ]
        group.sort(key=lambda one: -one[0])  # the sort is stable: equal scores keep their order
        placed += [Placed(start + at, book, score, total) for at, (total, score, book) in enumerate(group, 1)]
    return placed


# ---------------------------------------------------------------- the fresh shelf


@dataclass(frozen=True, slots=True)
class Timetable:
    """Which books are on the fresh shelf on a day: the slugs for each turn, in the order of their seats."""

    minutes: int  # how long one turn lasts
    turns: list[list[str]]


def timetable(day: date, accounts: Iterable[Iterable[str]], rules: Rules = RULES) -> Timetable:
    """Return the day's turns for new books, which are given account by account.

    Accounts take turns, and an account's books share its turns one after another, so publishing more books does not get
    an account more turns. An account is split into parts that take turns separately, into as few as possible, if seats
    would otherwise be empty, or if even the shortest turns would leave a book without its minimum.
    """
    groups = [fresh_order(day, books) for books in accounts]
    groups = [books for books in groups if books]
    if not groups:
        return Timetable(TURN_MINUTES[0], [])
    minutes, size = _shares([len(books) for books in groups], rules)
    parts = [books[part :: _parts(len(books), size)] for books in groups for part in range(_parts(len(books), size))]
    ranks = {slug: rank for rank, slug in enumerate(fresh_order(day, (slug for books in groups for slug in books)))}
    parts.sort(key=lambda books: ranks[books[0]])
    seats = min(rules.fresh_seats, len(parts))
    spots = range(_MINUTES_A_DAY // minutes * seats)
    stands = [parts[spot % len(parts)][spot // len(parts) % len(parts[spot % len(parts)])] for spot in spots]
    return Timetable(minutes, [stands[start : start + seats] for start in spots[::seats]])


def _shares(sizes: Sequence[int], rules: Rules) -> tuple[int, int]:
    """Return the length of a turn, and the most books of an account that share turns.

    This is the longest turn in which every book of the undivided accounts gets its turns; or the shortest turn, with
    the most books for which that works.
    """
    wanted, largest = min(rules.fresh_seats, sum(sizes)), max(sizes)
    filling = next(size for size in range(largest, 0, -1) if sum(_parts(one, size) for one in sizes) >= wanted)
    for minutes in TURN_MINUTES:
        if _has_turns(sizes, filling, minutes, rules):
            return minutes, filling
    fitting = (size for size in range(filling, 0, -1) if _has_turns(sizes, size, TURN_MINUTES[-1], rules))
    return TURN_MINUTES[-1], next(fitting, 1)


def _has_turns(sizes: Sequence[int], size: int, minutes: int, rules: Rules) -> bool:
    parts = sum(_parts(one, size) for one in sizes)
    turns = _MINUTES_A_DAY // minutes * min(rules.fresh_seats, parts) // parts  # of each part, at least
    longest = max(-(-one // _parts(one, size)) for one in sizes)
    return turns // longest >= rules.fresh_turns_a_day


def _parts(books: int, size: int) -> int:
    """Return into how many parts an account with this many books is split."""
    return -(-books // size)


def fresh_order(day: date, slugs: Iterable[str]) -> list[str]:
    """Return the order in which the day's new books take turns: by SHA-256 of the day, a line feed and the slug."""
    return sorted(slugs, key=lambda slug: (hashlib.sha256(f"{day.isoformat()}\n{slug}".encode()).hexdigest(), slug))


# ---------------------------------------------------------------- the file


def book_json(book: Book) -> dict[str, Any]:
    """Return a book as the input file contains it."""
    return {
        "slug": book.slug,
        "published": book.published.isoformat(),
        "days": [
            [one.day.isoformat(), one.copies.proved, one.copies.open, one.praise.proved, one.praise.open]
            for one in book.days
        ],
        "stars": {"proved": [one.proved for one in book.stars], "open": [one.open for one in book.stars]},
    }


def read_book(row: Mapping[str, Any]) -> Book:
    """Return the book of an entry in the input file, the reverse of `book_json`."""
    days = tuple(Day(date.fromisoformat(day), Count(a, b), Count(c, d)) for day, a, b, c, d in row["days"])
    one, two, three, four, five = (
        Count(a, b) for a, b in zip(row["stars"]["proved"], row["stars"]["open"], strict=True)
    )
    return Book(row["slug"], date.fromisoformat(row["published"]), days, (one, two, three, four, five))


def rules_json(rules: Rules = RULES) -> dict[str, int]:
    """Return the constants of the formulas by name."""
    return asdict(rules)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the rankings for an input file. Return 1 for a file of another format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=Path)
    parser.add_argument("--shelf", choices=[*FORMULAS, "fresh"], help="print only this shelf")
    parser.add_argument("--at", type=datetime.fromisoformat, help="time (UTC) for the fresh shelf (default: now)")
    parser.add_argument("--top", type=int, default=24, help="number of places to print (0: all)")
    given = parser.parse_args(arguments)
    inputs = json.loads(given.inputs.read_bytes())
    if inputs.get("format") != FORMAT:
        sys.stderr.write(f"{given.inputs}: not a file of the format {FORMAT}\n")
        return 1
    rules, today = Rules(**inputs["rules"]), date.fromisoformat(inputs["day"])
    books = [read_book(row) for row in inputs["books"]]
    lines = [f"# version {inputs['version']}, votes until the end of {(today - timedelta(days=1)).isoformat()}"]
    for shelf in FORMULAS:
        if given.shelf in {None, shelf}:
            found = order(shelf, books, today, rules)
            lines += [f"{shelf} {one.place} {one.all} {one.book.slug}" for one in found[: given.top or None]]
    if given.shelf in {None, "fresh"}:
        lines += _fresh_lines(inputs["fresh"], given.at, rules)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _fresh_lines(fresh: list[dict[str, Any]], at: datetime | None, rules: Rules) -> list[str]:
    """Return the books on the fresh shelf at that moment, one line for each seat."""
    moment = at or datetime.now().astimezone()
    if moment.tzinfo is not None:
        moment = (moment - (moment.utcoffset() or timedelta())).replace(tzinfo=None)
    for day in fresh:
        if day["day"] == moment.date().isoformat() and day["accounts"]:
            found = timetable(moment.date(), day["accounts"], rules)
            turn = (moment.hour * 60 + moment.minute) // found.minutes
            return [f"fresh {seat} {turn} {slug}" for seat, slug in enumerate(found.turns[turn], 1)]
    return []


if __name__ == "__main__":
    sys.exit(main())
