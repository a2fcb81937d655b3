"""What a reader may be looking for, while the words are still typed: authors, series and books, in two queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storefront.indexing import AUTHOR, BOOK, SERIES
from storefront.selectors.folding import ARTICLES, fold_words
from storefront.selectors.search_query import parse
from storefront.selectors.search_sql import (
    ALL_TIERS,
    PEOPLE_TIERS,
    SOME_TIERS,
    Match,
    Pass,
    Row,
    run,
    tiers_for,
)
from storefront.selectors.search_words import Groups, told_apart, understand

_AUTHORS = 3
_SERIES = 2
_BOOKS = 6
_MOST_LETTERS_OF_A_FIRST_NAME = 2
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
    tiers = (
        SOME_TIERS if is_mended else tiers_for(understood.books, _BOOKS_SEEN) if understood.books > _FEW else ALL_TIERS
    )
    books = Match([asked_for], phrases=[*asked.phrases, *looked_for], without=asked.without, with_adult=False)
    is_plain = not (is_mended or asked.phrases or asked.without)
    title = asked.title if is_plain else ""
    # So few letters begin too many names to look at each of their words.
    name = title if len(title) <= _MOST_LETTERS_OF_A_FIRST_NAME else ""
    passes = [Pass(BOOK, books, _BOOKS_SEEN, tiers, beginning=title)]
    if named := [group for group in groups if group[0] not in ARTICLES]:  # an article alone is half of all series
        passes += [
            Pass(AUTHOR, Match([named], kind=AUTHOR), _AUTHORS, PEOPLE_TIERS, beginning=name),
            Pass(SERIES, Match([named], kind=SERIES), _SERIES, PEOPLE_TIERS, beginning=title),
        ]
    rows = run(passes)
    begun = sorted(rows, key=lambda row: (not row.key.startswith(asked.title), not _is_named(row, groups)))
    found = {kind: _once(row for row in begun if row.found_by == kind) for kind in (AUTHOR, SERIES, BOOK)}
    return Suggestions(found[AUTHOR], found[SERIES], found[BOOK][:_BOOKS])


def _once(rows: Iterable[Row]) -> list[Suggestion]:
    """A row that begins as typed may be found again by its words."""
    return list(dict.fromkeys(Suggestion(row.label, row.note, row.target, row.weight) for row in rows))


def _is_named(row: Row, groups: Groups) -> bool:
    """Whether what is shown of the row has all words; other rows have some of them in series or subject."""
    shown = {*row.key.split(), *fold_words(row.note)}
    return all(not shown.isdisjoint(group) for group in groups)
