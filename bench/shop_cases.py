"""The benchmark cases of the shop, each with what it needs and the number of queries it may take.

`bench.shop_probe` reads the `Facts` from the generated catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from bench.shop_measure import Request

type Facts = dict[str, Any]

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
_COMMON = (
    "the lighthouse",
    "garden of",
    "nights revisited",
    "a letters",
    "short history",
    "the winter",
    "house street",
)
_PHRASES = ("old story", "work weather", "price of a promise", "eleven years")


@dataclass(frozen=True)
class Case:
    """One case. `requests` returns the requests to send in turn; `most_queries` is goal P6."""

    name: str
    requests: Callable[[Facts], Sequence[Request]]
    most_queries: int | None = None
    is_public: bool = True


def _get(*paths: str) -> Callable[[Facts], Sequence[Request]]:
    return lambda _facts: [Request(path) for path in paths]


def _after(name: str, **query: str) -> Callable[[Facts], Sequence[Request]]:
    """Request the page after a cursor from the facts."""
    return lambda facts: [Request(f"/books/?{urlencode({**query, 'after': facts['cursors'][name]})}")]


def _search(words: Callable[[Facts], Sequence[str]]) -> Callable[[Facts], Sequence[Request]]:
    return lambda facts: [Request(f"/search/?q={quote_plus(one)}") for one in words(facts)]


def _books(which: str) -> Callable[[Facts], Sequence[Request]]:
    return lambda facts: [Request(f"/books/{slug}/") for slug in facts[which]]


def _reader(facts: Facts) -> dict[str, str]:
    return {"Cookie": facts["session"]}


def _add(facts: Facts) -> Sequence[Request]:
    """Add a book to the cart as first-time visitors."""
    return [Request("/cart/add/", "POST", urlencode({"edition": one}), FORM) for one in facts["editions"]]


CASES = (
    Case("front page", _get("/"), 9),
    Case("list", _get("/books/"), 4),
    Case("list, by rating", _get("/books/?sort=rating"), 4),
    Case("one filter", _get("/books/?subject=FM", "/books/?subject=N", "/books/?language=de"), 4),
    Case("two filters", _get("/books/?subject=F&language=de", "/books/?subject=TG&price=free"), 4),
    Case(
        "four filters",
        _get(
            "/books/?subject=U&language=fr&price=5&length=evening", "/books/?subject=NK&format=kobo&feature=described"
        ),
        4,
    ),
    Case("list, page 400", _after("page 400"), 4),
    Case("list, last page", _after("last"), 4),
    Case("bestsellers, last page", _after("last bestsellers", sort="bestselling"), 4),
    Case("search, common words", _search(lambda _facts: _COMMON), 20),
    Case("search, an author", _search(lambda facts: facts["authors"]), 20),
    Case("search, words of descriptions", _search(lambda _facts: _PHRASES), 20),
    Case("search, a typo", _search(lambda facts: facts["typos"]), 20),
    Case("search, titles never asked for before", _search(lambda facts: facts["titles"]), 20),
    Case(
        "suggestions",
        lambda facts: [Request(f"/search/suggestions/?q={quote_plus(one[:5])}") for one in facts["authors"]],
    ),
    Case("book", _books("books"), 8),
    Case("book, much reviewed", _books("reviewed"), 8),
    Case("add to cart", _add, 6, is_public=False),
    Case("cart of three", lambda facts: [Request("/cart/", headers=_reader(facts))], 8, is_public=False),
    Case("checkout", lambda facts: [Request("/checkout/", headers=_reader(facts))], 11, is_public=False),
)
