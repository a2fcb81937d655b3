"""ZIPs of Markdown files: mdBook, GitBook, Leanpub, and folders without a list."""

# ruff: noqa: E501 - small sources are easier to see whole, on one line
from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.book.model import Anchor, CodeBlock, Heading, Link, NoteRef, Verse
from conversion.engine.book.words import blocks_text
from conversion.engine.errors import AuthorFixable
from conversion.engine.gate import admission
from conversion.engine.gate.admission import SourceFormat
from tests.conversion.readers.build import codes, nodes, picture, read, titles, zipped

_SUMMARY = """# Summary

[Before](before.md)

- [The Lamp](lamp.md)
    - [Oil](lamp/oil.md)
- [Draft]()
- [The Ships](ships.md)

[Gone](gone.md)
"""
_BOOK = {
    "book/book.toml": '[book]\ntitle = "Salt"\nauthors = ["Ann Lee", "Bo"]\nlanguage = "en"\n',
    "book/src/SUMMARY.md": _SUMMARY,
    "book/src/before.md": "# Before\n\nA word before.\n",
    "book/src/lamp.md": "## The Lamp\n\nLit[^1], see [oil](lamp/oil.md) and [ships](ships.md#far).\n\n### Wick\n\nCut.\n\n[^1]: A note.\n",
    "book/src/lamp/oil.md": "# Oil\n\nFrom Whitby[^1]. ![A jar](../img/jar.png)\n\n[^1]: Another.\n",
    "book/src/ships.md": "No heading here.\n\n## Far\n\nAway.\n",
    "book/src/other.md": "# Other\n\nNot listed.\n",
    "book/src/img/jar.png": picture(),
}


def _words(book: object) -> str:
    return " ".join(" ".join(blocks_text(chapter.blocks) for chapter in book.chapters).split())  # type: ignore[attr-defined]


class TestSummary:
    def test_gives_order_titles_and_depth(self, tmp_path: Path) -> None:
        reading = read(zipped(tmp_path / "a.zip", _BOOK))
        book = reading.book
        assert titles(book) == ["Before", "The Lamp", "The Ships"]
        assert [(h.level, blocks_text([h])) for h in nodes(book.chapters[1].blocks, Heading)] == [
            (1, "The Lamp"),
            (2, "Wick"),
            (2, "Oil"),
        ]
        assert (book.metadata.title, [who.name for who in book.metadata.contributors]) == ("Salt", ["Ann Lee", "Bo"])
        assert {"source.part-absent", "source.files-unlisted"} <= set(codes(reading))
        assert "Not listed" not in _words(book)

    def test_links_notes_and_pictures_work_across_files(self, tmp_path: Path) -> None:
        book = read(zipped(tmp_path / "a.zip", _BOOK)).book
        anchors = {anchor.id for anchor in nodes(book.chapters, Anchor)}
        links = [link.href.removeprefix("#") for link in nodes(book.chapters, Link)]
        assert len(links) == 2
        assert set(links) <= anchors
        assert len(book.assets) == 1
        notes = [blocks_text(book.notes[ref.note_id].blocks) for ref in nodes(book.chapters, NoteRef)]
        assert notes == ["A note.", "Another."]

    def test_parts_are_above_chapters(self, tmp_path: Path) -> None:
        summary = (
            "# Summary\n\n# The Sea\n\n- [One](1.md)\n- [Two](2.md)\n\n# The Land\n\n- [Three](3.md)\n- [Four](4.md)\n"
        )
        files = {f"{n}.md": f"# Title {n}\n\n{'Words of prose. ' * 400}\n" for n in range(1, 5)}
        book = read(zipped(tmp_path / "a.zip", {"SUMMARY.md": summary, **files})).book
        assert titles(book) == ["The Sea", "Title 1", "Title 2", "The Land", "Title 3", "Title 4"]
        assert [chapter.role for chapter in book.chapters][::3] == ["part", "part"]

    def test_a_file_comes_once(self, tmp_path: Path) -> None:
        parts = {
            "SUMMARY.md": "- [A](a.md)\n- [A again](a.md#x)\n- [B](b.md)\n",
            "a.md": "# A\n\nx",
            "b.md": "# B\n\ny",
        }
        assert titles(read(zipped(tmp_path / "a.zip", parts)).book) == ["A", "B"]

    @pytest.mark.parametrize(
        ("how", "shown"),
        [
            ("#include code/a.rs", "one\ntwo\nthree"),
            ("#rustdoc_include code/a.rs:2", "two"),
            ("#include code/a.rs:2:3", "two\nthree"),
            ("#include code/a.rs::2", "one\ntwo"),
            ("#include code/b.rs:here", "inside"),
            ("#include code/none.rs", "{{#include code/none.rs}}"),
            ("#include ../../etc/passwd", "{{#include ../../etc/passwd}}"),
        ],
    )
    def test_included_files_are_put_in_their_place(self, tmp_path: Path, how: str, shown: str) -> None:
        parts = {
            "SUMMARY.md": "- [A](a.md)\n",
            "a.md": f"# A\n\n```rust\n{{{{{how}}}}}\n```\n",
            "code/a.rs": "one\ntwo\nthree\n",
            "code/b.rs": "before\n// ANCHOR: here\ninside\n// ANCHOR_END: here\nafter\n",
        }
        reading = read(zipped(tmp_path / "a.zip", parts))
        assert nodes(reading.book.chapters, CodeBlock)[0].text == shown
        assert ("source.include-missing" in codes(reading)) == shown.startswith("{{")


class TestLeanpub:
    def test_book_txt_gives_the_order(self, tmp_path: Path) -> None:
        parts = {
            "manuscript/Book.txt": "frontmatter:\nintro.md\nmainmatter:\ntwo.txt\none.md\n",
            "manuscript/intro.md": "# Introduction\n\nWords.\n",
            "manuscript/one.md": "# One\n\n![](images/jar.png)\n",
            "manuscript/two.txt": "# Two\n\nWords.\n",
            "manuscript/resources/jar.png": picture(),
        }
        book = read(zipped(tmp_path / "a.zip", parts)).book
        assert titles(book) == ["Introduction", "Two", "One"]
        assert len(book.assets) == 1


class TestWithoutAList:
    def test_names_count_as_people_do(self, tmp_path: Path) -> None:
        files = {f"chapter {n}.md": f"# Chapter {n}\n\nWords.\n" for n in (10, 2, 1)}
        reading = read(zipped(tmp_path / "a.zip", files | {"README.md": "# About\n", "__MACOSX/._x.md": b"\0"}))
        assert titles(reading.book) == ["Chapter 1", "Chapter 2", "Chapter 10"]
        assert "source.files-by-name" in codes(reading)

    def test_a_poem_in_a_file_without_a_heading_keeps_its_stanzas(self, tmp_path: Path) -> None:
        poem = "::: {.poem}\nOne\\\ntwo\n\nThree\n:::\n"
        files = {
            "1.md": f"---\ntitle: A\n---\n\n{poem}",
            "2.md": f"---\ntitle: B\n---\n\n{poem}\n{'Prose. ' * 20}\n\n{poem}",
        }
        book = read(zipped(tmp_path / "a.zip", files)).book
        assert [len(verse.stanzas) for verse in nodes(book.chapters, Verse)] == [2, 2, 2]

    def test_front_matter_names_the_chapter_and_not_the_book(self, tmp_path: Path) -> None:
        files = {f"{n}.md": f"---\ntitle: Part {n}\nauthor: Nobody\n---\n\nWords.\n" for n in (1, 2)}
        book = read(zipped(tmp_path / "a.zip", files)).book
        assert titles(book) == ["Part 1", "Part 2"]
        assert (book.metadata.title, book.metadata.contributors) == ("", [])


class TestAdmission:
    @pytest.mark.parametrize(
        ("name", "parts", "expected"),
        [
            ("a.zip", {"a.md": "# A"}, SourceFormat.MARKDOWN_ZIP),
            ("a.zip", {"a.md": "# A", "img/x.png": picture()}, SourceFormat.MARKDOWN_ZIP),
            ("a.zip", {"SUMMARY.md": "- [A](a.md)", "a.md": "# A", "code/a.rs": "x"}, SourceFormat.MARKDOWN_ZIP),
            ("a.zip", {"x.png": picture(), "notes.md": "# A"}, SourceFormat.CBZ),
            ("a.cbz", {"x.png": picture(), "a.md": "# A"}, SourceFormat.CBZ),
        ],
    )
    def test_is_told_from_comics(self, tmp_path: Path, name: str, parts: dict, expected: SourceFormat) -> None:
        assert admission.identify(zipped(tmp_path / name, parts), name) is expected

    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("a.zip", {"README.md": "# A", "main.c": "int main;"}),
            ("a.zip", {"a.md": "# A", "main.c": "int main;"}),
            ("a.docx", {"a.md": "# A"}),
        ],
    )
    def test_other_archives_stay_refused(self, tmp_path: Path, name: str, parts: dict) -> None:
        with pytest.raises(AuthorFixable, match=r"source\.not-a-manuscript"):
            admission.identify(zipped(tmp_path / name, parts), name)
