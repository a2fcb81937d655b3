"""Verse in every format: stanzas by their lines, couplets and single lines by what stands beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import Paragraph, Verse
from conversion.engine.book.words import block_text
from tests.conversion.readers.build import docx, nodes, p, read, style

_PROSE = "The keeper counted the ships that did not come, and wrote the number into the book that nobody would read."
_ONE = ("Two roads met below the hill,", "And one of them was grey and still.")
_TWO = ("I took the other by the sea,", "And no one came to follow me.")
_THREE = ("The lamp was lit,", "The ships were late,", "We did not wait.")
_LINE = "And still the sea went on."


def _markdown(folder: Path, *stanzas: tuple[str, ...]) -> Path:
    path = folder / "a.md"
    path.write_text("# One\n\n" + "\n\n".join("\\\n".join(stanza) for stanza in stanzas), encoding="utf-8")
    return path


def _html(folder: Path, *stanzas: tuple[str, ...]) -> Path:
    path = folder / "a.html"
    path.write_text("<h1>One</h1>" + "".join(f"<p>{'<br>'.join(stanza)}</p>" for stanza in stanzas), encoding="utf-8")
    return path


def _broken(lines: tuple[str, ...]) -> str:
    return "<w:r>" + "<w:br/>".join(f"<w:t>{line}</w:t>" for line in lines) + "</w:r>"


def _word(folder: Path, *stanzas: tuple[str, ...]) -> Path:
    body = p("One", "H") + "".join(p(runs=_broken(stanza)) for stanza in stanzas)
    return docx(folder / "a.docx", body, styles=style("H", "heading 1"))


def _rtf(folder: Path, *stanzas: tuple[str, ...]) -> Path:
    body = "".join(f"\\pard {'\\line '.join(stanza)}\\par\n" for stanza in stanzas)
    path = folder / "a.rtf"
    path.write_text(f"{{\\rtf1\\ansi\\pard\\outlinelevel0 One\\par\n{body}}}", encoding="utf-8")
    return path


def _text(folder: Path, *stanzas: tuple[str, ...]) -> Path:
    path = folder / "a.txt"
    wrapped = _PROSE[:68] + "\n" + _PROSE[68:]
    parts = [wrapped if stanza == (_PROSE,) else "\n".join(stanza) for stanza in stanzas]
    path.write_text("\n\n".join([wrapped, *parts]), encoding="utf-8")
    return path


_FORMATS = {"md": _markdown, "html": _html, "docx": _word, "rtf": _rtf, "txt": _text}


def _stanzas(path: Path) -> list[list[list[str]]]:
    """The poems of a book: the lines of their stanzas."""
    blocks = [block for chapter in read(path).book.chapters for block in chapter.blocks]
    return [
        [[plain_text(line.inlines) for line in stanza] for stanza in block.stanzas]
        for block in blocks
        if isinstance(block, Verse)
    ]


def _loose(path: Path) -> list[list[str]]:
    return [stanza for poem in _stanzas(path) for stanza in poem]


@pytest.mark.parametrize("kind", list(_FORMATS))
class TestNeighbours:
    def test_couplets_beside_each_other_are_a_poem(self, tmp_path: Path, kind: str) -> None:
        path = _FORMATS[kind](tmp_path, (_PROSE,), _ONE, _TWO, (_PROSE,))
        assert _stanzas(path) == [[list(_ONE), list(_TWO)]]

    @pytest.mark.parametrize("order", [(_ONE, _THREE), (_THREE, _ONE), (_ONE, _THREE, _TWO)])
    def test_a_couplet_beside_a_stanza_belongs_to_it(self, tmp_path: Path, kind: str, order: tuple) -> None:
        path = _FORMATS[kind](tmp_path, (_PROSE,), *order, (_PROSE,))
        assert _stanzas(path) == [[list(stanza) for stanza in order]]

    def test_one_alone_is_not(self, tmp_path: Path, kind: str) -> None:
        assert _stanzas(_FORMATS[kind](tmp_path, (_PROSE,), _ONE, (_PROSE,))) == []

    def test_a_line_between_stanzas_belongs_to_them(self, tmp_path: Path, kind: str) -> None:
        path = _FORMATS[kind](tmp_path, _THREE, (_LINE,), _ONE, _THREE)
        assert _stanzas(path) == [[list(_THREE), [_LINE], list(_ONE), list(_THREE)]]

    @pytest.mark.parametrize(
        "between",
        [
            "“Go on,” said Alice.",
            "The Second Voyage",
            "CHORUS.",
            "Chapter 3.",
            "He read on, and what he read was this, which he had not known before:",
        ],
    )
    def test_what_stands_between_poems_does_not(self, tmp_path: Path, kind: str, between: str) -> None:
        assert [between] not in _loose(_FORMATS[kind](tmp_path, _THREE, (between,), _THREE))

    def test_a_line_between_stanzas_of_a_novel_is_prose(self, tmp_path: Path, kind: str) -> None:
        path = _FORMATS[kind](tmp_path, *[(_PROSE,)] * 6, _THREE, (_LINE,), _THREE)
        assert [_LINE] not in _loose(path)

    @pytest.mark.parametrize(
        "pair",
        [
            ("Q: Why the sea?", "A: It was there."),
            ("Ann: I am cold.", "Bo: So am I."),
            ("“Are you cold?”", "“I am not.”"),
            ("© 2026 Ann Lee", "All rights reserved"),
            ("12 Harbour Road", "Port Isaac"),
            ("THE LAMP", "A Tale of the Sea"),
            ("Chapter One", "The Lamp"),
        ],
    )
    def test_pairs_of_lines_that_are_no_verse(self, tmp_path: Path, kind: str, pair: tuple[str, str]) -> None:
        assert _stanzas(_FORMATS[kind](tmp_path, (_PROSE,), pair, pair, (_PROSE,))) == []


class TestStyles:
    _STYLE = style("V", "Verse")

    def _poems(self, folder: Path, *paragraphs: str) -> list[list[list[str]]]:
        return _stanzas(docx(folder / "a.docx", "".join(paragraphs) + p(_PROSE), styles=self._STYLE))

    def test_paragraphs_of_several_lines_are_stanzas(self, tmp_path: Path) -> None:
        couplets = [p("", "V", runs=_broken(lines)) for lines in (_ONE, _TWO, (_LINE,))]
        assert self._poems(tmp_path, *couplets) == [[list(_ONE), list(_TWO), [_LINE]]]

    def test_paragraphs_of_one_line_are_lines(self, tmp_path: Path) -> None:
        turned = p("", "V", runs=_broken(("A line that is turned", "over")))
        lines = [p(line, "V") for line in _THREE]
        assert self._poems(tmp_path, *lines, turned, p(), lines[0]) == [
            [[*_THREE, "A line that is turned", "over"], [_THREE[0]]]
        ]


def test_indents_survive_the_look_at_the_neighbours(tmp_path: Path) -> None:
    lines = "<p>Two roads met,<br>&#160;&#160;&#160;&#160;and one was still.</p>"
    (tmp_path / "a.html").write_text(f"<h1>One</h1>{lines * 2}", encoding="utf-8")
    (poem,) = nodes(read(tmp_path / "a.html").book.chapters, Verse)
    assert [[line.indent for line in stanza] for stanza in poem.stanzas] == [[0, 1], [0, 1]]


def test_centred_pairs_of_a_title_page_are_no_verse(tmp_path: Path) -> None:
    pair = "<p style='text-align:center'>The Lamp<br>by Ann Lee</p>"
    (tmp_path / "a.html").write_text(f"{pair * 2}<h1>One</h1><p>{_PROSE}</p>", encoding="utf-8")
    blocks = read(tmp_path / "a.html").book.chapters[0].blocks
    assert all(isinstance(block, Paragraph) for block in blocks)
    assert block_text(blocks[0]) == "The Lamp by Ann Lee"
