"""The report of a conversion: one page that holds everything, and the same as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from conversion.engine.book.model import Contributor
from conversion.engine.cli import report
from conversion.engine.contract import ArtifactFile, ArtifactKind, Change, ChapterSummary, ConversionResult
from conversion.engine.findings.model import Finding, PageArea, Severity, SourcePlace

RESULT = ConversionResult(
    engine_version="1",
    source_format="docx",
    title="Salt <b>",
    subtitle="",
    language="en",
    contributors=(Contributor("Ann Lee"),),
    description="",
    chapters=(ChapterSummary("a", "Oars", "bodymatter", 900), ChapterSummary("b", "Nets", "bodymatter", 800)),
    words=1700,
    artifacts=(ArtifactFile(ArtifactKind.EPUB, "", "book.epub", "application/epub+zip", "0" * 64, 4200),),
    findings=(
        Finding("text.tabs", Severity.ADVICE, "Nets", "a\tb <i>", SourcePlace("", 4), {"count": 2}),
        Finding("metadata.description-missing", Severity.ADVICE),
        Finding("page.picture-coarse", Severity.ADVICE, "Oars", area=PageArea("print", 9), facts={"dpi": 96}),
    ),
)


class TestPage:
    def test_tells_chapters_in_the_order_of_the_book(self) -> None:
        page = report.page(RESULT)
        assert page.index("The whole book") < page.index("<h3>Oars") < page.index("<h3>Nets")
        assert "page 9, print" in page
        assert "no. 4 of the source" in page
        assert "<kbd>--fix text.tabs</kbd>" in page

    def test_nothing_of_the_manuscript_is_markup(self) -> None:
        page = report.page(RESULT)
        assert "Salt &lt;b&gt;" in page
        assert "&lt;i&gt;" in page
        assert "<b>" not in page.partition("<body>")[2].replace("<b>0</b>", "").replace("<b>3</b>", "")

    def test_asks_nothing_of_the_network(self) -> None:
        assert not re.search(r"https?:|src=|<link|<script|url\(", report.page(RESULT))

    def test_says_that_there_is_nothing_to_remark(self) -> None:
        assert "There are no remarks." in report.page(replace(RESULT, findings=()))

    @pytest.mark.parametrize(
        ("before", "after", "shown"),
        [
            ("we don't go", "we don’t go", "we don<del>&#x27;</del><ins>’</ins>t go"),
            ("two  spaces", "two spaces", "two <del> </del>spaces"),
            ("rain,wind", "rain, wind", "rain,<ins> </ins>wind"),
            ("12", "", "<del>12</del>"),
        ],
    )
    def test_marks_what_was_mended(self, before: str, after: str, shown: str) -> None:
        changed = replace(
            RESULT,
            changes=(Change("text.tabs", "Nets", before, after, SourcePlace()),),
            changed={"text.tabs": 3},
        )
        page = report.page(changed)
        assert f"<li>{shown} <cite>Nets</cite>" in page
        assert "And 2 places more." in page


class TestWrite:
    def test_a_name_that_ends_in_json_gets_json_with_sentences(self, tmp_path: Path) -> None:
        report.write(RESULT, tmp_path / "r.json")
        told = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
        assert told["findings"][1]["title"] == "The book has no description."
        report.write(RESULT, tmp_path / "r.html")
        assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")
