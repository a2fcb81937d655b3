"""Places of KOReader in EPUB and KEPUB, there and back, and resolved a second way."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from conversion.engine.api import edition_text, watermark
from storefront.devices.kosync import xpointers
from storefront.devices.kosync.book_files import BookFile, Run, block_at, place_of, read_place, runs_of, write_place
from storefront.devices.kosync.xpointers import Found, Step, XPointer, find, parse, write
from tests.conftest import SHARED
from tests.conversion.watermark.stamped import manuscript
from tests.storefront.devices.kosync_books import converted, of_html, verse

XHTML = "http://www.w3.org/1999/xhtml"


def page(body: str) -> etree._Element:
    return etree.fromstring(f'<html xmlns="{XHTML}"><head><title>T</title></head><body>{body}</body></html>')


def opened(content: bytes) -> BookFile:
    return BookFile(zipfile.ZipFile(io.BytesIO(content)))


def blocks_of(web: bytes) -> list[str]:
    return edition_text.text_of_archive(zipfile.ZipFile(io.BytesIO(web))).texts()


def words_at(book: BookFile, place: str) -> str:
    """What stands there, found as crengine's `createXPointerV2` does: step by step, an index left out is the first."""
    match = re.fullmatch(r"/body/DocFragment\[(\d+)\](.*)\.0", place)
    assert match, place
    node = book.root(int(match[1]) - 1)
    for step in match[2].strip("/").split("/"):
        name, index = re.fullmatch(r"([\w()]+)(?:\[(\d+)\])?", step).groups()  # type: ignore[union-attr]
        number = int(index or 1) - 1
        if name == "text()":
            return str(node.xpath("text()")[number])
        node = [child for child in node if etree.QName(child).localname == name][number]
    return "".join(node.itertext())


def check(book: dict[str, bytes], *, step: int) -> int:
    """Every so many blocks, there, back, and resolved by another reader; how many."""
    blocks, count = blocks_of(book["web"]), 0
    for kind in ("epub", "kepub"):
        file = opened(book[kind])
        runs = file.runs(blocks)
        assert sum(run.length for run in runs) == len(blocks), kind
        for number in range(0, len(blocks), step):
            place = write_place(file, runs, number)
            assert read_place(file, runs, place) == (number, 0), place
            explicit = re.sub(r"(?<=[a-z)])(?=[/.])", "[1]", place.removeprefix("/body"))
            assert read_place(file, runs, f"/body[1]{explicit}") == (number, 0), explicit
            found = edition_text.normalised(words_at(file, place))
            assert found and blocks[number].startswith(found[:20].strip()), place
            count += 1
    return count


def marked(content: bytes) -> BookFile:
    """The file as a reader's device has it, and as the shop reads it without making the copy."""
    stamp = watermark.Stamp("ab" * 32, "0" * 64, "ord_k3v9")
    archive = zipfile.ZipFile(io.BytesIO(content))
    return BookFile(archive, lambda name: watermark.stamped_entry(archive, name, stamp))


def check_marked(book: dict[str, bytes], *, step: int) -> int:
    """In a marked copy, every so many blocks: their beginning, and a character in each of their text nodes; how
    many."""
    blocks, count = blocks_of(book["web"]), 0
    for kind in ("epub", "kepub"):
        file = marked(book[kind])
        runs = opened(book[kind]).runs(blocks)
        for number in range(0, len(blocks), step):
            assert read_place(file, runs, write_place(file, runs, number)) == (number, 0), number
            fragment, ordinal = place_of(runs, number)  # type: ignore[misc]
            root = file.root(fragment)
            before = ""
            for element, is_tail, text in edition_text.text_pieces(list(edition_text.block_elements(root))[ordinal][0]):
                if element is None:
                    before += text
                    continue
                at = len(text) - len(text) // 4
                parent = element.getparent() if is_tail else element
                nodes = [parent] * bool(parent.text) + [child for child in parent if child.tail]  # type: ignore[union-attr]
                way = root.getroottree().getelementpath(parent).replace(f"{{{XHTML}}}", "")
                place = f"/body/DocFragment[{fragment + 1}]/{way}/text()[{nodes.index(element) + 1}].{at}"
                expected = len(edition_text.normalised(before + text[:at]))
                assert read_place(file, runs, place) == (number, expected), place
                before += text
                count += 1
    return count


def test_every_block_of_a_small_book_there_and_back() -> None:
    assert check(dict(verse()), step=1) > 50


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name",
    [
        "pride-and-prejudice/pride-and-prejudice.epub",
        "kusamakura-japanese-vertical-writing/kusamakura-japanese-vertical-writing.epub",
        "flatland/flatland.epub",
        "poe-poetry/poe-poetry.epub",
        "pandoc-manual/pandoc-manual.md",
    ],
)
def test_every_fiftieth_block_of_real_books_there_and_back(name: str) -> None:
    source = SHARED / "corpus" / name
    if not source.exists():
        pytest.skip("needs the corpus")
    book = dict(converted(Path(source)))
    assert check(book, step=50) > 10
    assert check_marked(book, step=50) > 10


class TestMarkedCopies:
    def test_characters_after_a_mark_are_those_of_the_text(self):
        assert check_marked(dict(of_html(re.sub("</?i>", "", manuscript(chapters=2)))), step=1) > 30

    @pytest.mark.parametrize("kind", ["epub", "kepub"])
    def test_the_line_after_the_last_page_is_the_end_of_the_book(self, kind):
        book = of_html(manuscript(chapters=2))
        blocks = blocks_of(book["web"])
        file, runs = marked(book[kind]), opened(book[kind]).runs(blocks)
        last = len(file.spine)
        while b"copy-line" not in etree.tostring(file.root(last - 1)):
            last -= 1
        line = file.root(last - 1).find(".//{*}p[@class='copy-line']")
        way = line.getroottree().getelementpath(line).replace(f"{{{XHTML}}}", "")  # type: ignore[union-attr]
        place = read_place(file, runs, f"/body/DocFragment[{last}]/{way}.0")
        assert place == (len(blocks) - 1, 0)


class TestParse:
    def test_reads_what_older_and_newer_engines_write(self):
        old = parse("/body/DocFragment[12]/body/section/p[3]/text()[2].17")
        new = parse("/body[1]/DocFragment[12]/body[1]/section[1]/p[3]/text()[2].17")
        steps = (Step("body", 1), Step("section", 1), Step("p", 3), Step("text()", 2))
        assert old == new == XPointer(12, steps, 17)

    def test_leaves_out_the_boxes_of_the_layout(self):
        assert parse("/body/DocFragment/body/autoBoxing/p/text().0") == XPointer(
            1, (Step("body", 1), Step("p", 1), Step("text()", 1)), 0
        )

    @pytest.mark.parametrize("text", ["", "17", "/body/section/p.0", "#_doc_fragment_3", "/body/DocFragment[1]/p[x].0"])
    def test_knows_what_is_none(self, text):
        assert parse(text) is None


class TestFind:
    root = page("<section><h1>One</h1><p>A <em>big</em> day</p><img/><p>B</p></section>")

    @pytest.mark.parametrize(
        ("way", "expected"),
        [
            ("/body/section/h1/text().0", Found(0, 0)),
            ("/body/section/p[1]/text()[1].1", Found(1, 1)),
            ("/body/section/p[1]/em/text().2", Found(1, 4)),
            ("/body/section/p[1]/text()[2].1", Found(1, 5)),
            ("/body/section/p[1]/em.0", Found(1, 1)),
            ("/body/section/img.0", Found(2, 0)),
            ("/body/section/p[9]/text().0", Found(0, 0)),
            ("/body/section/p[2]/text().999", Found(2, 1)),
            ("/body.0", Found(0, 0)),
            ("", Found(0, 0)),
        ],
    )
    def test_the_block_and_the_character(self, way, expected):
        pointer = parse(f"/body/DocFragment[1]{way}")
        assert pointer is not None
        assert find(self.root, pointer) == expected

    def test_the_last_block_where_none_follows(self):
        pointer = parse("/body/DocFragment[1]/body/section/img.0")
        assert pointer is not None
        assert find(page("<section><p>A</p><p>B</p><img/></section>"), pointer) == Found(1, 0)

    def test_nothing_in_a_file_without_words(self):
        assert find(page("<img/>"), XPointer(1, (), 0)) is None


class TestWrite:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("<p>Alone</p>", "/body/p/text().0"),
            ("<p>A <b>b</b> c</p>", "/body/p/text()[1].0"),
            ("<p><b>b</b> c</p>", "/body/p/b/text().0"),
            ("<p><a id='x'/>c</p>", "/body/p/text().0"),
            ("<p> <br/>c</p>", "/body/p.0"),
            ("<p>One</p><p>Two</p>", "/body/p[1]/text().0"),
        ],
    )
    def test_the_short_form(self, body, expected):
        assert write(page(body), fragment=4, ordinal=0) == f"/body/DocFragment[4]{expected}"


class TestRuns:
    def test_skip_what_only_the_file_has(self):
        files = [["Cover"], ["One", "a", "b"], ["Two", "c"], ["Made with care"]]
        runs = runs_of(files, ["One", "a", "b", "Two", "c"])
        assert runs == [Run(1, 0, 0, 3), Run(2, 0, 3, 2)]
        assert block_at(runs, 0, 0) == (0, False)
        assert block_at(runs, 1, 2) == (2, True)
        assert block_at(runs, 3, 0) == (4, False)
        assert [place_of(runs, number) for number in (0, 4)] == [(1, 0), (2, 1)]

    def test_find_notes_that_stand_elsewhere(self):
        runs = runs_of([["One", "note 1"], ["a", "note 2"]], ["One", "a", "note 1", "note 2"])
        assert {(run.file, run.ordinal): run.block for run in runs} == {(0, 0): 0, (0, 1): 2, (1, 0): 1, (1, 1): 3}

    def test_a_block_that_no_file_has_is_the_next_one(self):
        runs = runs_of([["One", "b"]], ["One", "a", "b", "c"])
        assert place_of(runs, 1) == (0, 1)
        assert place_of(runs, 3) == (0, 1)
        assert place_of([], 3) is None


def test_a_page_number_is_no_place_in_an_epub() -> None:
    file = opened(verse()["epub"])
    assert read_place(file, [], "17") is None
    assert read_place(file, [], "/body/DocFragment[99]/body/p/text().0") is None
    assert xpointers.parse("17") is None
