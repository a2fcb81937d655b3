"""What the record says about the front and back pages of a book; `engine/matter` makes them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MatterKind(StrEnum):
    """A page made from the record; its value is the role of the chapter (`book.model.Chapter`)."""

    TITLE = "titlepage"
    COPYRIGHT = "copyright-page"
    DEDICATION = "dedication"
    ABOUT = "contributors"
    ALSO_BY = "other-credits"


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A page that the author wants. `words` are the author's own, as plain text: an empty line parts paragraphs."""

    kind: MatterKind
    words: str = ""


@dataclass(frozen=True, slots=True)
class Biography:
    """What an author's profile says about them."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Matter:
    """The wanted pages and what the record holds for them today; names, title and publisher are in the book's
    metadata. `first_year` is the year of the copyright, `year` that of this edition; 0 where it is not known.
    """

    pages: tuple[MatterPage, ...] = ()
    edition: int = 0
    year: int = 0
    first_year: int = 0
    is_public_domain: bool = False
    biographies: tuple[Biography, ...] = ()
    other_works: tuple[str, ...] = ()

    def page(self, kind: MatterKind) -> MatterPage | None:
        """Return the wanted page of a kind, or None."""
        return next((page for page in self.pages if page.kind is kind), None)
