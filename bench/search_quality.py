"""How often search finds the book that a reader means, by how the reader asks for it.

    python -m bench.search_quality --books 500 --seed 1

picks books of the present catalogue at random and asks for each in several ways (`QUERIES`). A book counts as found
when it is among the first ten books of the result. Where an author's entry stands above the books, that counts too,
because the author's page is what somebody who types a surname is looking for; both shares are told. Of books that fit
a query equally well no order can have more than ten among the first ten. Books are picked at random, so a query that
N books or authors fit is answered with ten of N at best, whatever the order: the mean of that is told as "possible".
"""

from __future__ import annotations

import argparse
import os
import random
import string
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

if TYPE_CHECKING:
    from storefront.models import Listing

FIRST = 10
_SHORTEST_WITH_TYPO = 4
_MOST_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Share:
    """Of `asked` books `book` were among the first ten, `either` they or their author's entry; `possible` could be, by
    any order.
    """

    kind: str
    asked: int
    book: int
    either: int
    possible: float

    @property
    def found(self) -> float:
        return self.either / self.asked if self.asked else 1.0


def title_with_a_typo(listing: Listing, chance: random.Random) -> str:
    """One letter changed, added, left out or swapped with its neighbour, in a word of four letters or more."""
    words = listing.title.split()
    places = [place for place, word in enumerate(words) if len(word) >= _SHORTEST_WITH_TYPO and word.isalpha()]
    if places:
        place = chance.choice(places)
        words[place] = _mistyped(words[place], chance)
    return " ".join(words)


def _mistyped(word: str, chance: random.Random) -> str:
    at, letter = chance.randrange(len(word) - 1), chance.choice(string.ascii_lowercase)
    ways = (
        word[:at] + letter + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    return chance.choice(ways)


def surname(listing: Listing, chance: random.Random) -> str:
    """The last word of one author's name."""
    return chance.choice(listing.byline.split(", ")).split()[-1]


def first_word_and_subject(listing: Listing, chance: random.Random) -> str:
    """The title's first word, be it an article, and the subject's heading in English."""
    return f"{listing.title.split()[0]} {_subject(listing)}"


def first_telling_word_and_subject(listing: Listing, chance: random.Random) -> str:
    """The same with the first word that is no article."""
    from storefront.selectors.folding import folded
    from storefront.selectors.search_query import without_article

    return f"{without_article(folded(listing.title)).split()[0]} {_subject(listing)}"


def _subject(listing: Listing) -> str:
    from storefront.indexing import subject_labels

    return subject_labels(listing.subject, "en")[0]


QUERIES: dict[str, Callable[[Listing, random.Random], str]] = {
    "title with one typo": title_with_a_typo,
    "author's surname": surname,
    "first word and subject": first_word_and_subject,
    "first word but for articles, and subject": first_telling_word_and_subject,
}


def measure(listings: Sequence[Listing], seed: int) -> list[Share]:
    """The share of found books for each way of asking."""
    return [_share(kind, ask, listings, random.Random(f"{seed} {kind}")) for kind, ask in QUERIES.items()]


def _share(
    kind: str, ask: Callable[[Listing, random.Random], str], listings: Iterable[Listing], chance: random.Random
) -> Share:
    from storefront.selectors.browse import Filters
    from storefront.selectors.search import search

    asked = book = either = 0
    possible = 0.0
    for listing in listings:
        query = ask(listing, chance)
        results = search(Filters(query=query))
        people = {one["author"] for one in listing.details["authors"]}
        is_book = listing.slug in [card.slug for card in results.cards[:FIRST]]
        is_either = is_book or bool(people & {one.target for one in results.authors})
        asked, book, either = asked + 1, book + is_book, either + is_either
        possible += max(is_either, _possible(listing, query, results.mended))
    return Share(kind, asked, book, either, possible)


def _possible(listing: Listing, query: str, mended: str) -> float:
    """How likely any order has the book, or one of its authors, among ten of those that fit as well as it does."""
    from storefront.indexing import AUTHOR, BOOK, entry_of
    from storefront.selectors.search import rank_of
    from storefront.selectors.search_query import parse
    from storefront.selectors.search_sql import Match, Pass, run
    from storefront.selectors.search_words import understand

    asked = parse(mended or query)
    groups = understand(asked).typed
    own = rank_of(groups, entry_of(listing)["key"], asked.rest)
    rows = run([Pass(kind, Match([groups], kind=kind), _MOST_COUNTED) for kind in (BOOK, AUTHOR)])
    books = sum(row.found_by == BOOK and rank_of(groups, row.key, asked.rest) <= own for row in rows)
    authors = sum(row.found_by == AUTHOR for row in rows)
    return min(1.0, sum(FIRST / many for many in (books, authors) if many)) if rows else 1.0


def picked(books: int, seed: int) -> list[Listing]:
    """So many books on sale, at random; none for adults."""
    from storefront.models import Listing

    keys = list(Listing.objects.on_sale().filter(is_adult=False).order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(seed).sample(keys, min(books, len(keys)))
    return list(Listing.objects.filter(pk__in=chosen).order_by("pk"))


def main() -> None:
    import django

    django.setup()
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--books", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print("| asked by | books | book in the first ten | book or its author | possible | of the possible |")
    print("|---|---:|---:|---:|---:|---:|")
    for one in measure(picked(arguments.books, arguments.seed), arguments.seed):
        shares = (one.book / one.asked, one.found, one.possible / one.asked, one.either / one.possible)
        print(f"| {one.kind} | {one.asked} | {' | '.join(f'{share:.1%}' for share in shares)} |", flush=True)


if __name__ == "__main__":
    main()
