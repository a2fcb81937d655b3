"""What a reader may be looking for, while the words are still typed: authors, series and books, in two queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from storefront.indexing import ADULT, AUTHOR, BOOK, SERIES
from storefront.selectors.search_query import parse, without_article
from storefront.selectors.search_sql import ALL_BANDS, NO_BANDS, Match, Pass, run
from storefront.selectors.search_words import understand

_AUTHORS = 3
_SERIES = 2
_BOOKS = 6
# So many of the bestselling books are looked at for titles that begin as typed.
_BOOKS_SEEN = 24
_FEW = 500
_PEOPLE_BANDS = (3, 2, 1)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`target` is a book's or series' slug, or an author's public id; `note` a book's byline."""

    label: str
    note: str
    target: str
    books: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    authors: list[Suggestion] = field(default_factory=list)
    series: list[Suggestion] = field(default_factory=list)
    books: list[Suggestion] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.authors) + len(self.series) + len(self.books)


def suggest(text: str) -> Suggestions:
    """Everything whose names have all words, of which the last may go on; with typos mended when nothing has.

    Books for adults are never suggested.
    """
    asked = parse(text)
    if not asked.words:
        return Suggestions()
    understood = understand(asked, is_typing=True)
    groups = understood.typed if understood.books or not understood.mended else understood.mended
    is_common = understood.books > _FEW
    rows = run(
        [
            Pass(AUTHOR, Match([groups], marks=[f".{AUTHOR}"]), _AUTHORS, _PEOPLE_BANDS),
            Pass(SERIES, Match([groups], marks=[f".{SERIES}"]), _SERIES, _PEOPLE_BANDS),
            Pass(
                BOOK,
                Match([groups], phrases=asked.phrases, without=asked.without, without_marks=[ADULT]),
                _BOOKS_SEEN,
                ALL_BANDS if is_common else NO_BANDS,
            ),
        ]
    )
    begun = sorted(rows, key=lambda row: not without_article(row.key).startswith(asked.title))
    found = {
        kind: [Suggestion(row.label, row.note, row.target, row.weight) for row in begun if row.found_by == kind]
        for kind in (AUTHOR, SERIES, BOOK)
    }
    return Suggestions(found[AUTHOR], found[SERIES], found[BOOK][:_BOOKS])
