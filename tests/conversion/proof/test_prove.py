"""From pages to an archive: which are drawn, what the index says, equal bytes for equal pages."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from conversion.engine.book.model import Cell, Chapter, CodeBlock, Paragraph, Table, Text
from conversion.engine.proof import Traits, prove
from conversion.engine.proof.choice import MAX_PAGES, PageProbe, needles
from conversion.engine.proof.pages import Box, OutlineEntry, Page, Picture
from tests.conversion.proof.pages import PHONE, PRINT, FakeSource, full_page, line, page

ENGLISH = Traits(contents="Contents")


def a_book(count: int = 60) -> FakeSource:
    """A cover, a title, a contents page, then chapters of six pages."""
    cover = page(pictures=(Picture(Box(0, 0, 90, 160), 900, 1600),), index=0)
    contents = page(line("3"), line("Contents", row=1), line("One 3", row=2), index=2)
    pages = [cover, full_page(1), contents, *(full_page(n) for n in range(3, count))]
    return FakeSource(pages, [OutlineEntry(f"Chapter {n}", 3 + 6 * n) for n in range((count - 3) // 6)])


def index_of(path: Path) -> dict:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("index.json"))


class TestProve:
    def test_draws_what_an_author_opens_first(self, tmp_path):
        proof = prove(a_book(), PHONE, tmp_path / "p.zip", ENGLISH)
        index = index_of(tmp_path / "p.zip")
        why = {drawn["label"]: drawn["why"] for drawn in index["drawn"]}
        assert (why["Cover"], why["1"], why["2"], why["3"]) == (["cover"], ["title"], ["contents"], ["opening"])
        assert why["4"] == ["plain"]
        assert sum("opening" in reasons for reasons in why.values()) == 7
        assert proof.drawn == len(index["drawn"])
        first = index["drawn"][0]
        assert (index["pages"], first["page_width"], first["page_height"]) == (60, 900, 1600)

    def test_boxes_what_is_wrong_and_tells_it(self, tmp_path):
        source = a_book()
        source.given[18] = page(line("https://over.the.edge/", right=-20), line(row=1), index=18)
        proof = prove(source, PHONE, tmp_path / "p.zip", ENGLISH)
        (drawn,) = [drawn for drawn in index_of(tmp_path / "p.zip")["drawn"] if drawn["faults"]]
        assert (drawn["number"], drawn["why"], drawn["chapter"]) == (19, ["fault"], "Chapter 2")
        (fault,) = drawn["faults"]
        assert (fault["code"], fault["severity"]) == ("page.text-cut", "blocker")
        assert (fault["left"], fault["top"], fault["width"], fault["height"]) == (80, 90, 940, 40)
        assert [finding.code for finding in proof.findings] == ["page.text-cut"]

    def test_draws_no_more_than_it_may_and_some_of_each_code(self, tmp_path):
        source = a_book(200)
        for n in range(30, 60):
            source.given[n] = page(*(line(f"syl{row}", row=row, is_broken=row < 3) for row in range(6)), index=n)
        source.given[150] = page(line("tiny but readable", size_pt=5), line(row=1), index=150)
        prove(source, PHONE, tmp_path / "p.zip", ENGLISH)
        drawn = index_of(tmp_path / "p.zip")["drawn"]
        assert len(drawn) <= MAX_PAGES
        assert 151 in [one["number"] for one in drawn], "many of one code hide no other"

    def test_equal_pages_give_equal_bytes(self, tmp_path):
        for name in ("a", "b"):
            prove(a_book(), PHONE, tmp_path / name, ENGLISH)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_pictures_are_grey_where_there_is_no_colour(self, tmp_path):
        prove(a_book(), PHONE, tmp_path / "p.zip", ENGLISH)
        files = [drawn["file"] for drawn in index_of(tmp_path / "p.zip")["drawn"]]
        assert files[:2] == ["pages/0001.jpg", "pages/0002.png"]

    def test_looks_for_rivers_only_where_lines_are_justified(self, tmp_path):
        words = " ".join(["word"] * 20)
        for target, is_asked in ((PHONE, False), (PRINT, True)):
            rows = [line(words, row=row, target=target) for row in range(8)]
            source = FakeSource([Page(n, target.width_mm, target.height_mm, tuple(rows)) for n in range(40)])
            prove(source, target, tmp_path / target.name, ENGLISH)
            assert bool(source.asked) == is_asked
            assert len(source.asked) <= 12

    def test_a_book_without_pages_or_outline(self, tmp_path):
        assert prove(FakeSource([]), PHONE, tmp_path / "a", ENGLISH).drawn == 0
        assert prove(FakeSource([full_page(0)]), PHONE, tmp_path / "b", ENGLISH).drawn == 1


class TestNeedles:
    def test_finds_the_page_with_a_table_and_with_code(self, tmp_path):
        chapter = Chapter("c1", "One", [])
        table = Table([[Cell([Paragraph([Text("Tides of the year")])])]])
        code = CodeBlock("print('high water')\n")
        wanted = needles([(chapter, table), (chapter, code), (chapter, CodeBlock("x"))])
        assert wanted == [PageProbe("table", "Tidesoftheyear"), PageProbe("code", "printhighwater")]
        source = a_book()
        source.given[31] = page(line("Tides of"), line("the year", row=1), index=31)
        prove(source, PHONE, tmp_path / "p.zip", ENGLISH, wanted=wanted)
        assert [drawn["number"] for drawn in index_of(tmp_path / "p.zip")["drawn"] if "table" in drawn["why"]] == [32]
