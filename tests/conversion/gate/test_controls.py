"""Control characters are dropped and told of, by the reader of every format."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.book.model import ReaderResult
from conversion.engine.book.words import blocks_text
from conversion.engine.errors import AuthorFixable
from conversion.engine.readers import read_source
from tests.conversion.readers.build import docx, epub, p, zipped

_ODT = "urn:oasis:names:tc:opendocument:xmlns:"
_SALT = "The keeper counted the boats that had not come home, and there were many of them. "


def _odt(folder: Path, text: str) -> Path:
    content = (
        f'<office:document-content xmlns:office="{_ODT}office:1.0" xmlns:text="{_ODT}text:1.0"><office:body>'
        f"<office:text><text:p>{text}</text:p></office:text></office:body></office:document-content>"
    )
    parts: dict[str, bytes | str] = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    return zipped(folder / "a.odt", parts)


def _text(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def _rtf(folder: Path, text: str) -> Path:
    escaped = "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in text)
    return _text(folder, "a.rtf", f"{{\\rtf1\\ansi\\pard\\outlinelevel0 One\\par\\pard {escaped}\\par}}")


_WRITERS = {
    "a.md": lambda folder, text: _text(folder, "a.md", f"# One\n\n{text}\n"),
    "a.txt": lambda folder, text: _text(folder, "a.txt", f"One\n\n{text}\n"),
    "a.html": lambda folder, text: _text(folder, "a.html", f"<h1>One</h1><p>{text}</p>"),
    "a.docx": lambda folder, text: docx(folder / "a.docx", p("One", "Heading1") + p(text)),
    "a.odt": _odt,
    "a.rtf": _rtf,
    "a.epub": lambda folder, text: epub(folder / "a.epub", {"c.xhtml": f"<h1>One</h1><p>{text}</p>"}),
}


def _read(name: str, folder: Path, text: str) -> tuple[ReaderResult, str]:
    path = _WRITERS[name](folder, text)
    reading = read_source(path, path.name)[1]
    return reading, " ".join(blocks_text(chapter.blocks) for chapter in reading.book.chapters)


@pytest.mark.parametrize("name", list(_WRITERS))
@pytest.mark.parametrize("control", ["\x00", "\x01", "\x0e", "\x1a", "\x1f", "\uffff", "\ufffe"])
def test_they_are_dropped_with_a_finding(tmp_path: Path, name: str, control: str) -> None:
    reading, words = _read(name, tmp_path, f"{_SALT}Half a wo{control}rd{control}.{control} {_SALT}")
    assert "Half a word. The keeper" in words
    told = [one.facts for one in reading.findings if one.code == "source.controls-dropped"]
    assert told == [{"count": 3}]


@pytest.mark.parametrize("name", ["a.html", "a.docx", "a.odt", "a.epub"])
@pytest.mark.parametrize("reference", ["&#0;", "&#1;", "&#x1F;", "&#xFFFF;", "&#xD800;", "&#x110000;"])
def test_references_to_them_too(tmp_path: Path, name: str, reference: str) -> None:
    reading, words = _read(name, tmp_path, f"{_SALT}Half a wo{reference}rd.")
    assert "Half a word." in words
    assert [one.facts for one in reading.findings if one.code == "source.controls-dropped"] == [{"count": 1}]


@pytest.mark.parametrize("name", list(_WRITERS))
def test_of_a_clean_manuscript_nothing_is_said(tmp_path: Path, name: str) -> None:
    reading, _ = _read(name, tmp_path, f"{_SALT}A tab\tand a\u00a0space.")
    assert "source.controls-dropped" not in {one.code for one in reading.findings}


@pytest.mark.parametrize("hidden", ["<!DOCTYPE x [<!ENT\x01ITY a 'b'>]>", "<!DOC\x01TYPE x [<!ENTITY a 'b'>]>"])
def test_what_they_hide_is_seen(tmp_path: Path, hidden: str) -> None:
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": f"{hidden}<x>&a;</x>"}
    path = zipped(tmp_path / "a.odt", dict(parts))
    with pytest.raises(AuthorFixable) as refused:
        read_source(path, path.name)
    assert refused.value.code == "source.entity-expansion"
