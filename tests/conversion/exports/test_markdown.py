"""Markdown for leaving with: read again by our own reader it gives the same words, and what they mean."""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion.engine.book.model import (
    Book,
    Chapter,
    CodeBlock,
    CodeSpan,
    Emphasis,
    Heading,
    Inline,
    Language,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Math,
    Metadata,
    Note,
    NoteRef,
    Paragraph,
    Quotation,
    Ruby,
    SmallCaps,
    Strong,
    Table,
    Text,
    Underline,
    Verse,
)
from conversion.engine.book.walk import walk
from conversion.engine.exports.markdown import markdown, write_markdown
from conversion.engine.exports.markdown.inline import code_span, escaped
from conversion.engine.markup import plain
from conversion.engine.readers import read_source
from tests.conversion import books


def again(book: Book) -> Book:
    """The book written as Markdown and read back."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.md"
        path.write_text(markdown(book, dict.fromkeys(book.assets, "x.png")), encoding="utf-8")
        return read_source(path, path.name)[1].book


def unspaced(book: Book) -> str:
    return "".join("".join(plain(chapter.blocks).split()) for chapter in book.chapters)


def kinds(book: Book) -> Counter[str]:
    return Counter(type(node).__name__ for chapter in book.chapters for node in walk(chapter.blocks))


def one_chapter(*blocks, notes: dict[str, Note] | None = None) -> Book:
    made = [Heading(1, [Text("One")]), *blocks]
    return Book(Metadata(title="T", language="en"), [Chapter("one", "One", made)], notes=notes or {})


class TestRoundTrip:
    def test_a_book_with_everything_keeps_its_words(self) -> None:
        book = books.rich_book()
        assert unspaced(again(book)) == unspaced(book)

    def test_what_words_mean_is_kept(self) -> None:
        book = books.rich_book()
        before, after = kinds(book), kinds(again(book))
        same = (Heading, Verse, Quotation, CodeBlock, CodeSpan, Emphasis, Strong, SmallCaps, Underline, Math, Ruby)
        for kind in (*same, NoteRef, Table, ListBlock):
            assert after[kind.__name__] == before[kind.__name__], kind

    def test_details_are_kept(self) -> None:
        book = books.rich_book()
        about = again(book).metadata
        for name in ("title", "subtitle", "language", "description", "publisher", "rights", "published", "subjects"):
            assert getattr(about, name) == getattr(book.metadata, name)
        assert [person.name for person in about.contributors] == ["Ines Marlow"]

    def test_notes_are_kept_with_their_places(self) -> None:
        notes = {"a": Note("a", [books.text("First."), books.text("Second.")]), "b": Note("b", [books.text("Alone.")])}
        book = one_chapter(books.text("Words", NoteRef("a"), " and more."), notes=notes)
        read = again(book)
        assert [plain(note.blocks) for note in read.notes.values()] == ["First. Second.", "Alone."]
        assert kinds(read)["NoteRef"] == 2  # the note nobody referred to has a mark at the end now

    def test_languages_and_links_are_kept(self) -> None:
        inlines: list[Inline] = [
            Language([Text("Où ?")], "fr"),
            Text(" "),
            Link([Text("See [here]")], "https://example.org/a_b_c?q=1*2"),
            Text("(not a link)"),
        ]
        read = again(one_chapter(Paragraph(inlines)))
        nodes = [node for node in walk(read.chapters[0].blocks) if isinstance(node, Language | Link)]
        assert [(type(node).__name__, getattr(node, "lang", getattr(node, "href", ""))) for node in nodes] == [
            ("Language", "fr"),
            ("Link", "https://example.org/a_b_c?q=1*2"),
        ]

    @pytest.mark.parametrize(
        "start",
        ["1. not a list", "1986. A year", "- dash", "+ plus", "# hash", "> more", "    code?", "| bar", ": colon",
         "I. Introduction", "(a) first", "---", "===", "***", "```", "~~~", "% title", "::: box", "[^1]: note",
         "<b>tag</b>", "&amp; entity", "{.class}", "$x$ and $y$", "x^2^ and H~2~O", "@example", "a\\*b", "![x](y)",
         "Vec<T>", "snake_case_name", "*", "_", "[x]{.y}", "ends in {#id}", "--> <!-- x", "\\", "^[inline]"],
    )  # fmt: skip
    def test_signs_stay_letters(self, start: str) -> None:
        start += " word"  # a line of signs alone is a scene break in every source
        for block in (books.text(start), books.text("Before", LineBreak(), start), Heading(2, [Text(start)])):
            book = one_chapter(block)
            assert unspaced(again(book)) == unspaced(book)

    @pytest.mark.parametrize("text", ["#", "ends ##", "a #b", "###"])
    def test_hashes_at_the_end_of_a_heading_stay(self, text: str) -> None:
        assert unspaced(again(one_chapter(Heading(2, [Text(text)])))) == f"One{text}".replace(" ", "")

    @pytest.mark.parametrize("code", ["a`b", "`", "``x``", " x ", "a|b", "<b>*x*</b>", "&amp;"])
    def test_code_stays_code(self, code: str) -> None:
        read = again(one_chapter(books.text("x ", CodeSpan(code), " y")))
        assert [node.text.strip() for node in walk(read.chapters[0].blocks) if isinstance(node, CodeSpan)] == [
            code.strip()
        ]

    def test_a_fence_is_longer_than_those_in_the_code(self) -> None:
        read = again(one_chapter(CodeBlock("```\nx\n````\n", "text")))
        assert [node.text.strip() for node in walk(read.chapters[0].blocks) if isinstance(node, CodeBlock)] == [
            "```\nx\n````"
        ]

    def test_lists_side_by_side_stay_two(self) -> None:
        item = [ListItem([books.text("x")])]
        read = again(one_chapter(ListBlock(item), ListBlock(item), ListBlock(item, ordered=True, start=7)))
        lists = [node for node in walk(read.chapters[0].blocks) if isinstance(node, ListBlock)]
        assert [(each.ordered, each.start) for each in lists] == [(False, 1), (False, 1), (True, 7)]


_TEXTS = st.text(st.sampled_from("ab c.,:;!?-–()[]{}<>*_`~^$|\\#&\"'/=+%@1 \u00a0é東"), max_size=12).map(Text)
_INLINES = st.recursive(
    _TEXTS,
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda nodes: st.sampled_from([Emphasis, Strong, Underline, SmallCaps]).map(lambda kind: kind(nodes))
    ),
    max_leaves=6,
)


class TestAnyText:
    @settings(max_examples=150, deadline=None)
    @given(st.lists(_INLINES, min_size=1, max_size=5))
    def test_keeps_its_letters(self, inlines: list[Inline]) -> None:
        book = one_chapter(Paragraph([Text("Before "), *inlines]), books.text("After."))
        assert unspaced(again(book)) == unspaced(book)


class TestEscaped:
    def test_leaves_ordinary_words_alone(self) -> None:
        assert escaped("It’s — well, “quite” so (really); isn’t it? Yes!") == (
            "It’s — well, “quite” so (really); isn’t it? Yes!"
        )

    def test_code_span_grows_its_fence(self) -> None:
        assert code_span("a``b") == "```a``b```"


class TestArchive:
    def test_holds_the_text_and_the_pictures_it_shows(self, tmp_path: Path) -> None:
        book = books.rich_book()
        write_markdown(book, tmp_path / "book.zip")
        with zipfile.ZipFile(tmp_path / "book.zip") as archive:
            names = archive.namelist()
            text = archive.read("book.md").decode()
        assert names[0] == "book.md"
        assert all(name in text for name in names[1:])
        assert len(names) == 3

    def test_is_the_same_each_time(self, tmp_path: Path) -> None:
        for name in ("a", "b"):
            write_markdown(replace(books.rich_book()), tmp_path / name)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
