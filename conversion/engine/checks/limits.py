"""Limits beyond which no page and no reading system can show a book: refused early, before hours of typesetting."""

from __future__ import annotations

from ..book.model import Table
from ..errors import AuthorFixable
from . import BookAnalysis

MAX_PARAGRAPH_CHARACTERS = 150_000  # characters: some eighty pages without a break
MAX_COLUMNS = 200


def refuse_over_limits(analysis: BookAnalysis) -> None:
    """Raise AuthorFixable for a Book without content, an endless paragraph or a table wider than any page."""
    if not analysis.words and not analysis.book.assets:
        raise AuthorFixable("source.empty")
    longest = max((len(passage.text) for passage in analysis.passages), default=0)
    if longest > MAX_PARAGRAPH_CHARACTERS:
        raise AuthorFixable("source.paragraph-too-long", characters=longest, limit=MAX_PARAGRAPH_CHARACTERS)
    widest = max((_columns(node) for _, node in analysis.nodes if isinstance(node, Table)), default=0)
    if widest > MAX_COLUMNS:
        raise AuthorFixable("source.table-too-wide", columns=widest, limit=MAX_COLUMNS)


def _columns(table: Table) -> int:
    return max((sum(cell.colspan for cell in row) for row in table.rows), default=0)
