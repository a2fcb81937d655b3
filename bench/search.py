"""Measure how often search finds what a reader means on the present catalogue, and how long it takes.

    python -m bench.search --queries 200 --seed 1

Picks books at random and searches for each in several ways. "found" is the share of queries with the book, or its
author or series where that is meant, among the first ten results; for suggestions, among the eight or so that are
shown. Times are elapsed times of the whole call, warm, with the counts next to the filters cached (`FACETS` measures
them uncached).
"""

from __future__ import annotations

import argparse
import os
import random
import string
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

if TYPE_CHECKING:
    from storefront.catalogue.models import Listing

FIRST = 10
_MIN_LENGTH = 4
COMMON = ("the", "winter", "fiction", "night", "house")

type Ask = Callable[[Listing, random.Random], str]


def slipped(text: str, chance: random.Random, *, slips: int = 1) -> str:
    """Change, add, leave out or swap one letter in this many words of four letters or more."""
    words = text.split()
    places = [place for place, word in enumerate(words) if len(word) >= _MIN_LENGTH and word.isalpha()]
    for place in chance.sample(places, min(slips, len(places))):
        word = words[place]
        at, letter = chance.randrange(len(word) - 1), chance.choice(string.ascii_lowercase)
        words[place] = chance.choice(
            (
                word[:at] + letter + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )
    return " ".join(words)


def surname(listing: Listing, chance: random.Random) -> str:
    """Return the last word of one author's name."""
    return chance.choice(listing.byline.split(", ")).split()[-1]


def word_and_heading(listing: Listing, chance: random.Random) -> str:
    """Return the title's first word that is not an article, and the subject's heading in one of the languages."""
    from storefront.search.documents import book_key, headings

    return f"{book_key(listing.title).split()[0]} {chance.choice(headings(listing.subject))}"


QUERIES: dict[str, Ask] = {
    "title": lambda one, chance: one.title,
    "title with one slip": lambda one, chance: slipped(one.title, chance),
    "title with a slip in two words": lambda one, chance: slipped(one.title, chance, slips=2),
    "surname": surname,
    "surname with a slip": lambda one, chance: slipped(surname(one, chance), chance),
    "title, last word half typed": lambda one, chance: one.title[: -max(1, len(one.title.split()[-1]) // 2)],
    "word and subject": word_and_heading,
}
SUGGESTED: dict[str, Ask] = {
    "85 % of the title": lambda one, chance: one.title[: max(3, 85 * len(one.title) // 100)],
    "the same with a slip": lambda one, chance: slipped(one.title[: max(3, 85 * len(one.title) // 100)], chance),
    "surname less two letters": lambda one, chance: surname(one, chance)[:-2] or surname(one, chance),
}
TIMED: dict[str, Ask] = {
    "common words": lambda one, chance: chance.choice(COMMON),
    "common word, -word": lambda one, chance: f"{chance.choice(COMMON)} -{one.title.split()[-1]}",
    "words of a description": lambda one, chance: " ".join(one.description.split()[3:5]) or "book",
    "nonsense": lambda one, chance: f"zzq{chance.randrange(10**6)} qqz",
}


def is_found(listing: Listing, query: str) -> bool:
    """Whether the book, or one of its authors, is among the first results."""
    from storefront.catalogue.selectors.browse import Filters
    from storefront.search.selectors.search import search

    results = search(Filters(query=query))
    people = {one.author for one in listing.details.authors}
    books = [card.slug for card in results.cards[:FIRST]]
    return listing.slug in books or bool(people & {one.target for one in results.authors})


def is_suggested(listing: Listing, text: str) -> bool:
    """Whether the book, or one of its authors, is suggested."""
    from storefront.search.selectors.suggestions import suggest

    found = suggest(text)
    people = {one.author for one in listing.details.authors}
    return listing.slug in {one.target for one in found.books} or bool(people & {one.target for one in found.authors})


def count_facets(listing: Listing, query: str) -> bool:
    """Count facets without a cache."""
    from django.core.cache import cache

    cache.clear()
    return is_found(listing, query)


def share(
    asks: Callable[[Listing, str], bool], ask: Ask, listings: Sequence[Listing], seed: str
) -> tuple[float, list[float]]:
    """Return the share of books that were found, and the milliseconds of each query."""
    chance, found, spent = random.Random(seed), 0, []
    for listing in listings:
        query = ask(listing, chance)
        began = time.perf_counter()
        found += asks(listing, query)
        spent.append(1000 * (time.perf_counter() - began))
    return found / max(len(listings), 1), sorted(spent)


def picked(books: int, seed: int) -> list[Listing]:
    """Pick this many books on sale at random, none of them for adults."""
    from storefront.catalogue.models import Listing

    keys = list(Listing.objects.on_sale().filter(is_adult=False).order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(seed).sample(keys, min(books, len(keys)))
    return list(Listing.objects.filter(pk__in=chosen).order_by("pk"))


def main() -> None:
    import django

    django.setup()
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    listings = picked(arguments.queries, arguments.seed)
    for one in listings[:20]:  # warm-up
        is_found(one, one.title)
        is_suggested(one, one.title)
    kinds: list[tuple[str, Callable[[Listing, str], bool], Ask, bool]] = [
        *((kind, is_found, ask, True) for kind, ask in QUERIES.items()),
        *((f"suggestions: {kind}", is_suggested, ask, True) for kind, ask in SUGGESTED.items()),
        *((kind, is_found, ask, False) for kind, ask in TIMED.items()),
        *((f"{kind}, counts not kept", count_facets, ask, False) for kind, ask in list(TIMED.items())[:1]),
        *((f"suggestions: {n} letters", is_suggested, _first(n), False) for n in (1, 2, 3, 5)),
    ]
    every: dict[bool, list[float]] = {True: [], False: []}
    print("| asked by | found in the first ten | p50 / p95 ms |\n|---|---:|---:|")
    for kind, asks, ask, is_told in kinds:
        found, spent = share(asks, ask, listings, f"{arguments.seed} {kind}")
        every[asks is is_suggested] += spent
        told = f"{found:.1%}" if is_told else "–"
        print(f"| {kind} | {told} | {_percentiles(spent)} |", flush=True)
    print(f"| all searches | | {_percentiles(every[False])} |\n| all suggestions | | {_percentiles(every[True])} |")


def _first(letters: int) -> Ask:
    return lambda one, chance: one.title[:letters]


def _percentiles(spent: list[float]) -> str:
    spent = sorted(spent)
    return f"{spent[len(spent) // 2]:.1f} / {spent[int(0.95 * (len(spent) - 1))]:.1f}"


if __name__ == "__main__":
    main()
