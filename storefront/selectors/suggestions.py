"""What a reader may be looking for, while the words are still typed: authors, series and books, in two queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from storefront.indexing import AUTHOR, BOOK, SERIES
from storefront.selectors.folding import fold_words
from storefront.selectors.search_query import begins, parse
from storefront.selectors.search_sql import BANDS, NO_BANDS, PEOPLE_BANDS, Match, Pass, Row, run
from storefront.selectors.search_words import Groups, told_apart, understand

_AUTHORS = 3
_SERIES = 2
_BOOKS = 6
# So many of the bestselling books are looked at for titles that begin as typed.
_BOOKS_SEEN = 24
_FEW = 500


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
    is_mended = bool(understood.mended) and not understood.books
    groups = understood.mended if is_mended else understood.typed
    asked_for, looked_for = (groups, []) if is_mended else told_apart(understood)
    books = Match([asked_for], phrases=[*asked.phrases, *looked_for], without=asked.without, with_adult=False)
    rows = run(
        [
            Pass(AUTHOR, Match([groups], kind=AUTHOR), _AUTHORS, PEOPLE_BANDS),
            Pass(SERIES, Match([groups], kind=SERIES), _SERIES, PEOPLE_BANDS),
            Pass(BOOK, books, _BOOKS_SEEN, BANDS if is_mended or understood.books > _FEW else NO_BANDS),
        ]
    )
    typed = " ".join(asked.words)
    begun = sorted(rows, key=lambda row: (not begins(row.key, typed), not _is_named(row, groups)))
    found = {
        kind: [Suggestion(row.label, row.note, row.target, row.weight) for row in begun if row.found_by == kind]
        for kind in (AUTHOR, SERIES, BOOK)
    }
    return Suggestions(found[AUTHOR], found[SERIES], found[BOOK][:_BOOKS])


def _is_named(row: Row, groups: Groups) -> bool:
    """Whether what is shown of the row has all words; other rows have some of them in series or subject."""
    shown = {*row.key.split(), *fold_words(row.note)}
    return all(not shown.isdisjoint(group) for group in groups)
