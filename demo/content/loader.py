"""Reads `catalogue.yaml`: the sample books, the people of the demonstration and what readers wrote.

Plain values without Django. The seeder calls `load()` and writes rows from what it returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

BOOKS = Path(__file__).resolve().parent.parent / "books"
CATALOGUE = Path(__file__).resolve().parent / "catalogue.yaml"


@dataclass(frozen=True, slots=True)
class Persona:
    """A fictional person: an author or a reader. `country` is an ISO 3166 code; readers have no `bio`."""

    key: str
    display_name: str
    email: str
    country: str
    bio: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """A person's part in a book: a MARC relator code and a share of the royalty in basis points."""

    author: str  # Persona.key
    role: str
    split_bps: int


@dataclass(frozen=True, slots=True)
class Book:
    """One sample book. `source` is the manuscript; prices are minor units by currency (0: free).

    If prices are suggested, readers choose theirs from the price up.
    """

    slug: str
    source: Path
    title: str
    subtitle: str
    language: str
    description: str
    subjects: tuple[str, ...]
    prices_minor: Mapping[str, int]
    sample_share_bps: int
    contributors: tuple[Credit, ...]
    suggested_minor: Mapping[str, int] = field(default_factory=dict)
    series: str = ""  # Series.title
    series_number: int | None = None

    @property
    def owner(self) -> str:
        """Return the key of the author who uploads the book: the first one credited."""
        return self.contributors[0].author


@dataclass(frozen=True, slots=True)
class Series:
    """Books (`Book.slug`) of one owner, in order; `completing_bps` is the discount for completing them, 0 for none."""

    title: str
    completing_bps: int
    books: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What one reader (`Persona.key`) wrote about one book (`Book.slug`); `stars` is 1 to 5."""

    book: str
    reader: str
    stars: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the demonstration is filled with."""

    books: tuple[Book, ...]
    series: tuple[Series, ...]
    authors: tuple[Persona, ...]
    readers: tuple[Persona, ...]
    reviews: tuple[Review, ...]


def load(path: Path = CATALOGUE) -> Catalogue:
    """Return the catalogue. Raises TypeError or KeyError if an entry lacks a field or has an unknown one."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    series = tuple(Series(**entry | {"books": tuple(entry["books"])}) for entry in raw["series"])
    return Catalogue(
        books=tuple(_book(entry, series) for entry in raw["books"]),
        series=series,
        authors=tuple(Persona(**entry) for entry in raw["authors"]),
        readers=tuple(Persona(**entry) for entry in raw["readers"]),
        reviews=tuple(Review(book=slug, **entry) for slug, entries in raw["reviews"].items() for entry in entries),
    )


def _book(entry: dict[str, Any], series: tuple[Series, ...]) -> Book:
    fields = dict(entry)
    fields["source"] = BOOKS / fields["source"]
    fields["subjects"] = tuple(fields["subjects"])
    fields["description"] = fields["description"].strip()
    fields["contributors"] = tuple(Credit(**credit) for credit in fields["contributors"])
    for one in series:
        if fields["slug"] in one.books:
            fields["series"], fields["series_number"] = one.title, one.books.index(fields["slug"]) + 1
    return Book(**fields)
