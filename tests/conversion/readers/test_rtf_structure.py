"""Lists, tables and pictures of an RTF."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.book.model import (
    Aside,
    Figure,
    InlineImage,
    ListBlock,
    Math,
    Paragraph,
    Table,
)
from conversion.engine.book.words import block_text, blocks_text
from tests.conversion.readers.build import codes, nodes, picture, titles
from tests.conversion.readers.rtf_source import blocks_of, inlines_of, read_rtf


class TestLists:
    def test_numbers_bullets_and_levels(self, tmp_path: Path) -> None:
        body = (
            rb"\pard{\listtext 1.\tab}\ls1 one\par\pard{\listtext a)\tab}\ls1\ilvl1 deep\par"
            rb"\pard{\listtext 2.\tab}\ls1 two\par\pard{\listtext\'b7\tab}\ls2 dot\par\pard text\par"
        )
        numbered, bullets, after = blocks_of(tmp_path, body)
        assert (numbered.ordered, numbered.style, len(numbered.items)) == (True, "decimal", 2)
        inner = numbered.items[0].blocks[1]
        assert (inner.ordered, inner.style, block_text(inner)) == (True, "lower-alpha", "deep")
        assert (bullets.ordered, block_text(bullets), block_text(after)) == (False, "dot", "text")

    def test_further_paragraphs_of_an_item(self, tmp_path: Path) -> None:
        body = rb"\pard{\listtext 1.\tab}\ls1 one\par\pard\ls1 more\par\pard{\listtext 2.\tab}\ls1 two\par"
        (block,) = blocks_of(tmp_path, body)
        assert [[block_text(b) for b in item.blocks] for item in block.items] == [["one", "more"], ["two"]]

    def test_a_list_that_begins_elsewhere(self, tmp_path: Path) -> None:
        assert blocks_of(tmp_path, rb"\pard\ls4 five\par")[0].start == 5

    def test_the_number_of_a_heading_is_part_of_it(self, tmp_path: Path) -> None:
        body = rb"\pard\s1\ls3 Salt\par\pard text\par\pard\s1\ls3 Wind\par\pard text\par"
        assert titles(read_rtf(tmp_path, body).book) == ["Chapter I Salt", "Chapter II Wind"]

    @pytest.mark.parametrize(
        ("pn", "ordered", "style"),
        [(rb"\pnlvlblt{\pntxtb\'b7}", False, ""), (rb"\pnlvlbody\pnlcrm\pnstart1{\pntxta.}", True, "lower-roman")],
    )
    def test_lists_of_word_6(self, tmp_path: Path, pn: bytes, ordered: bool, style: str) -> None:
        body = rb"\pard{\pntext 1.\tab}{\*\pn" + pn + rb"}one\par{\pntext 2.\tab}two\par\pard text\par"
        block, after = blocks_of(tmp_path, body)
        assert isinstance(block, ListBlock)
        assert (block.ordered, block.style, len(block.items)) == (ordered, style, 2)
        assert block_text(after) == "text"

    def test_a_number_without_a_list_stays(self, tmp_path: Path) -> None:
        assert block_text(blocks_of(tmp_path, rb"\pard{\listtext 1.\tab}one\par")[0]) == "1. one"


def _row(*cells: bytes, edges: tuple[int, ...] = (), marks: bytes = b"") -> bytes:
    places = b"".join(b"\\cellx%d" % edge for edge in edges or [1000 * (n + 1) for n, _ in enumerate(cells)])
    return rb"\trowd" + marks + places + rb"\pard\intbl " + b"".join(cell + rb"\cell " for cell in cells) + rb"\row"


def _cells(table: Table) -> list[list[tuple[str, int, int]]]:
    return [[(blocks_text(cell.blocks), cell.colspan, cell.rowspan) for cell in row] for row in table.rows]


class TestTables:
    def test_rows_and_what_follows(self, tmp_path: Path) -> None:
        blocks = blocks_of(
            tmp_path, rb"\pard before\par" + _row(b"a", b"{\\b b}") + _row(b"c", b"d") + rb"\pard after\par"
        )
        assert [type(block) for block in blocks] == [Paragraph, Table, Paragraph]
        assert _cells(blocks[1]) == [[("a", 1, 1), ("b", 1, 1)], [("c", 1, 1), ("d", 1, 1)]]

    def test_several_paragraphs_in_a_cell(self, tmp_path: Path) -> None:
        (table,) = blocks_of(tmp_path, _row(rb"a\par b", b"c"))
        assert [block_text(b) for b in table.rows[0][0].blocks] == ["a", "b"]

    def test_merged_to_the_right_by_marks_and_by_edges(self, tmp_path: Path) -> None:
        marked = rb"\trowd\clmgf\cellx1000\clmrg\cellx2000\cellx3000\pard\intbl a\cell\cell b\cell\row"
        (table,) = blocks_of(tmp_path, marked + _row(b"c", b"d", edges=(1010, 3000)) + _row(b"e", b"f", b"g"))
        assert _cells(table) == [
            [("a", 2, 1), ("b", 1, 1)],
            [("c", 1, 1), ("d", 2, 1)],
            [("e", 1, 1), ("f", 1, 1), ("g", 1, 1)],
        ]

    def test_merged_downwards(self, tmp_path: Path) -> None:
        first = rb"\trowd\clvmgf\cellx1000\cellx2000\pard\intbl a\cell b\cell\row"
        second = rb"\trowd\clvmrg\cellx1000\cellx2000\pard\intbl\cell c\cell\row"
        (table,) = blocks_of(tmp_path, first + second)
        assert _cells(table) == [[("a", 1, 2), ("b", 1, 1)], [("c", 1, 1)]]

    def test_header_rows_and_a_row_that_begins_later(self, tmp_path: Path) -> None:
        rows = _row(b"a", b"b", marks=rb"\trhdr") + _row(b"c", edges=(2000,), marks=rb"\trleft1000")
        (table,) = blocks_of(tmp_path, rows)
        assert table.header_rows == 1
        assert all(cell.header for cell in table.rows[0])
        assert _cells(table)[1] == [("", 1, 1), ("c", 1, 1)]

    def test_a_table_in_a_cell(self, tmp_path: Path) -> None:
        inner = (
            rb"\pard\intbl\itap2 x\nestcell y\nestcell{\*\nesttableprops\trowd\cellx500\cellx900\nestrow}"
            rb"{\nonesttables\par}"
        )
        body = rb"\trowd\cellx1000\cellx2000" + inner + rb"\pard\intbl after\cell b\cell\row\pard end\par"
        table, end = blocks_of(tmp_path, body)
        inside = table.rows[0][0].blocks
        assert [type(block) for block in inside] == [Table, Paragraph]
        assert _cells(inside[0]) == [[("x", 1, 1), ("y", 1, 1)]]
        assert (blocks_text(table.rows[0][1].blocks), block_text(end)) == ("b", "end")

    def test_a_table_of_one_cell_is_a_box(self, tmp_path: Path) -> None:
        assert isinstance(blocks_of(tmp_path, _row(b"a") + rb"\pard b\par")[0], Aside)

    @pytest.mark.parametrize(
        "body",
        [
            rb"\pard\intbl a\cell b\cell",
            rb"\pard\intbl a\cell b",
            rb"\trowd\pard\intbl a\cell b\cell\row",
            rb"\trowd\cellx9\cellx5\cellx1\pard\intbl a\cell b\cell\row",
            rb"\pard a\cell b\cell\row",
            rb"\pard\intbl\itap5 a\nestcell\pard\intbl b\cell\row",
        ],
    )
    def test_unfinished_tables_keep_their_words(self, tmp_path: Path, body: bytes) -> None:
        assert blocks_text(blocks_of(tmp_path, body)).split() == ["a", "b"]


def _hex(data: bytes) -> bytes:
    digits = data.hex().encode()
    return b"\n".join(digits[at : at + 80] for at in range(0, len(digits), 80))


class TestPictures:
    @pytest.mark.parametrize("binary", [True, False])
    def test_in_either_coding_with_its_description(self, tmp_path: Path, binary: bool) -> None:
        data = b"\\bin%d " % len(picture()) + picture() if binary else _hex(picture())
        alt = rb"{\*\picprop\shplid1{\sp{\sn wzDescription}{\sv A red square}}}"
        book = read_rtf(tmp_path, rb"\pard{\pict" + alt + rb"\pngblip\picw2\pich2 " + data + rb"}\par\pard b\par").book
        figure = book.chapters[0].blocks[0]
        assert (figure.alt, list(book.assets)) == ("A red square", [figure.asset])

    def test_once_although_it_is_written_twice(self, tmp_path: Path) -> None:
        shown = rb"{\*\shppict{\pict\pngblip " + _hex(picture()) + rb"}}{\nonshppict{\pict\wmetafile8 0100}}"
        assert len(nodes(blocks_of(tmp_path, rb"\pard a " + shown + rb" b\par"), InlineImage)) == 1

    def test_a_bitmap_without_a_file_around_it(self, tmp_path: Path) -> None:
        header = (40).to_bytes(4, "little") + b"\1\0\0\0\1\0\0\0\1\0\x18\0" + bytes(24)
        blocks = blocks_of(tmp_path, rb"\pard{\pict\dibitmap0 " + _hex(header + b"\xff\0\0\0") + rb"}\par\pard b\par")
        assert isinstance(blocks[0], Figure)

    def test_in_a_shape(self, tmp_path: Path) -> None:
        pib = rb"{\sp{\sn pib}{\sv {\pict\pngblip " + _hex(picture()) + rb"}}}"
        shape = rb"{\shp{\*\shpinst" + pib + rb"{\sp{\sn wzDescription}{\sv A boat}}}{\shprslt{\pict\wmetafile8 01}}}"
        assert [image.alt for image in nodes(blocks_of(tmp_path, rb"\pard a " + shape + rb"\par"), InlineImage)] == [
            "A boat"
        ]

    @pytest.mark.parametrize(
        ("pict", "finding"),
        [
            (rb"{\pict\pngblip}", "source.image-missing"),
            (rb"{\pict\pngblip 00ff00ff}", "image.unusable"),
            (rb"{\pict\macpict 0102}", "image.unusable"),
            (rb"{\object\objemb{\*\objdata 0102}{\result{shown}}}", "source.embedded-dropped"),
        ],
    )
    def test_that_cannot_be_shown_are_told(self, tmp_path: Path, pict: bytes, finding: str) -> None:
        reading = read_rtf(tmp_path, rb"\pard words" + pict + rb"\par")
        assert finding in codes(reading)
        assert blocks_text(reading.book.chapters[0].blocks).startswith("words")

    @pytest.mark.parametrize(
        "box", [rb"{\shp{\*\shpinst{\shptxt\pard one\par two\par}}}", rb"{\*\do{\dptxbxtext\pard one\par two\par}}"]
    )
    def test_text_boxes_are_asides(self, tmp_path: Path, box: bytes) -> None:
        before, aside, after = blocks_of(tmp_path, rb"\pard before" + box + rb"\par\pard after\par")
        assert isinstance(aside, Aside)
        assert [block_text(b) for b in (before, aside, after)] == ["before", "one two", "after"]

    def test_formulas(self, tmp_path: Path) -> None:
        fraction = rb"{\mf{\mfPr{\mtype bar}}{\mnum{\mr\mscr0\msty2 a}}{\mden{\mr{\mrPr\mnor}if }}}"
        inlines = inlines_of(tmp_path, rb"x {\mmath{\*\moMath" + fraction + rb"}} y")
        (formula,) = nodes(inlines, Math)
        assert "<mfrac>" in formula.mathml
        assert "<mi>a</mi>" in formula.mathml
