"""A reader that fails inside one part of a manuscript keeps its words, in their place, and says where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import ReaderResult, Table
from conversion.engine.book.words import blocks_text
from conversion.engine.readers.assembly.paragraphs import Paragraphs
from conversion.engine.readers.docx import blocks as docx_blocks
from conversion.engine.readers.html.flow import Flow
from conversion.engine.readers.html.walk import Walker
from conversion.engine.readers.odt import walk as odt_walk
from conversion.engine.readers.rtf.walk import Walk
from tests.conversion.readers import build

_BEFORE, _FAILS, _AFTER = "The boat came in.", "Here they stumble and fall.", "Nobody saw it."
_ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:text>{}'
    "</office:text></office:body></office:document-content>"
)


def _docx(folder: Path, middle: str) -> ReaderResult:
    return build.read(build.docx(folder / "a.docx", build.p(_BEFORE) + middle + build.p(_AFTER)))


def _odt(folder: Path, middle: str) -> ReaderResult:
    content = _ODT.format(f"<text:p>{_BEFORE}</text:p>{middle}<text:p>{_AFTER}</text:p>")
    parts: dict[str, bytes | str] = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    return build.read(build.zipped(folder / "a.odt", parts))


def _html(folder: Path, middle: str) -> ReaderResult:
    return build.written(folder, "a.html", f"<p>{_BEFORE}</p>{middle}<p>{_AFTER}</p>")


def _epub(folder: Path, middle: str) -> ReaderResult:
    body = f"<h1>One</h1><p>{_BEFORE}</p>{middle}<p>{_AFTER}</p>"
    return build.read(build.epub(folder / "a.epub", {"one.xhtml": build.xhtml(body)}))


def _markdown(folder: Path, middle: str) -> ReaderResult:
    return build.written(folder, "a.md", f"{_BEFORE}\n\n{middle}\n\n{_AFTER}\n")


def _rtf(folder: Path, middle: str) -> ReaderResult:
    return build.written(folder, "a.rtf", rf"{{\rtf1\ansi {_BEFORE}\par {middle}\par {_AFTER}\par}}")


def _fail_at_stumbling(monkeypatch: pytest.MonkeyPatch, error: type[Exception] = ZeroDivisionError) -> None:
    """Let every reader fail at a paragraph with that word."""
    whole_put, whole_paragraph = Paragraphs.put, Flow._paragraph

    def put(self: Paragraphs, inlines: list, *others: object) -> None:
        if "stumble" in plain_text(inlines):
            raise error
        whole_put(self, inlines, *others)  # type: ignore[arg-type]

    def paragraph(self: Flow, element: object, *others: object) -> None:
        if "stumble" in "".join(element.itertext()):  # type: ignore[attr-defined]
            raise error
        whole_paragraph(self, element, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(Paragraphs, "put", put)
    monkeypatch.setattr(Flow, "_paragraph", paragraph)


def _raise(*given: object, **options: object) -> None:
    raise ZeroDivisionError


def _told(reading: ReaderResult) -> list[tuple[str, int | str, str]]:
    return [
        (str(one.severity), one.facts["count"], one.quote)
        for one in reading.findings
        if one.code == "source.part-plain"
    ]


def _text(reading: ReaderResult) -> list[str]:
    return "\n".join(blocks_text(chapter.blocks) for chapter in reading.book.chapters).split("\n")


@pytest.mark.parametrize(
    ("read", "middle"),
    [
        (_docx, build.p("", runs=build.run("Here they ") + build.run("stumble", "<w:i/>") + build.run(" and fall."))),
        (_odt, "<text:p>Here they <text:span>stumble</text:span> and fall.</text:p>"),
        (_html, "<p>Here they <em>stumble</em> and fall.</p>"),
        (_epub, "<p>Here they <em>stumble</em> and fall.</p>"),
        (_markdown, "Here they *stumble* and fall."),
        (_rtf, r"Here they {\i stumble} and fall."),
    ],
    ids=["docx", "odt", "html", "epub", "md", "rtf"],
)
def test_a_paragraph_keeps_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path, str], ReaderResult], middle: str
) -> None:
    _fail_at_stumbling(monkeypatch)
    reading = read(tmp_path, middle)
    assert _text(reading)[-3:] == [_BEFORE, _FAILS, _AFTER]
    assert _told(reading) == [("problem", 1, _FAILS)]


_CELLS = (
    "<w:tr><w:tc><w:p><w:r><w:t>May</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc></w:tr>"
)
_ODT_CELLS = (
    "<table:table-cell><text:p>May</text:p></table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell>"
)


@pytest.mark.parametrize(
    ("read", "middle", "failing"),
    [
        (_docx, f"<w:tbl>{_CELLS}</w:tbl>", (docx_blocks, "read_table")),
        (_odt, f"<table:table><table:table-row>{_ODT_CELLS}</table:table-row></table:table>", (odt_walk, "Table")),
        (_html, "<table><tr><td>May</td><td>12</td></tr></table>", (Walker, "_table")),
        (_epub, "<table><tr><td>May</td><td>12</td></tr></table>", (Walker, "_table")),
    ],
    ids=["docx", "odt", "html", "epub"],
)
def test_a_table_keeps_its_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    read: Callable[[Path, str], ReaderResult],
    middle: str,
    failing: tuple[object, str],
) -> None:
    monkeypatch.setattr(*failing, _raise)
    reading = read(tmp_path, middle)
    assert _text(reading)[-4:] == [_BEFORE, "May", "12", _AFTER]
    assert build.nodes(reading.book, Table) == []
    assert _told(reading) == [("problem", 1, "May")]


def test_a_cell_that_fails_leaves_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_at_stumbling(monkeypatch)
    reading = _docx(tmp_path, f"<w:tbl>{_CELLS.replace('May', _FAILS)}</w:tbl>")
    assert len(build.nodes(reading.book, Table)) == 1
    assert _told(reading) == [("problem", 1, _FAILS)]


def test_a_note_keeps_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_at_stumbling(monkeypatch)
    mark = "<a epub:type='noteref' href='#n'>1</a>"
    note = f"<aside epub:type='footnote' id='n'><p>{_FAILS}</p></aside>"
    reading = _epub(tmp_path, f"<p>Look.{mark}</p>{note}")
    (only,) = reading.book.notes.values()
    assert blocks_text(only.blocks) == _FAILS
    assert _told(reading) == [("problem", 1, _FAILS)]


def test_a_chapter_of_loose_words_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Flow, "_flush", _raise)
    reading = _html(tmp_path, "loose <b>words</b>")
    assert _text(reading) == [_BEFORE, "loose words", _AFTER]


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_what_protects_us_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    _fail_at_stumbling(monkeypatch, error)
    with pytest.raises(error):
        _docx(tmp_path, build.p(_FAILS))


def test_deleted_and_hidden_marks_are_no_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_at_stumbling(monkeypatch)
    deleted = '<w:del w:id="1" w:author="A"><w:r><w:delText>gone</w:delText></w:r></w:del>'
    field = "<w:r><w:instrText>PAGEREF x</w:instrText></w:r>"
    reading = _docx(
        tmp_path, build.p("", runs=build.run("Here they stumble") + deleted + field + build.run(" and fall."))
    )
    assert _text(reading)[-3:] == [_BEFORE, _FAILS, _AFTER]


def test_a_word_of_rtf_that_fails_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Walk._word

    def fail(self: Walk, word: bytes, number: int | None) -> None:
        if word == b"i":
            raise ZeroDivisionError
        whole(self, word, number)

    monkeypatch.setattr(Walk, "_word", fail)
    reading = _rtf(tmp_path, r"Here they {\i stumble} and fall.")
    assert _text(reading)[-3:] == [_BEFORE, _FAILS, _AFTER]
    assert [one.code for one in reading.findings].count("source.part-plain") == 1
