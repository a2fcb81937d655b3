"""RTF that is damaged, or made to break readers: never a crash, and the words that can be read are kept."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion.engine.book.model import NoteRef
from conversion.engine.book.words import blocks_text
from conversion.engine.errors import AuthorFixable
from conversion.engine.readers import read_source
from tests.conversion.readers.build import codes, nodes, read

_WORDS = b"The harbour was quiet."


def _read(folder: Path, data: bytes):
    path = folder / "a.rtf"
    path.write_bytes(data)
    return read(path)


def _text(folder: Path, data: bytes) -> str:
    book = _read(folder, data).book
    return "\n".join(blocks_text(chapter.blocks) for chapter in book.chapters)


class TestHostile:
    @pytest.mark.parametrize(
        "attack",
        [
            b"{" * 100_000,
            b"}" * 100_000,
            b"{" * 100_000 + b"}" * 100_000,
            rb"{\footnote " * 5_000,
            rb"{\shp{\*\shpinst{\shptxt " * 2_000,
            rb"{\field{\*\fldinst{" * 2_000,
            rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt " * 2_000,
            rb"{\*\moMath{\mf" * 2_000 + b"}" * 4_000,
            rb"{\*\moMath{\'zz x}{\mf{\~ y}{\*\{ z}}}",
            rb"\u65?" * 50_000,
            rb"\u-65536\u99999999\u1114112\u0\u\uc-5\uc99999\u65 ",
            rb"\bin99999999999999999999 ",
            rb"\bin-5 ",
            rb"{\pict\bin400000000 x}",
            rb"{\pict\pngblip " + b"0" * 1_000_001 + b"}",
            rb"\intbl\itap99999 x\nestcell\nestrow",
            (rb"\trowd" + rb"\cellx1" * 5_000 + rb"\intbl" + rb"\cell" * 5_000 + rb"\row"),
            rb"\trowd\clmrg\clvmrg\cellx5\cell\row\row\nestrow\nestcell\cell",
            rb"\trowd\cellx-99999999999\cellx99999999999\trleft99999999999\intbl x\cell y\cell\row",
            rb"\s99999999999\ls99999999999\ilvl99\outlinelevel99999\li99999999999\fi-99999999999 ",
            rb"\f99999\cs99999\lang99999\fs-1\up99999\dn-99999 ",
            rb"{\*\*\*\unknown x}{\*}{\*\bkmkstart}{\*\pn}{\listtext}{\info}{\fonttbl}{\stylesheet}{\sp}{\field}",
            rb"{\fonttbl{\f0\cpg65000 A;}{\f1\cpg-1 B;}}\f0 +AD4-\f1 x",
            rb"\upr\upr{\upr}{\*\ud x}",
            b"\0\1\2\x7f\xff" * 50,
            b"\\'",
            b"\\'zz\\'4",
            b"\\",
            rb"\mac\pc\ansicpg-1\deff99\deflang-1 ",
        ],
    )
    def test_is_read_with_the_words_before_it(self, tmp_path: Path, attack: bytes) -> None:
        text = _text(tmp_path, rb"{\rtf1\ansi\pard " + _WORDS + rb"\par " + attack + rb"\par\pard x}")
        assert _WORDS.decode() in text

    @pytest.mark.parametrize("start", [b"{" * 3_000, rb"\pard\plain " * 3_000, rb"{\i " * 3_000])
    def test_deep_text_is_not_lost(self, tmp_path: Path, start: bytes) -> None:
        assert _WORDS.decode() in _text(tmp_path, rb"{\rtf1\ansi\pard " + start + _WORDS)

    def test_deep_groups_are_told(self, tmp_path: Path) -> None:
        reading = _read(tmp_path, rb"{\rtf1\ansi\pard " + b"{" * 900 + _WORDS + b"}" * 901)
        assert "source.nesting-flattened" in codes(reading)
        assert "source.cut-short" not in codes(reading)

    @pytest.mark.parametrize(
        "data", [b"{\\rtf", b"{\\rtf1", rb"{\rtf1}", rb"{\rtf1{\info{\title x}}}", b"{\\rtf1\\par\\par}"]
    )
    def test_without_words_is_refused(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "a.rtf").write_bytes(data)
        with pytest.raises(AuthorFixable, match=r"source\.no-text"):
            read_source(tmp_path / "a.rtf", "a.rtf")

    def test_no_address_but_the_usual_ones(self, tmp_path: Path) -> None:
        for address in (b"file:///etc/passwd", b"javascript:x", b"\\\\\\\\host\\\\share", b"data:text/html,x"):
            field = rb'{\field{\*\fldinst HYPERLINK "' + address + rb'"}{\fldrslt go}}'
            reading = _read(tmp_path, rb"{\rtf1\ansi\pard " + field + rb"\par}")
            assert "source.link-dropped" in codes(reading)

    def test_nothing_is_fetched(self, tmp_path: Path) -> None:
        field = rb'{\field{\*\fldinst INCLUDEPICTURE "http://127.0.0.1:9/x.png"}{\fldrslt }}{\*\template http://127.0.0.1:9}'
        assert _WORDS.decode() in _text(tmp_path, rb"{\rtf1\ansi\pard " + field + _WORDS + rb"\par}")


class TestDamaged:
    _WHOLE = (
        rb"{\rtf1\ansi{\fonttbl{\f0 Times;}}{\stylesheet{\s1 heading 1;}}\pard\s1 One\par\pard First words"
        rb"{\footnote a note}, {\i more}.\par\pard second\par\trowd\cellx9\pard\intbl cell\cell\row\pard end\par}"
    )

    @pytest.mark.parametrize("length", range(20, len(_WHOLE), 3))
    def test_cut_anywhere_is_read_or_refused(self, tmp_path: Path, length: int) -> None:
        (tmp_path / "a.rtf").write_bytes(self._WHOLE[:length])
        try:
            reading = read(tmp_path / "a.rtf")
        except AuthorFixable as error:
            assert error.code == "source.no-text"
        else:
            assert "source.cut-short" in codes(reading)

    def test_a_cut_note_keeps_its_words(self, tmp_path: Path) -> None:
        reading = _read(tmp_path, rb"{\rtf1\ansi\pard one{\footnote {\i two")
        assert blocks_text(reading.book.notes["note-1"].blocks) == "two"
        assert len(nodes(reading.book.chapters, NoteRef)) == 1

    def test_a_contents_list_that_never_ends_does_not_swallow_the_book(self, tmp_path: Path) -> None:
        toc = rb"\pard{\field{\*\fldinst TOC}{\fldrslt One 1\par "
        assert _WORDS.decode() in _text(tmp_path, rb"{\rtf1\ansi" + toc + rb"\pard " + _WORDS + rb"\par}")

    def test_words_after_the_last_brace_stay(self, tmp_path: Path) -> None:
        assert _WORDS.decode() in _text(tmp_path, rb"{\rtf1\ansi\pard one\par}}\pard " + _WORDS)


_ALPHABET = "abcxyz AZ09 .,;!?\\{}~*éßñ’“”—…ŁžЖяαΩאבשلعあア漢字ㄅ\u00a0\u2003½€"
_LETTERS = st.text(st.sampled_from(_ALPHABET), max_size=40)


def _escaped(text: str, *, fallback: int) -> bytes:
    out = b""
    for char in text:
        if char in "\\{}":
            out += b"\\" + char.encode()
        elif char.isascii():
            out += char.encode()
        else:
            code = ord(char) - 0x10000 if ord(char) > 0x7FFF else ord(char)
            out += b"\\u%d" % code + (b"?" * fallback or b" ")
    return out


@given(st.lists(_LETTERS, min_size=1, max_size=5), st.integers(0, 3), st.sampled_from([rb"\b", rb"\i", rb"\plain"]))
def test_every_character_comes_out_as_it_went_in(lines: list[str], fallback: int, form: bytes) -> None:
    body = b"".join(
        b"\\pard " + b"{" + form + b" x" + _escaped(line, fallback=fallback) + b"}\\par\n" for line in lines
    )
    with tempfile.TemporaryDirectory() as folder:
        text = _text(Path(folder), b"{\\rtf1\\ansi\\uc%d\\pard |\\par\n%s}" % (fallback, body))
    assert re.sub(r"\s+", "", text) == re.sub(r"\s+", "", "|" + "".join("x" + line for line in lines))


_TOKENS = st.sampled_from(
    rb"{ } \par \pard \b \i0 \u8217? \'e9 \'zz \* \footnote \field \fldinst \fldrslt \pict \bin3 \trowd \cellx9 \cell"
    rb" \row \intbl \itap2 \nestcell \nestrow \nesttableprops \s1 \ls1 \listtext \pn \shp \shptxt \sp \upr \ud \mmath"
    rb" \moMath \uc0 \deleted \v \rtlch \f3 \cs20 \fonttbl \stylesheet \info \object \result \sect \page words 00ff ;"
    rb" HYPERLINK \listtable \list \listlevel \leveltext \listoverride \bkmkstart \nonshppict \shppict \plain \super"
    rb" \header \annotation".split()
)


@given(st.lists(_TOKENS, max_size=80))
def test_any_tokens_are_read_or_refused(tokens: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.rtf"
        path.write_bytes(b"{\\rtf1\\ansi " + b" ".join(tokens))
        try:
            read_source(path, path.name)
        except AuthorFixable as error:
            assert error.code == "source.no-text"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.rtf"
        path.write_bytes(b"{\\rtf1\\ansi " + data)
        try:
            read_source(path, path.name)
        except AuthorFixable as error:
            assert error.code == "source.no-text"
