"""Our own files: every Book comes back as it was written, and nothing but the closed set comes in."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion.engine.book import model
from conversion.engine.book.canonical import BLOCK_KINDS, INLINE_KINDS
from conversion.engine.book.model import AnyBlock, Book, Chapter, Figure, Heading, Inline, Metadata, Paragraph, Text
from conversion.engine.book.walk import walk
from conversion.engine.errors import AuthorFixable
from conversion.engine.exports.own import empty_book, own_book
from conversion.engine.gate.admission import SourceFormat, identify
from conversion.engine.readers import read_source
from tests.conversion import books

NAME = "salt.octavo-book.json"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Book]:
    def read_back(data: bytes) -> Book:
        path = tmp_path / "own.json"
        path.write_bytes(data)
        found, reading = read_source(path, NAME)
        assert found is SourceFormat.OWN
        return reading.book

    return read_back


@pytest.fixture
def refused(read: Callable[[bytes], Book]) -> Callable[[Any], str]:
    """Return the place that a refusal names."""

    def place_of(value: Any) -> str:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        with pytest.raises(AuthorFixable) as caught:
            read(data)
        assert caught.value.code == "source.own-malformed"
        return str(caught.value.facts["place"])

    return place_of


def own(*blocks: Any, **more: Any) -> dict[str, Any]:
    chapter = {"id": "ch-1", "title": "One", "blocks": list(blocks)}
    return {"octavo-book": 1, "metadata": {"title": "Salt"}, "chapters": [chapter]} | more


def paragraph(*inlines: Any, **fields: Any) -> dict[str, Any]:
    return {"kind": "paragraph", "inlines": list(inlines)} | fields


class TestRoundTrip:
    def test_a_book_with_everything_comes_back(self, read: Callable[[bytes], Book]) -> None:
        first = read(own_book(books.rich_book()))
        assert {type(node) for chapter in first.chapters for node in walk(chapter.blocks)} >= {
            *BLOCK_KINDS.values(),
            *INLINE_KINDS.values(),
        } - {model.CodeSpan}
        assert read(own_book(first)) == first

    def test_equal_books_give_equal_bytes(self, read: Callable[[bytes], Book]) -> None:
        data = own_book(read(own_book(books.rich_book())))
        assert own_book(read(data)) == data

    def test_what_was_read_is_what_was_written(self, read: Callable[[bytes], Book]) -> None:
        book = books.plain_book()
        found = read(own_book(book))
        assert (found.metadata, found.chapters, found.toc) == (book.metadata, book.chapters, book.toc)

    def test_pictures_keep_their_places(self, read: Callable[[bytes], Book]) -> None:
        picture = books.png()
        book = Book(Metadata("Salt"), [Chapter("a", "A", [Figure(picture.sha256, alt="Grey")])])
        book.assets[picture.sha256] = picture
        book.cover = picture.sha256
        found = read(own_book(book))
        (figure,) = found.chapters[0].blocks
        assert isinstance(figure, Figure)
        assert found.assets[figure.asset].media_type == "image/png"
        assert found.cover == figure.asset


_words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=12
)
_leaves: st.SearchStrategy[Inline] = st.one_of(
    _words.filter(bool).map(Text),
    st.just(model.LineBreak()),
    _words.map(model.CodeSpan),
    st.lists(st.tuples(_words, _words), max_size=3).map(model.Ruby),
)
_inlines: st.SearchStrategy[list[Inline]] = st.recursive(
    st.lists(_leaves, max_size=3),
    lambda inner: st.lists(
        st.one_of(
            _leaves,
            inner.map(model.Emphasis),
            inner.map(model.Strong),
            inner.map(lambda children: model.Link(children, "https://example.org/a?b=c")),
            inner.map(lambda children: model.Language(children, "fr-CA", "ltr")),
        ),
        max_size=3,
    ),
    max_leaves=8,
)
_texts: st.SearchStrategy[AnyBlock] = st.one_of(
    st.builds(Paragraph, _inlines, align=st.sampled_from(model.Align), role=st.sampled_from(["", "epigraph"])),
    st.builds(Heading, st.integers(1, 6), _inlines),
    st.just(model.SceneBreak(sign=" ")),
    st.builds(model.CodeBlock, _words),
    st.builds(model.Verse, st.lists(st.lists(st.builds(model.VerseLine, _inlines, st.integers(0, 8)), max_size=2))),
)
_blocks: st.SearchStrategy[list[AnyBlock]] = st.recursive(
    st.lists(_texts, max_size=3),
    lambda inner: st.lists(
        st.one_of(
            _texts,
            st.builds(model.Quotation, inner),
            st.builds(model.Aside, inner, lang=st.sampled_from(["", "de"])),
            st.builds(
                model.ListBlock,
                st.lists(st.builds(model.ListItem, inner, st.sampled_from([None, True, False])), max_size=2),
                ordered=st.booleans(),
            ),
            st.builds(model.Table, st.lists(st.lists(st.builds(model.Cell, inner), max_size=2), max_size=2)),
        ),
        max_size=3,
    ),
    max_leaves=6,
)


@given(_blocks)
@settings(max_examples=60, deadline=None)
def test_any_book_comes_back(tmp_path_factory: pytest.TempPathFactory, blocks: list[AnyBlock]) -> None:
    book = Book(Metadata("Salt", language="en"), [Chapter("ch-1", "One", copy.deepcopy(blocks))])
    path = tmp_path_factory.mktemp("own") / "own.json"
    path.write_bytes(own_book(book))
    assert read_source(path, NAME)[1].book == book


class TestEmptyBook:
    @pytest.mark.parametrize(("language", "heading"), [("en", "Chapter 1"), ("de", "Kapitel 1"), ("fi", "Chapter 1")])
    def test_has_a_first_chapter_with_an_empty_paragraph(
        self, read: Callable[[bytes], Book], language: str, heading: str
    ) -> None:
        book = read(empty_book("Salt", language))
        assert (book.metadata.title, book.metadata.language) == ("Salt", language)
        assert [(chapter.title, chapter.blocks) for chapter in book.chapters] == [
            (heading, [Heading(1, [Text(heading)]), Paragraph([])])
        ]

    def test_of_arabic_runs_from_right_to_left(self, read: Callable[[bytes], Book]) -> None:
        assert read(empty_book("ملح", "ar-EG")).direction == "rtl"


class TestAdmission:
    def test_goes_by_content(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        path.write_bytes(b' \n{ "octavo-book" : 1}')
        assert identify(path, "anything.json") is SourceFormat.OWN

    @pytest.mark.parametrize("name", ["a.docx", "a.txt", "a.html"])
    def test_refuses_a_file_that_calls_itself_something_else(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / "x"
        path.write_bytes(own_book(books.plain_book()))
        with pytest.raises(AuthorFixable) as caught:
            identify(path, name)
        assert caught.value.code == "source.type-mismatch"

    def test_other_json_is_no_manuscript(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        path.write_bytes(b'{"a": 1}')
        with pytest.raises(AuthorFixable) as caught:
            identify(path, "a.json")
        assert caught.value.code == "source.type-unsupported"


class TestHostile:
    @pytest.mark.parametrize(
        ("block", "place"),
        [
            ({"kind": "script", "text": "x"}, "[0]"),
            ({"kind": ["paragraph"]}, "[0]"),
            ("only words", "[0]"),
            (paragraph("a", onclick="x"), "[0]"),
            ({"kind": "paragraph"}, "[0]"),
            (paragraph(5), "inlines[0]"),
            (paragraph({"kind": "link", "href": "javascript:alert(1)", "children": ["x"]}), "href"),
            (paragraph({"kind": "link", "href": "file:///etc/passwd", "children": ["x"]}), "href"),
            (paragraph({"kind": "link", "href": "#a b", "children": ["x"]}), "href"),
            (paragraph({"kind": "anchor", "id": '"><script>'}), "id"),
            (paragraph({"kind": "language", "lang": '"><b', "children": []}), "lang"),
            (paragraph({"kind": "math", "mathml": "<!DOCTYPE x><math/>"}), "mathml"),
            (paragraph({"kind": "math", "mathml": "<math"}), "mathml"),
            (paragraph({"kind": "image", "asset": "../../etc"}), "asset"),
            (paragraph({"kind": "ruby", "pairs": [["a"]]}), "pairs"),
            ({"kind": "heading", "level": 7, "inlines": []}, "level"),
            ({"kind": "heading", "level": True, "inlines": []}, "level"),
            ({"kind": "heading", "level": 1e9, "inlines": []}, "level"),
            ({"kind": "table", "rows": [], "header_rows": 1}, "header_rows"),
            ({"kind": "table", "rows": [[{"blocks": [], "colspan": 10**9}]]}, "colspan"),
            ({"kind": "list", "items": [{"blocks": [], "checked": "yes"}]}, "checked"),
            (paragraph("x", role="button"), "role"),
            (paragraph("x", dress="evil"), "[0]"),
            ({"kind": "scene_break", "sign": "x" * 41}, "sign"),
        ],
    )
    def test_what_is_not_known_is_refused_at_its_place(
        self, refused: Callable[[Any], str], block: Any, place: str
    ) -> None:
        assert place in refused(own(block))

    @pytest.mark.parametrize(
        ("value", "place"),
        [
            (own(more=1), "book"),
            (own(toc=[{"title": "x"}]), "toc"),
            (own(metadata={"title": "x", "language": "<b>"}), "language"),
            (own(metadata={"title": ["x"]}), "title"),
            (own(notes=[{"id": "n", "blocks": []}] * 2), "notes"),
            (own(chapters=[]), "chapters"),
            (own(chapters=[{"id": "a", "title": "A", "blocks": [], "pages": []}]), "chapters[0]"),
            (own(chapters=[{"id": "a", "title": "A", "blocks": []}] * 2), "id a"),
            (own(chapters=[{"id": "../a", "title": "A", "blocks": []}]), "id"),
            (own(chapters=[{"id": "a", "title": "A", "blocks": [], "division": "cover"}]), "division"),
            (own(assets={}), "assets"),
            (own(assets=[{"key": "a" * 64, "name": "x", "data": "!!"}]), "data"),
            (own(assets=[{"key": "a", "name": "x", "data": ""}]), "key"),
            (own(**{"octavo-book": 2}), "octavo-book"),
            ({"octavo-book": 1}, "book"),
            (b'{"octavo-book": 1, "octavo-book": 1}', "JSON"),
            (b'{"octavo-book": NaN}', "NaN"),
            (b'{"octavo-book": 1', "JSON"),
            (b'{"octavo-book": ' + b"9" * 5000 + b"}", "JSON"),
            (b'{"octavo-book": 1, "chapters": ' + b"[" * 200_000, "JSON"),
            (b'{"octavo-book": "\xff"}', "UTF-8"),
        ],
    )
    def test_a_file_with_another_form_is_refused(self, refused: Callable[[Any], str], value: Any, place: str) -> None:
        assert place in refused(value)

    def test_elements_in_elements_end_somewhere(self, refused: Callable[[Any], str]) -> None:
        block: Any = paragraph("x")
        for _ in range(60):
            block = {"kind": "quotation", "blocks": [block]}
        assert "blocks" in refused(own(block))
        entry: Any = {"title": "x", "chapter_id": "ch-1"}
        for _ in range(60):
            entry = {"title": "x", "chapter_id": "ch-1", "children": [entry]}
        assert "toc" in refused(own(toc=[entry]))

    def test_text_is_cleaned_as_that_of_every_manuscript(self, read: Callable[[bytes], Book]) -> None:
        book = read(json.dumps(own(paragraph("a\u0000b\u202ec\ud800d\u001be"))).encode())
        assert book.chapters[0].blocks == [Paragraph([Text("abc?de")])]

    def test_a_picture_that_is_none_leaves_its_description(self, read: Callable[[bytes], Book]) -> None:
        data = base64.b64encode(b"<svg onload='x'/>").decode()
        value = own(
            {"kind": "figure", "asset": "a" * 64, "alt": "A map"},
            assets=[{"key": "a" * 64, "name": "map.png", "media_type": "image/png", "data": data}],
        )
        book = read(json.dumps(value).encode())
        assert not any(b"onload" in asset.data for asset in book.assets.values())
        (figure,) = book.chapters[0].blocks
        assert isinstance(figure, Figure)
        assert figure.alt == "A map"
