"""The interface of a search index: `Backend`, implemented for each database.

It is narrow enough to be implemented by a separate search engine (docs/operations.md says when one is needed): find the
matching documents, highest place first, and count the facets of some of them. Documents are rows of SearchDocument; an
engine would be sent the same fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

BOOK, AUTHOR, SERIES = "b", "a", "s"
# A letter that no normalized word contains, so nobody can type a word that begins with it.
MARK = "é"


def kind_mark(kind: str) -> str:
    """Return the mark of all documents of a kind."""
    return f"{MARK}k{kind}"


@dataclass(frozen=True, slots=True)
class Term:
    """Adjacent words, the last of which may be a prefix. They are normalized: letters and digits only."""

    words: tuple[str, ...]
    is_prefix: bool = False


type Group = tuple[Term, ...]  # alternatives: any of these
type Groups = tuple[Group, ...]  # all of these


@dataclass(frozen=True, slots=True)
class Match:
    """Documents that have every group of one of the `alternatives`, all `marks` and nothing from `without`.

    `kind` "" means any kind. Words are looked up in names (title, people, series, subject), with `in_text` also in
    descriptions; `not_in_names` leaves out documents whose names have them all. `keys` and `key_prefix` refer to titles
    without their article; `not_keys` and `not_key_prefix` leave documents out.
    """

    kind: str = BOOK
    alternatives: tuple[Groups, ...] = ()
    in_text: bool = False
    not_in_names: bool = False
    marks: tuple[str, ...] = ()
    without: tuple[Term, ...] = ()
    keys: tuple[str, ...] = ()
    key_prefix: str = ""
    not_keys: tuple[str, ...] = ()
    not_key_prefix: str = ""
    with_adult: bool = True


class Facets(NamedTuple):
    """A combination of facets. Listings and documents have columns of these names."""

    subject: str
    language: str
    price_band: int
    length_band: int
    formats: int
    features: int
    warnings: int
    is_adult: bool


class Found(NamedTuple):
    place: int
    listing: int | None
    target: str
    label: str
    note: str
    key: str  # prefixed with the kind
    books: int
    facets: Facets


class Backend(Protocol):
    def find(self, match: Match, *, before: int | None = None, limit: int) -> list[Found]:
        """Return matching documents at places below `before`, highest first."""
        ...

    def facets(self, match: Match, *, limit: int) -> list[tuple[Facets, int]]:
        """Count each combination of facets among the first `limit` matching documents, in no order."""
        ...

    def has_word_beginning(self, beginning: str) -> bool:
        """Return whether some SearchWord begins like this."""
        ...

    def loading(self) -> AbstractContextManager[None]:
        """Fill the empty table of documents without full-text indexes, which are created at the end.

        Needs a transaction.
        """
        ...

    def missing(self) -> Sequence[str]:
        """Return the names of full-text indexes or triggers that the database lacks."""
        ...
