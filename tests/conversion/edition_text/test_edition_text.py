"""The canonical text, rule by rule. `cases.json` is for every implementation: the reader's JavaScript has it too."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from conversion.engine import edition_text
from conversion.engine.edition_text import EditionText, SampleRun, TextBlock

CASES = json.loads((Path(__file__).parent / "cases.json").read_text())
PAGE = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>{}</body></html>'


def xhtml(inside: str) -> bytes:
    return PAGE.format(inside).encode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_rules(case: dict) -> None:
    assert edition_text.chapter_texts(xhtml(case["xhtml"])) == case["blocks"]


class TestChapterTexts:
    def test_knows_notes_from_running_text(self) -> None:
        notes = '<div class="notes"><aside role="doc-footnote"><p>A note.</p></aside></div>'
        assert edition_text.split_texts(xhtml(f"<p>Text.</p>{notes}")) == (["Text."], ["A note."])

    def test_reads_deeper_than_any_reader_does(self) -> None:
        deep = "<div>" * 900 + "<p>" + "<span>" * 900 + "x" + "</span>" * 900 + "</p>" + "</div>" * 900
        assert edition_text.chapter_texts(xhtml(deep)) == ["x"]

    def test_resolves_no_entity(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("secret")
        page = (
            f'<!DOCTYPE html [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]><html><body><p>a &s; b</p></body></html>'
        )
        assert edition_text.chapter_texts(page.encode()) == ["a &s; b"]


class TestPageTexts:
    def test_lines_of_a_block_are_joined_by_blank_or_inside_a_word(self) -> None:
        lines = [("The lan", 0, True), ("Beside it", 1, False), ("tern was", 0, False), ("lit.", 0, False)]
        page = {"lines": [{"text": text, "block": block, "joined": joined} for text, block, joined in lines]}
        assert edition_text.page_texts(page | {"rest": ["Cafe\u0301\n au lait", " "]}) == [
            "The lantern was lit.",
            "Beside it",
            "Café au lait",
        ]

    def test_a_page_without_words_has_no_blocks(self) -> None:
        text = edition_text.of_pages([{}, {"lines": [], "rest": ["Two."]}])
        assert text.blocks == (TextBlock(1, "Two."),)


class TestFold:
    def test_makes_case_quotation_marks_and_dashes_one(self) -> None:
        assert edition_text.fold("“ÉMILE” – ‘it’s’ «so»") == edition_text.fold("\"émile\" — 'it's' “so”")
        assert edition_text.fold("Straße") == edition_text.fold("STRASSE")

    def test_keeps_what_is_another_word(self) -> None:
        assert edition_text.fold("resume") != edition_text.fold("résumé")


class TestJson:
    def test_comes_back(self) -> None:
        text = EditionText((TextBlock(0, "A “b”"), TextBlock(2, "𠮷")), (SampleRun(0, 4, 2),))
        assert EditionText.from_json(text.to_json()) == text

    def test_is_refused_in_another_version(self) -> None:
        assert EditionText.from_json('{"version":0,"blocks":[]}') is None


class TestTextOfArchive:
    def archive(self, **files: str) -> zipfile.ZipFile:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in files.items():
                archive.writestr(name.replace("__", "/").replace("_", "."), content)
        return zipfile.ZipFile(out)

    def test_is_made_from_chapters_in_the_order_of_the_manifest(self) -> None:
        manifest = {"chapters": [{"href": "chapters/b.xhtml"}, {"href": "chapters/a.xhtml"}]}
        pages = {f"chapters__{name}_xhtml": xhtml(f"<p>{name}</p>").decode() for name in "ab"}
        text = edition_text.text_of_archive(self.archive(book_json=json.dumps(manifest), **pages))
        assert text.blocks == (TextBlock(0, "b"), TextBlock(1, "a"))

    def test_is_made_from_pages_where_there_are_pages(self) -> None:
        pages = json.dumps({"pages": [{"id": "p1"}, {"id": "p2"}]})
        words = json.dumps({"lines": [], "rest": ["Two."]})
        text = edition_text.text_of_archive(self.archive(book_json="{}", pages_json=pages, pages__p2_json=words))
        assert text.blocks == (TextBlock(1, "Two."),)

    def test_takes_the_stored_text_only_in_its_own_version(self) -> None:
        manifest = json.dumps({"chapters": [{"href": "chapters/a.xhtml"}]})
        page = xhtml("<p>computed</p>").decode()
        for version, expected in ((edition_text.VERSION, "stored"), (0, "computed")):
            stored = json.dumps({"version": version, "blocks": [[0, "stored"]]})
            archive = self.archive(book_json=manifest, chapters__a_xhtml=page, text_json=stored)
            assert edition_text.text_of_archive(archive).texts() == [expected]
