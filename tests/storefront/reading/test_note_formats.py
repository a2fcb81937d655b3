"""Notes leave and come back: each format reads what it wrote, and other people's files, and refuses what it cannot."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.reading import formats
from storefront.reading.formats import BookEntry, BookNotes, NoteEntry, markdown, own_json, readwise, web_annotations
from storefront.reading.models import NoteColour, NoteKind, Spot

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
BOOK = BookEntry(
    work="wrk_7h2k",
    title="The Lighthouse",
    authors=("Ada Quill", "Ben Ink"),
    identifiers=("urn:uuid:0b1e2c3d-0000-4000-8000-000000000001",),
    language="en",
    url="https://shop.example/books/lighthouse/",
)
NOTE = NoteEntry(
    uid="6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    kind="highlight",
    colour="green",
    body="What a night.\n\nAnd what rain!",
    exact="Rain fell on the water",
    prefix="The Harbour ",
    suffix=" all night.",
    chapter="The Harbour",
    made_at=NOW,
    edition="edn_1",
    start=(1, 0),
    end=(1, 22),
    number="12",
    url="https://shop.example/read/lighthouse/#note-6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    source="EPUB/chapters/c1.xhtml",
)

storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=60).map(str.strip)
one_line = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), max_size=20).map(
    lambda one: " ".join(one.split())
)
points = st.tuples(st.integers(0, 10**9 - 1), st.integers(0, 10**9 - 1))
notes = st.builds(
    NoteEntry,
    uid=st.uuids().map(str),
    kind=st.sampled_from(NoteKind.values),
    colour=st.sampled_from(NoteColour.values),
    body=storable,
    other_body=storable,
    exact=storable,
    prefix=storable,
    suffix=storable,
    chapter=one_line,
    made_at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    edition=st.just("edn_7h2k"),
    start=points,
    end=points,
    page=st.sampled_from(["", "p12"]),
    placed=st.none() | st.builds(Spot, edition=st.just("edn_8"), start=points, end=points),
)
files = st.lists(notes, min_size=1, max_size=6).map(lambda found: BookNotes(BOOK, tuple(found)))


def read(content: str) -> list[BookNotes]:
    return formats.read(content.encode())


class TestRoundTrips:
    @settings(deadline=None, max_examples=50)
    @given(files)
    def test_our_json_has_everything(self, book: BookNotes) -> None:
        assert read(own_json.write([book], made_at=NOW)) == [book]

    @settings(deadline=None, max_examples=50)
    @given(files)
    def test_markdown_has_all_but_contexts_and_pages(self, book: BookNotes) -> None:
        known = tuple(replace(note, prefix="", suffix="", page="", placed=None) for note in book.notes)
        found = read("".join(markdown.write([book])))
        assert [one.notes for one in found] == [known]
        assert (found[0].book.work, found[0].book.title) == (BOOK.work, BOOK.title)

    @settings(deadline=None, max_examples=50)
    @given(files)
    def test_web_annotations_have_the_words_and_what_was_written(self, book: BookNotes) -> None:
        found = read(web_annotations.write(book, site="https://shop.example", made_at=NOW))[0]
        for one, before in zip(found.notes, book.notes, strict=True):
            names = ("uid", "kind", "colour", "body", "exact", "prefix", "suffix", "chapter", "made_at")
            assert [getattr(one, name) for name in names] == [getattr(before, name) for name in names]

    @settings(deadline=None, max_examples=50)
    @given(files)
    def test_csv_has_the_words(self, book: BookNotes) -> None:
        lines = [note for note in book.notes if note.exact and not note.exact.startswith("'")]
        lines = [note for note in lines if not note.body.startswith("'")]
        content = "".join(readwise.write([replace(book, notes=tuple(lines))]))
        found = [note for one in readwise.read(content) for note in one.notes]
        assert [(one.exact, one.body) for one in found] == [(one.exact, one.body) for one in lines]

    def test_several_books(self) -> None:
        other = BookNotes(replace(BOOK, work="wrk_2", title="Gulls"), (replace(NOTE, uid="2"),))
        both = [BookNotes(BOOK, (NOTE,)), other]
        for content in (
            "".join(markdown.write(both)),
            own_json.write(both, made_at=NOW),
            "".join(readwise.write(both)),
        ):
            assert [one.book.title for one in read(content)] == ["The Lighthouse", "Gulls"]


class TestMarkdown:
    def test_is_for_people_first(self) -> None:
        assert "".join(markdown.write([BookNotes(BOOK, (NOTE,))])) == (
            "# The Lighthouse\n"
            "<!-- octavo book wrk_7h2k urn:uuid:0b1e2c3d-0000-4000-8000-000000000001 -->\n"
            "Ada Quill, Ben Ink\n\n"
            "## The Harbour\n\n"
            "<!-- octavo note 6f9619ff-8b86-4d01-b42d-00cf4fc964ff highlight green 2026-11-30T12:00:00+00:00 "
            "edn_1 1:0-1:22 -->\n"
            "*Page 12 · 30 November 2026*\n\n"
            "> Rain fell on the water\n\n"
            "What a night.\n\nAnd what rain!\n\n"
        )

    def test_what_looks_like_markup_stays_what_was_written(self) -> None:
        body = "# no heading\n> no quotation\n<!-- octavo note x -->\n\\ a stroke\n*stars*"
        found = read("".join(markdown.write([BookNotes(BOOK, (replace(NOTE, body=body), NOTE))])))
        assert [note.body for note in found[0].notes] == [body, NOTE.body]

    def test_of_other_origin(self) -> None:
        found = read("# Lighthouse\nAda Quill\n\n## One\n> Rain fell\n> on the water\n\nMine.\n\n> The boats\n")
        assert found[0].book == BookEntry(title="Lighthouse", authors=("Ada Quill",))
        told = [(note.exact, note.body, note.chapter) for note in found[0].notes]
        assert told == [("Rain fell\non the water", "Mine.", "One"), ("The boats", "", "One")]

    def test_edited_by_hand(self) -> None:
        """Somebody rewrote the note, lost half of the comment, and saved with Windows line ends."""
        content = "# L\r\n\r\n<!-- octavo note abc -->\r\n\r\n> Rain fell\r\n\r\nChanged.\r\n"
        assert read(content)[0].notes == (NoteEntry(uid="abc", exact="Rain fell", body="Changed."),)


class TestReadwise:
    def test_columns_and_values(self) -> None:
        rows = list(csv.reader(io.StringIO("".join(readwise.write([BookNotes(BOOK, (NOTE,))])))))
        assert rows[0] == ["Highlight", "Title", "Author", "URL", "Note", "Location", "Date"]
        when = "2026-11-30 12:00:00"
        assert rows[1] == [NOTE.exact, "The Lighthouse", "Ada Quill, Ben Ink", NOTE.url, NOTE.body, "12", when]

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
    def test_no_cell_begins_a_formula(self, start: str) -> None:
        evil = replace(NOTE, exact=f"{start}cmd|' /C calc'!A0", body=f"{start}1")
        content = "".join(readwise.write([BookNotes(replace(BOOK, title=f"{start}T"), (evil,))]))
        row = list(csv.reader(io.StringIO(content)))[1]
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
        assert readwise.read(content)[0].notes[0].body == f"{start}1".strip()

    def test_bookmarks_have_no_line(self) -> None:
        assert len(list(readwise.write([BookNotes(BOOK, (replace(NOTE, kind="bookmark", exact=""),))]))) == 1

    def test_our_own_ids_come_back(self) -> None:
        found = read("".join(readwise.write([BookNotes(BOOK, (NOTE,))])))[0]
        assert (found.notes[0].uid, found.notes[0].made_at) == (NOTE.uid, NOTE.made_at)
        assert found.book.url == "https://shop.example/read/lighthouse/"


class TestWebAnnotations:
    def test_are_what_thorium_reads(self) -> None:
        content = json.loads(web_annotations.write(BookNotes(BOOK, (NOTE,)), site="https://shop.example", made_at=NOW))
        assert content["type"] == "AnnotationSet"
        assert content["about"]["dc:identifier"][0] == BOOK.identifiers[0]
        item = content["items"][0]
        assert item["id"] == f"urn:uuid:{NOTE.uid}"
        assert item["body"] == {
            "type": "TextualBody", "value": NOTE.body, "format": "text/plain", "color": "green", "highlight": "solid"
        }  # fmt: skip
        assert item["target"]["source"] == "EPUB/chapters/c1.xhtml"
        assert item["target"]["selector"] == [
            {"type": "TextQuoteSelector", "exact": NOTE.exact, "prefix": NOTE.prefix, "suffix": NOTE.suffix}
        ]

    def test_thoriums_own_file_is_read(self) -> None:
        item = {
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": "urn:uuid:6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
            "created": "2026-11-30T12:00:00.000Z",
            "type": "Annotation",
            "body": {"type": "TextualBody", "value": "Rain", "color": "#EB9694", "tag": "", "highlight": "solid"},
            "target": {
                "source": "EPUB/chapters/c1.xhtml",
                "meta": {"headings": [{"level": 2, "txt": "The Harbour"}], "page": ""},
                "selector": [
                    {"type": "TextPositionSelector", "start": 3, "end": 25},
                    {"type": "TextQuoteSelector", "exact": "Rain fell", "prefix": "", "suffix": " on"},
                ],
            },
        }
        about = {"dc:identifier": ["urn:thorium:x", BOOK.identifiers[0]], "dc:title": "L", "dc:creator": ["Ada"]}
        content = {"@context": "x", "id": "urn:uuid:1", "type": "AnnotationSet", "about": about, "items": [item]}
        found = read(json.dumps(content))[0]
        assert BOOK.identifiers[0] in found.book.identifiers
        assert found.notes == (
            NoteEntry(
                uid=NOTE.uid,
                colour="pink",
                body="Rain",
                exact="Rain fell",
                suffix=" on",
                chapter="The Harbour",
                made_at=NOW,
            ),
        )


def own(**changes: Any) -> str:
    content = json.loads(own_json.write([BookNotes(BOOK, (NOTE,))], made_at=NOW))
    return json.dumps({**content, **changes})


class TestRefusals:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"hello",
            b"\xff\xfe\x00",
            b"{",
            b"[]",
            b"[1]",
            b"null",
            b'{"a": 1}',
            b"[" * 100_000,
            b'{"type": "AnnotationSet"}',
            b'{"type": "AnnotationSet", "items": 3}',
            b'{"format": "octavo-notes"}',
            b'{"format": "octavo-notes", "version": 1, "books": [3]}',
            b'{"format": "octavo-notes", "version": 1, "books": [{"notes": [3]}]}',
            own(version=2).encode(),
            own(books=[]).encode(),
            b"Highlight,Title\n",
            b'Highlight,Title\n"unclosed,x\n',
            b"Highlight,Title\n" + b"x" * 20_000 + b",T\n",
            b"> " + b"x" * 20_000,
        ],
    )
    def test_of_what_is_no_file_of_notes(self, content: bytes) -> None:
        with pytest.raises(formats.UnreadableFile):
            formats.read(content)

    def test_of_too_many(self) -> None:
        with pytest.raises(formats.TooManyNotes):
            formats.read(b"> rain\n\n.\n" * 5001)

    @pytest.mark.parametrize(
        "target",
        [
            {"start": "x", "end": None},
            {"start": [1], "end": [1, 2, 3]},
            {"start": [-1, 0], "end": [10**30, 0]},
            {"start": [True, False], "exact": {"a": 1}},
            {"exact": "a\0b\ud800c", "chapter": ["x"], "page": "p" * 900},
        ],
    )
    def test_of_single_values_leaves_the_rest(self, target: dict[str, Any]) -> None:
        record = {"id": 7, "kind": [], "colour": {}, "made_at": "yesterday", "target": target, "placed": {"start": 3}}
        found = read(own(books=[{"notes": [record]}]))[0].notes[0]
        assert (found.uid, found.kind, found.colour, found.made_at, found.placed) == (
            "",
            "highlight",
            "yellow",
            None,
            None,
        )
        assert found.exact in {"", "abc"}
        assert len(found.page) <= 300
