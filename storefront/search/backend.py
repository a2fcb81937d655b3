"""What search asks of an index: `Backend`, with an implementation for each database.

It is kept narrow enough for a search engine beside the database (docs/operations.md says when one is needed): find the
documents that match, highest place first, and count the facets of some of them. Documents are rows of SearchDocument;
an engine would be sent the same fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

BOOK, AUTHOR, SERIES = "b", "a", "s"
# A letter that no normalized word has: nobody can type what begins with it.
MARK = "é"


def kind_mark(kind: str) -> str:
    """The mark of all documents of a kind."""
    return f"{MARK}k{kind}"


@dataclass(frozen=True, slots=True)
class Term:
    """Words side by side, of which the last may be the beginning of one. They are normalized: letters and digits."""

    words: tuple[str, ...]
    is_prefix: bool = False


type Group = tuple[Term, ...]  # any of these
type Groups = tuple[Group, ...]  # all of these


@dataclass(frozen=True, slots=True)
class Match:
    """Documents that have every group of one of the `alternatives`, all `marks` and nothing of `without`; of a kind, or
    with "" of any.

    Words are looked for in names (title, people, series, subject), or `in_text` in descriptions as well; with
    `not_in_names` only documents are left whose names do not have them all. `keys` and `key_prefix` are of titles
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
    """A combination of facets, as listings and documents have them in columns of these names."""

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
    key: str  # with the kind before it
    books: int
    facets: Facets


class Backend(Protocol):
    def find(self, match: Match, *, before: int | None = None, limit: int) -> list[Found]:
        """Documents that match, at places below `before`, the highest first."""
        ...

    def facets(self, match: Match, *, limit: int) -> list[tuple[Facets, int]]:
        """How many of the first `limit` documents that match have each combination of facets, in no order."""
        ...

    def has_word_beginning(self, beginning: str) -> bool:
        """Whether some SearchWord begins so."""
        ...

    def loading(self) -> AbstractContextManager[None]:
        """Inside of a transaction: fill the empty table of documents without its full-text indexes, which are made at
        the end."""
        ...

    def missing(self) -> Sequence[str]:
        """Names of full-text indexes or triggers that the database lacks."""
        ...
