"""Codes that would take enormous files, or pages that our setter never makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine import checks
from conversion.engine.book.model import AnyBlock, Book, Chapter, Heading, Metadata, Paragraph, Text
from conversion.engine.exports import send_to_kindle
from conversion.engine.proof import Traits, prove
from conversion.engine.proof.pages import Box, Page
from conversion.engine.readers.assembly import draft
from tests.conversion.proof.pages import PRINT, FakeSource, full_page, line

from .cases import load
from .runner import findings


def test_pictures_that_are_too_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MAX_PICTURES_TOTAL_BYTES", 100)
    (finding,) = findings(load()["image.small"].book)
    assert (finding.code, finding.facts) == ("source.images-too-many", {"count": 1})


@pytest.mark.parametrize(
    ("megabytes", "codes"), [(201, ["kindle.too-large"]), (51, ["kindle.large-for-mail"]), (9, [])]
)
def test_files_that_send_to_kindle_refuses_are_told(megabytes: int, codes: list[str]) -> None:
    analysis = checks.analyse(Book(Metadata(), []))
    found = send_to_kindle.remarks(analysis, "en", megabytes * 1_000_000)
    assert [finding.code for finding in found] == codes


def test_a_book_in_which_nothing_is_written_is_told() -> None:
    def codes(*blocks: AnyBlock) -> set[str]:
        analysis = checks.analyse(Book(Metadata(), [Chapter("ch-1", "One", [Heading(1, [Text("One")]), *blocks])]))
        return {finding.code for finding in checks.of_book(analysis)}

    assert "structure.nothing-written" in codes(Paragraph([]))
    assert "structure.nothing-written" not in codes(Paragraph([Text("The boat went out.")]))


def test_spaces_that_run_down_a_page_are_told(tmp_path: Path) -> None:
    lines = tuple(line(" ".join(["word"] * 20), row=row, target=PRINT) for row in range(8))
    narrow = [[Box(30, 20 + row * 5, 31, 23 + row * 5), Box(50, 20 + row * 5, 51, 23 + row * 5)] for row in range(8)]
    spaces = [[*row, Box(70, row[0].top, 73, row[0].bottom)] for row in narrow]
    pages = [Page(n, PRINT.width_mm, PRINT.height_mm, lines) for n in range(40)]
    source = FakeSource([full_page(0, target=PRINT), *pages[1:]], spaces=spaces)
    found = prove(source, PRINT, tmp_path / "p.zip", Traits()).findings
    assert "page.rivers" in {finding.code for finding in found}
