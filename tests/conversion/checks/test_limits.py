"""What cannot be set is refused by name; what is merely large is not."""

from __future__ import annotations

import pytest

from conversion.engine import checks
from conversion.engine.book.model import AnyBlock, Book, Cell, Chapter, Metadata, Paragraph, Table, Text
from conversion.engine.checks import limits
from conversion.engine.errors import AuthorFixable


def _refuse(*blocks: AnyBlock) -> None:
    limits.refuse_over_limits(checks.analyse(Book(Metadata(), [Chapter("a", "A", list(blocks))])))


class TestRefuseUnsettable:
    def test_a_book_without_anything(self) -> None:
        with pytest.raises(AuthorFixable) as refused:
            _refuse()
        assert refused.value.code == "source.empty"

    def test_an_endless_paragraph(self) -> None:
        _refuse(Paragraph([Text("a " * 70_000)]))
        with pytest.raises(AuthorFixable) as refused:
            _refuse(Paragraph([Text("a " * 80_000)]))
        assert refused.value.facts == {"characters": 160_000, "limit": 150_000}

    def test_a_table_wider_than_any_page(self) -> None:
        _refuse(Paragraph([Text("x")]), Table([[Cell([]) for _ in range(40)]]))
        with pytest.raises(AuthorFixable) as refused:
            _refuse(Paragraph([Text("x")]), Table([[Cell([], colspan=300)]]))
        assert refused.value.code == "source.table-too-wide"
