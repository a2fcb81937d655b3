"""Markdown, plain text and ODT."""

# ruff: noqa: E501 - small sources are easier to see whole, on one line
from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import (
    CodeBlock,
    CodeSpan,
    DefinitionList,
    Emphasis,
    Figure,
    Heading,
    Link,
    ListBlock,
    Math,
    NoteRef,
    Quotation,
    SceneBreak,
    SmallCaps,
    Strong,
    Superscript,
    Table,
    Verse,
)
from conversion.engine.book.words import blocks_text
from tests.conversion.readers.build import codes, nodes, picture, read, titles, written, zipped


def _words(book: object) -> str:
    return " ".join(" ".join(blocks_text(chapter.blocks) for chapter in book.chapters).split())  # type: ignore[attr-defined]


class TestMarkdown:
    def test_front_matter_headings_and_notes(self, tmp_path: Path) -> None:
        source = "---\ntitle: Salt\nauthor: [Ann, Bo]\nlang: de\ndate: 2020-01-01\n---\n\n# One {#one .x}\n\nText[^1].\n\n# Two\n\nMore.\n\n[^1]: A *note*."
        book = written(tmp_path, "a.md", source).book
        assert (book.metadata.title, book.metadata.language, book.metadata.published) == ("Salt", "de", "2020-01-01")
        assert [who.name for who in book.metadata.contributors] == ["Ann", "Bo"]
        assert titles(book) == ["One", "Two"]
        note = book.notes[nodes(book.chapters, NoteRef)[0].note_id]
        assert nodes(note.blocks, Emphasis)

    def test_blocks(self, tmp_path: Path) -> None:
        source = (
            "| a | b |\n|---|--:|\n| 1 | 2 |\n\nTerm\n:   Meaning\n\n- [ ] open\n- [x] done\n\n> said\n\n```{.python}\nx = 1\n```\n\n***\n\n"
            "x^2^ and ~~no~~ $a^2$ [small]{.sc}\n"
        )
        book = written(tmp_path, "a.md", source).book
        for kind in (Table, DefinitionList, ListBlock, Quotation, CodeBlock, SceneBreak, Superscript, Math):
            assert nodes(book, kind), kind
        assert [item.checked for item in nodes(book, ListBlock)[0].items] == [False, True]
        assert nodes(book, CodeBlock)[0].language == "python"

    def test_fenced_divisions_and_broken_lines(self, tmp_path: Path) -> None:
        source = "::: {.poem}\nOne line\\\n[and two]{.i1}\\\nand three\n:::\n"
        verse = nodes(written(tmp_path, "a.md", source).book, Verse)[0]
        assert [line.indent for line in verse.stanzas[0]] == [0, 1, 0]

    def test_markup_as_code_survives(self, tmp_path: Path) -> None:
        book = written(tmp_path, "a.md", "Write `<script>alert(1)</script>` like this.").book
        assert nodes(book, CodeSpan)[0].text == "<script>alert(1)</script>"

    def test_what_only_looks_like_a_tag_is_text(self, tmp_path: Path) -> None:
        assert _words(written(tmp_path, "a.md", "A Vec<T> and a <b>bold</b> word.").book) == "A Vec<T> and a bold word."

    def test_raw_html_goes_through_the_closed_set(self, tmp_path: Path) -> None:
        source = "<script>x</script>\n\n<iframe src=x></iframe>\n\n[a](javascript:b) ![c](/etc/passwd) good"
        reading = written(tmp_path, "a.md", source)
        assert _words(reading.book).split()[-1] == "good"
        assert not nodes(reading.book, Link)
        assert "iframe" not in repr(reading.book)
        assert not nodes(reading.book, Figure)

    def test_aliases_in_front_matter_are_refused_quietly(self, tmp_path: Path) -> None:
        source = "---\na: &a [x, x]\nb: [*a, *a]\ntitle: Salt\n---\n\nText."
        assert written(tmp_path, "a.md", source).book.metadata.title == ""

    def test_places_are_lines(self, tmp_path: Path) -> None:
        assert [h.place.index for h in nodes(written(tmp_path, "a.md", "# One\n\nx\n\n# Two\n\ny").book, Heading)] == [
            1,
            5,
        ]


class TestText:
    def test_wrapped_paragraphs_chapters_and_breaks(self, tmp_path: Path) -> None:
        source = "CHAPTER I\n\nIt was a night of rain and\nwind, and nobody came.\n\n* * *\n\nThen came one.\n\nCHAPTER II\n\nThe _next_ day."
        book = written(tmp_path, "a.txt", source).book
        assert titles(book) == ["CHAPTER I", "CHAPTER II"]
        assert plain_text(book.chapters[0].blocks[1].inlines) == "It was a night of rain and wind, and nobody came."
        assert isinstance(book.chapters[0].blocks[2], SceneBreak)
        assert nodes(book.chapters[1], Emphasis)

    def test_a_typed_contents_list_is_no_chapter(self, tmp_path: Path) -> None:
        contents = "\n\n".join(f"Chapter {n}" for n in ("One", "Two", "Three"))
        chapters = "\n\n".join(f"Chapter {n}\n\nText of it." for n in ("One", "Two", "Three"))
        assert titles(written(tmp_path, "a.txt", f"{contents}\n\nWords between.\n\n{chapters}").book)[-3:] == [
            "Chapter One",
            "Chapter Two",
            "Chapter Three",
        ]

    def test_speakers_named_i_are_no_chapters(self, tmp_path: Path) -> None:
        prose = "Words go on and on here. " * 60
        source = "\n\n".join(f"{n}. A Title\n\n{prose}\n\nI. What?\n\n{prose}" for n in ("I", "II", "III", "IV"))
        assert titles(written(tmp_path, "a.txt", source).book) == [
            "I. A Title",
            "II. A Title",
            "III. A Title",
            "IV. A Title",
        ]

    @pytest.mark.parametrize(
        ("labels", "names", "expected"),
        [
            ("I II III", "The Lamp|The Ships|What Ann Saw!", ["I. The Lamp", "II. The Ships", "III. What Ann Saw!"]),
            ("1 2 3", "THE LAMP.|THE SHIPS.|THE END.", ["1. THE LAMP.", "2. THE SHIPS.", "3. THE END."]),
            (
                "CHAPTER I.|CHAPTER II.|CHAPTER III.",
                "Loomings|The Bag|The Inn",
                ["CHAPTER I. Loomings", "CHAPTER II. The Bag", "CHAPTER III. The Inn"],
            ),
            ("I II III", "The lamp was lit.|The ships were late.|We did not wait.", ["I", "II", "III"]),
            ("I II III", "the lamp|the ships|the end", ["I", "II", "III"]),
            ("I II III IV", "The Lamp|It was late.|It was cold.|It was dark.", ["I", "II", "III", "IV"]),
        ],
    )
    def test_a_number_and_the_title_below_it_are_one_heading(
        self, tmp_path: Path, labels: str, names: str, expected: list[str]
    ) -> None:
        prose = "\n".join(["The keeper counted the ships that did not come, and wrote it down."] * 20)
        numbers = labels.split("|") if "|" in labels else labels.split()
        text = "\n\n".join(
            f"{number}\n\n{name}\n\n{prose}" for number, name in zip(numbers, names.split("|"), strict=True)
        )
        book = written(tmp_path, "a.txt", f"\n\n{text}").book
        assert titles(book) == expected
        assert _words(book).split() == text.split()

    def test_gutenberg_wrapping_is_taken_off(self, tmp_path: Path) -> None:
        source = (
            "The Project Gutenberg eBook of Salt\n\nTitle: Salt\nAuthor: Ann Lee\nLanguage: German\n\n"
            "*** START OF THE PROJECT GUTENBERG EBOOK SALT ***\n\nWords.\n\n*** END OF THE PROJECT GUTENBERG EBOOK SALT ***\nLicence"
        )
        reading = written(tmp_path, "a.txt", source)
        assert _words(reading.book) == "Words."
        assert (reading.book.metadata.title, reading.book.metadata.language) == ("Salt", "de")
        assert "source.gutenberg-dropped" in codes(reading)

    def test_bracketed_notes(self, tmp_path: Path) -> None:
        book = written(tmp_path, "a.txt", "One[1] and two[2].\n\n[1] First.\n\n[2] Second.").book
        assert [blocks_text(note.blocks) for note in book.notes.values()] == ["First.", "Second."]
        assert _words(book) == "One and two."

    def test_brackets_without_notes_stay(self, tmp_path: Path) -> None:
        book = written(tmp_path, "a.txt", "See [1] there.\n\nNothing more.").book
        assert _words(book) == "See [1] there. Nothing more."

    def test_verse_keeps_lines_and_indents(self, tmp_path: Path) -> None:
        verse = nodes(
            written(tmp_path, "a.txt", "Of winter nights\n  And summer days\nI sing to you\n\nAnd more").book, Verse
        )[0]
        assert [line.indent for line in verse.stanzas[0]] == [0, 1, 0]

    @pytest.mark.parametrize(
        ("data", "codec"),
        [
            ("Café".encode("cp1252"), "cp1252"),
            ("Café".encode("utf-16"), "utf-16"),
            (b"\xef\xbb\xbf" + "Café".encode(), "utf-8-sig"),
            ("Café and tea".encode("utf-16-le"), "utf-16-le"),
        ],
    )
    def test_encodings(self, tmp_path: Path, data: bytes, codec: str) -> None:
        assert _words(written(tmp_path, "a.txt", data).book).startswith("Café")

    def test_damaged_characters_are_told(self, tmp_path: Path) -> None:
        data = ("äöü " * 30).encode() + b"\xff " + b"end"
        assert "source.encoding-damaged" in codes(written(tmp_path, "a.txt", data))


_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{value}"'
    for name, value in (
        ("office", "office:1.0"),
        ("style", "style:1.0"),
        ("text", "text:1.0"),
        ("table", "table:1.0"),
        ("draw", "drawing:1.0"),
        ("fo", "xsl-fo-compatible:1.0"),
        ("svg", "svg-compatible:1.0"),
    )
)


def _odt(folder: Path, body: str, styles: str = "") -> Path:
    content = (
        f'<office:document-content {_ODF} xmlns:xlink="http://www.w3.org/1999/xlink"><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": content,
        "Pictures/a.png": picture(),
    }
    return zipped(folder / "a.odt", parts)


class TestOdt:
    def test_headings_spans_and_notes(self, tmp_path: Path) -> None:
        styles = '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-style="italic" fo:font-weight="bold"/></style:style>'
        styles += '<style:style style:name="T2" style:family="text"><style:text-properties fo:font-variant="small-caps"/></style:style>'
        body = (
            '<text:h text:outline-level="1">One</text:h><text:p>a<text:s text:c="2"/><text:span text:style-name="T1">b</text:span>'
            '<text:span text:style-name="T2">c</text:span><text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
            "<text:note-body><text:p>Note.</text:p></text:note-body></text:note></text:p>"
        )
        book = read(_odt(tmp_path, body, styles)).book
        assert titles(book) == ["One"]
        assert nodes(book.chapters, Strong)
        assert nodes(book.chapters, Emphasis)
        assert nodes(book.chapters, SmallCaps)
        assert [blocks_text(note.blocks) for note in book.notes.values()] == ["Note."]

    def test_lists_tables_and_pictures(self, tmp_path: Path) -> None:
        styles = '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="i" text:start-value="4"/></text:list-style>'
        body = (
            '<text:list text:style-name="L1"><text:list-item><text:p>a</text:p></text:list-item></text:list>'
            '<table:table><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>h</text:p>'
            "</table:table-cell></table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:p>x</text:p>"
            '</table:table-cell><table:table-cell table:number-columns-repeated="16000"/></table:table-row></table:table>'
            '<text:p><draw:frame><draw:image xlink:href="Pictures/a.png"/><svg:desc>Fox</svg:desc></draw:frame></text:p>'
        )
        book = read(_odt(tmp_path, body, styles)).book
        assert (nodes(book, ListBlock)[0].style, nodes(book, ListBlock)[0].start) == ("lower-roman", 4)
        table = nodes(book, Table)[0]
        assert (table.header_rows, table.rows[0][0].colspan, len(table.rows[1])) == (1, 2, 2)
        assert nodes(book, Figure)[0].alt == "Fox"

    def test_changes_comments_and_contents(self, tmp_path: Path) -> None:
        body = (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>old</text:p></text:deletion></text:changed-region>"
            "</text:tracked-changes><text:table-of-content><text:index-body><text:p>One 5</text:p></text:index-body>"
            "</text:table-of-content><text:p>new<office:annotation><text:p>remark</text:p></office:annotation></text:p>"
        )
        reading = read(_odt(tmp_path, body))
        assert _words(reading.book) == "new"
        assert {"source.tracked-changes-accepted", "source.contents-dropped", "source.comments-dropped"} <= set(
            codes(reading)
        )
