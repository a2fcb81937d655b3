"""The RTF reader, feature by feature."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import (
    Align,
    Anchor,
    Aside,
    CodeSpan,
    Emphasis,
    Figure,
    Heading,
    InlineImage,
    Language,
    LineBreak,
    Link,
    ListBlock,
    Math,
    NoteRef,
    Paragraph,
    Quotation,
    ReaderResult,
    Ruby,
    SceneBreak,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Table,
    Text,
    Underline,
    Verse,
)
from conversion.engine.book.words import block_text, blocks_text
from tests.conversion.readers.build import codes, nodes, picture, read, titles

_FONTS = (
    rb"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fcharset204 Times CYR;}{\f2\fcharset2 Symbol;}"
    rb"{\f3\fcharset128 Mincho;}}"
)
_STYLES = (
    rb"{\stylesheet{\ql Normal;}{\s1\b\fs32\outlinelevel0 heading 1;}{\s2\b heading 2;}{\s3\sbasedon1\b\fs32 Opening;}"
    rb"{\s4 Title;}{\s5 Subtitle;}{\s6 Author;}{\s7\i Quote;}{\s8 Verse;}{\s9\sbasedon9 Round;}"
    rb"{\s10 HTML Preformatted;}"
    rb"{\*\cs20\i Thought;}{\*\cs21 Verbatim Char;}{\*\cs22\ul Hyperlink;}}"
)
_LISTS = (
    rb"{\*\listtable{\list{\listlevel\levelnfc0\levelstartat1{\leveltext\'02\'00.;}{\levelnumbers\'01;}}"
    rb"{\listlevel\levelnfc4\levelstartat1{\leveltext\'02\'01);}}\listid7}"
    rb"{\list{\listlevel\levelnfc23{\leveltext\'01\u8226 ?;}}\listid8}"
    rb"{\list{\listlevel\levelnfc1\levelstartat1{\leveltext\'09Chapter \'00;}}\listid9}}"
    rb"{\*\listoverridetable{\listoverride\listid7\ls1}{\listoverride\listid8\ls2}{\listoverride\listid9\ls3}"
    rb"{\listoverride\listid7\listoverridecount1{\lfolevel\listoverridestartat\levelstartat5}\ls4}}"
)


def _read(folder: Path, body: bytes, head: bytes = b"") -> ReaderResult:
    path = folder / "a.rtf"
    path.write_bytes(rb"{\rtf1\ansi\ansicpg1252\deff0" + _FONTS + _STYLES + _LISTS + head + body + b"}")
    return read(path)


def _blocks(folder: Path, body: bytes) -> list:
    return _read(folder, body).book.chapters[0].blocks


def _inlines(folder: Path, runs: bytes) -> list:
    return _blocks(folder, rb"\pard " + runs + rb"\par")[0].inlines


class TestCharacters:
    @pytest.mark.parametrize(
        ("runs", "text"),
        [
            (rb"It\u8217?s the whale\u8217's tail\u8212-then gone", "It’s the whale’s tail—then gone"),
            (rb"It\u8217 s", "It’"),
            (rb"caf\u233\'e9, \u8217 ?s", "café, ’s"),
            (rb"{\uc0\u8220 hi\u8221 }{\uc2\u228\'e8a}b", "“hi”äb"),
            (rb"{\uc2\u12354\'82\'a0}{\uc3\u9731\emdash\'3f?}.", "あ☃."),
            (rb"\u8220{x}?", "“x?"),
            (rb"\u8220\'94x\u-4051?y", "“x\uf02dy"),
            (rb"\u-10179?\u-8704?", "\U0001f600"),
            (rb"\u55357?a\u56832?b", "ab"),
            (rb"\'93hi\'94 \'e9\'80", "“hi” é€"),
            (rb"\lquote a\rquote  \ldblquote b\rdblquote  c\emdash d\endash e\bullet f", "‘a’ “b” c—d–e•f"),
            (rb"a\~b\_c\-d\zwj e\tab f", "a\u00a0b\u2011c\u00add\u200de\tf"),
            (rb"\{a\}\\b", "{a}\\b"),
            (rb"{\f1\'cf\'f0\'e8\'e2\'e5\'f2}, \'e9", "Привет, é"),
            (rb"{\f2 a\'62}\f0 a", "αβa"),
            (rb"{\f2\u61623\'b7}{\f0 \'b7}", "•·"),
            (rb"{\f3\'83\'41\'82\'a0\'83A}", "アあア"),
            ("na\u00efve \u2014 raw".encode(), "naïve — raw"),
            (b"na\xefve raw", "naïve raw"),
            (b"one\ntwo\r\nthree", "onetwothree"),
            (b"one\\line two", "one two"),
            (rb"{\ansi\unknownword15 a}{\b0 b}", "ab"),
            (rb"{\upr{caf\'e9}{\*\ud{caf\u233?!}}}", "café!"),
        ],
    )
    def test_as_they_are_meant(self, tmp_path: Path, runs: bytes, text: str) -> None:
        assert " ".join(plain_text(_inlines(tmp_path, b"w " + runs)).split(" ")).removeprefix("w ") == text

    @pytest.mark.parametrize(
        ("start", "byte", "char"),
        [
            (rb"{\rtf1\mac", rb"\'8e", "é"),
            (rb"{\rtf1\pc", rb"\'82", "é"),
            (rb"{\rtf1\pca", rb"\'82", "é"),
            (rb"{\rtf1\ansi\ansicpg1251", rb"\'ff", "я"),
            (rb"{\rtf1\ansi\ansicpg1253", rb"\'e1", "α"),
            (rb"{\rtf1\ansi\ansicpg99999", rb"\'e9", "é"),
            (rb"{\rtf1\ansi\ansicpg10000", rb"\'8e", "é"),
            (rb"{\rtf1\ansi{\fonttbl{\f5\cpg1250 Times;}}\f5", rb"\'f8", "ř"),
            (rb"{\rtf1\ansi{\fonttbl\f0\fcharset0 A;\f1\fcharset161 B;}\f1", rb"\'e1", "α"),
        ],
    )
    def test_code_pages(self, tmp_path: Path, start: bytes, byte: bytes, char: str) -> None:
        (tmp_path / "a.rtf").write_bytes(start + rb"\pard x" + byte + b"y\\par}")
        assert blocks_text(read(tmp_path / "a.rtf").book.chapters[0].blocks) == f"x{char}y"

    def test_what_cannot_be_read_is_counted(self, tmp_path: Path) -> None:
        assert "\ufffd" in plain_text(_inlines(tmp_path, rb"a\'81b"))


class TestFormatting:
    @pytest.mark.parametrize(
        ("on", "kind"),
        [
            (rb"\b", Strong),
            (rb"\i", Emphasis),
            (rb"\scaps", SmallCaps),
            (rb"\ul", Underline),
            (rb"\uld", Underline),
            (rb"\ulwave", Underline),
            (rb"\strike", Strike),
            (rb"\striked1", Strike),
            (rb"\super", Superscript),
            (rb"\sub", Subscript),
            (rb"\up6\fs16", Superscript),
            (rb"\dn4\fs16", Subscript),
            (rb"\cs20\i", Emphasis),
            (rb"\rtlch\ab", Strong),
        ],
    )
    def test_in_a_group(self, tmp_path: Path, on: bytes, kind: type) -> None:
        assert _inlines(tmp_path, b"one {" + on + b" two} three") == [Text("one "), kind([Text("two")]), Text(" three")]

    @pytest.mark.parametrize(
        "runs",
        [
            rb"\b\b0 a",
            rb"\ul\ulnone a",
            rb"\i\plain a",
            rb"\super\nosupersub a",
            rb"\cs20\i0 a",
            rb"\up6\plain a",
            rb"\ab\ltrch a",
            rb"\striked0 a",
            rb"\up2\fs16 a",
        ],
    )
    def test_switched_off(self, tmp_path: Path, runs: bytes) -> None:
        assert _inlines(tmp_path, runs) == [Text("a")]

    def test_runs_of_one_look_are_one_node_and_nest_rarely(self, tmp_path: Path) -> None:
        assert _inlines(tmp_path, rb"{\i a}{\i\b b}{\i c}") == [Emphasis([Text("a"), Strong([Text("b")]), Text("c")])]

    def test_a_character_style_that_is_not_written_out_counts(self, tmp_path: Path) -> None:
        assert _inlines(tmp_path, rb"a {\cs20 b}") == [Text("a "), Emphasis([Text("b")])]
        assert _inlines(tmp_path, rb"a {\cs21 b}") == [Text("a "), CodeSpan("b")]

    def test_hidden_text_is_left_out_and_told(self, tmp_path: Path) -> None:
        reading = _read(tmp_path, rb"\pard seen{\v  unseen}\par")
        assert blocks_text(reading.book.chapters[0].blocks) == "seen"
        assert "source.hidden-text-dropped" in codes(reading)

    def test_deleted_text_is_left_out_and_told(self, tmp_path: Path) -> None:
        reading = _read(tmp_path, rb"\pard kept {\deleted gone {\footnote a note}}{\revised new}\par")
        assert blocks_text(reading.book.chapters[0].blocks) == "kept new"
        assert not reading.book.notes
        assert "source.tracked-changes-accepted" in codes(reading)

    def test_a_deleted_end_joins_two_paragraphs(self, tmp_path: Path) -> None:
        assert [block_text(b) for b in _blocks(tmp_path, rb"\pard one {\deleted\par}\pard two\par")] == ["one two"]

    def test_another_language(self, tmp_path: Path) -> None:
        english = rb"\pard The harbour was as quiet as the sea and the boat that went out did not come back. "
        blocks = _read(tmp_path, english + rb"{\lang1036 Bonjour}\par", rb"\deflang1033").book.chapters[0].blocks
        assert nodes(blocks, Language) == [Language([Text("Bonjour")], "fr-FR")]


class TestParagraphs:
    def test_styles_make_headings(self, tmp_path: Path) -> None:
        body = rb"\pard\plain\s1\b\fs32 One\par\pard\plain text\par\pard\s2\b Two {\i now}\par\pard text\par"
        blocks = _blocks(tmp_path, body)
        assert [(b.level, b.inlines[-1]) for b in blocks if isinstance(b, Heading)] == [
            (1, Text("One")),
            (2, Emphasis([Text("now")])),
        ]

    @pytest.mark.parametrize(
        ("form", "level"),
        [(rb"\s3\b", 1), (rb"\outlinelevel0\b", 1), (rb"\outlinelevel2", 1), (rb"\s1\outlinelevel9", 0), (rb"\s9", 0)],
    )
    def test_outline_levels_and_inheritance(self, tmp_path: Path, form: bytes, level: int) -> None:
        block = _blocks(tmp_path, rb"\pard" + form + rb" One\par\pard text\par")[0]
        assert getattr(block, "level", 0) == level
        assert plain_text(block.inlines) == "One"

    def test_a_bold_heading_without_a_style_is_not_strong(self, tmp_path: Path) -> None:
        body = rb"{\pard\outlinelevel0\b {\*\bkmkstart x}One{\super\chftn}{\footnote n}\par}\pard text\par"
        assert not nodes(_blocks(tmp_path, body), Strong)

    def test_the_title_page_gives_the_details(self, tmp_path: Path) -> None:
        body = rb"\pard\s4 Salt\par\pard\s5 A Tale\par\pard\s6 Ann Lee and Bo Lind\par\pard\s1 One\par\pard text\par"
        metadata = _read(tmp_path, body, rb"{\info{\title Other}{\author Nobody Real}}").book.metadata
        assert (metadata.title, metadata.subtitle) == ("Salt", "A Tale")
        assert [who.name for who in metadata.contributors] == ["Ann Lee", "Bo Lind"]

    def test_info_gives_the_details(self, tmp_path: Path) -> None:
        info = rb"{\info{\title Salt \u8212- a tale}{\author Ann L\'e9e; Bo Lind}{\doccomm A keeper counts the ships.}"
        metadata = _read(tmp_path, rb"\pard text\par", info + rb"{\keywords sea, salt}}").book.metadata
        assert metadata.title == "Salt — a tale"
        assert [who.name for who in metadata.contributors] == ["Ann Lée", "Bo Lind"]
        assert metadata.description == "A keeper counts the ships."
        assert metadata.subjects == ["sea", "salt"]

    def test_a_programs_details_are_not_the_books(self, tmp_path: Path) -> None:
        metadata = _read(tmp_path, rb"\pard x\par", rb"{\info{\title Document1.rtf}{\author User}}").book.metadata
        assert (metadata.title, metadata.contributors) == ("", [])

    @pytest.mark.parametrize(
        ("form", "align", "direction"),
        [
            (rb"\qc", Align.CENTER, ""),
            (rb"\qr", Align.END, ""),
            (rb"\qj", Align.AUTO, ""),
            (rb"\rtlpar\qr", Align.AUTO, "rtl"),
            (rb"\rtlpar\ql", Align.END, "rtl"),
            (rb"\rtlpar\qc", Align.CENTER, "rtl"),
        ],
    )
    def test_alignment_and_direction(self, tmp_path: Path, form: bytes, align: Align, direction: str) -> None:
        block = _blocks(tmp_path, rb"\pard" + form + rb" words\par")[0]
        assert (block.align, block.direction) == (align, direction)

    def test_formatting_of_a_group_ends_with_it(self, tmp_path: Path) -> None:
        blocks = _blocks(tmp_path, rb"{\pard\qc one\par}{\pard two\par}\pard three\par")
        assert [block.align for block in blocks] == [Align.CENTER, Align.AUTO, Align.AUTO]

    def test_quotations_by_style_and_by_indent(self, tmp_path: Path) -> None:
        prose = rb"\pard The sea is grey.\par" * 6
        blocks = _blocks(tmp_path, prose + rb"{\pard\s7\i quoted\par}\pard text\par\pard\li720 set in\par\pard end\par")
        assert [block_text(b) for b in blocks if isinstance(b, Quotation)] == ["quoted", "set in"]
        assert not nodes(blocks, Emphasis)

    def test_indents_that_every_paragraph_has_mean_nothing(self, tmp_path: Path) -> None:
        assert not nodes(_blocks(tmp_path, rb"\pard\li720 a line of prose\par" * 5), Quotation)

    def test_verse_and_code_by_style(self, tmp_path: Path) -> None:
        blocks = _blocks(tmp_path, rb"\pard\s8 one\par two\par\par\pard\s8 three\par\pard\s10 x = 1\par y = 2\par")
        assert [len(stanza) for stanza in blocks[0].stanzas] == [2, 1]
        assert isinstance(blocks[0], Verse)
        assert blocks[1].text == "x = 1\ny = 2"

    def test_scene_breaks(self, tmp_path: Path) -> None:
        rule = rb"\pard{\pict{\*\picprop{\sp{\sn fHorizRule}{\sv 1}}}\wmetafile8}\par"
        flat = rb"\pard{\shp{\*\shpinst\shpleft0\shptop-31\shpright9359\shpbottom-2{\sp{\sn shapeType}{\sv 1}}}}\par"
        blocks = _blocks(tmp_path, rb"\pard a\par\pard\qc * * *\par\pard b\par" + rule + rb"\pard c\par" + flat)
        assert [type(b) for b in blocks] == [Paragraph, SceneBreak, Paragraph, SceneBreak, Paragraph, SceneBreak]

    def test_line_and_page_breaks(self, tmp_path: Path) -> None:
        assert _inlines(tmp_path, rb"one\line two\page three") == [Text("one"), LineBreak(), Text("two three")]

    def test_a_drop_cap_belongs_to_its_word(self, tmp_path: Path) -> None:
        blocks = _blocks(tmp_path, rb"\pard\dropcapli3\dropcapt1{\dn8\fs90 T}\par\pard he night was dark.\par")
        assert [block_text(b) for b in blocks] == ["The night was dark."]

    @pytest.mark.parametrize(
        "words",
        [
            rb"{\header running}",
            rb"{\footerf foot}",
            rb"{\*\atnid AB}{\*\atnauthor Bo}\chatn{\*\annotation a remark}",
            rb"{\xe index}",
            rb"{\*\unknown{\b thing}}",
            rb"{\*\themedata 504b0304}",
            rb"{\nonesttables\par}",
            rb"{\*\userprops{\propname x}{\staticval y}}",
            rb"{\colortbl;\red1;}",
        ],
    )
    def test_what_is_no_text_is_left_out(self, tmp_path: Path, words: bytes) -> None:
        assert [block_text(b) for b in _blocks(tmp_path, rb"\pard a" + words + rb"b\par")] == ["ab"]

    def test_what_is_left_out_is_told(self, tmp_path: Path) -> None:
        reading = _read(tmp_path, rb"{\header x}{\footer y}\pard a{\*\annotation b}\par")
        told = {one.code: one.facts["count"] for one in reading.findings}
        assert told == {"source.running-heads-dropped": 1, "source.comments-dropped": 1}


class TestNotes:
    @pytest.mark.parametrize(
        ("note", "kind"),
        [
            (rb"{\super\chftn}{\footnote\pard\plain{\super\chftn} Its {\i words}.}", "footnote"),
            (rb"{\super\chftn}{\*\footnote\pard{\super\chftn} Its {\i words}.}", "footnote"),
            (rb"{\super\chftn{\*\footnote\ftnalt\chftn\pard\plain Its {\i words}.\par}}", "endnote"),
        ],
    )
    def test_in_every_spelling(self, tmp_path: Path, note: bytes, kind: str) -> None:
        book = _read(tmp_path, rb"\pard Body" + note + rb" goes on.\par").book
        assert book.chapters[0].blocks[0].inlines == [Text("Body"), NoteRef("note-1"), Text(" goes on.")]
        (found,) = book.notes.values()
        assert found.kind == kind
        assert found.blocks[0].inlines == [Text("Its "), Emphasis([Text("words")]), Text(".")]

    def test_several_paragraphs_and_a_note_in_a_note(self, tmp_path: Path) -> None:
        book = _read(tmp_path, rb"\pard a{\footnote one\par two{\footnote inner}\par}\par\pard b\par").book
        assert [blocks_text(note.blocks) for note in book.notes.values()] == ["one\ntwo", "inner"]
        assert [block_text(b) for b in book.chapters[0].blocks] == ["a", "b"]

    def test_formatting_around_a_note_goes_on_after_it(self, tmp_path: Path) -> None:
        runs = _inlines(tmp_path, rb"{\i a{\footnote\b n}b}")
        assert plain_text(runs) == "ab"
        assert len(nodes(runs, Emphasis)) >= 1
        assert not nodes(runs, Strong)


class TestLinks:
    @pytest.mark.parametrize(
        "code",
        [
            rb'{\*\fldinst HYPERLINK "https://example.org/a"}',
            rb'{\*\fldinst{HYPERLINK }{\b "https://example.org/a" \\t "_blank"}}',
            rb"{\fldinst{ HYPERLINK https://example.org/a }}",
        ],
    )
    def test_to_an_address(self, tmp_path: Path, code: bytes) -> None:
        runs = _inlines(tmp_path, rb"see {\field" + code + rb"{\fldrslt{\cs22\ul this}}} now")
        assert runs == [Text("see "), Link([Text("this")], "https://example.org/a"), Text(" now")]

    @pytest.mark.parametrize("code", [rb'HYPERLINK \\l "place"', rb'HYPERLINK "#place"', rb"REF place \\h"])
    def test_to_a_bookmark(self, tmp_path: Path, code: bytes) -> None:
        body = rb"\pard{\field{\*\fldinst " + code + rb"}{\fldrslt go}}\par\pard{\*\bkmkstart place}here\par"
        blocks = _blocks(tmp_path, body + rb"\pard{\*\bkmkstart other}\par")
        (link,), (anchor,) = nodes(blocks, Link), nodes(blocks, Anchor)
        assert link.href == f"#{anchor.id}"

    @pytest.mark.parametrize(
        ("code", "finding"),
        [(rb'HYPERLINK "javascript:alert(1)"', "source.link-dropped"), (rb'HYPERLINK \\l "no"', "source.link-dead")],
    )
    def test_that_lead_nowhere_keep_their_words(self, tmp_path: Path, code: bytes, finding: str) -> None:
        reading = _read(tmp_path, rb"\pard{\field{\*\fldinst " + code + rb"}{\fldrslt go}}\par")
        assert blocks_text(reading.book.chapters[0].blocks) == "go"
        assert not nodes(reading.book.chapters, Link)
        assert finding in codes(reading)

    def test_over_paragraphs_and_nested(self, tmp_path: Path) -> None:
        inner = rb"{\field{\*\fldinst PAGE}{\fldrslt 2}}"
        body = rb'\pard{\field{\*\fldinst HYPERLINK "https://a.org"}{\fldrslt one\par' + inner + rb"}} x\par"
        blocks = _blocks(tmp_path, body)
        assert [link.href for link in nodes(blocks, Link)] == ["https://a.org", "https://a.org"]
        assert [block_text(b) for b in blocks] == ["one", "2 x"]

    def test_a_generated_contents_list_is_left_out(self, tmp_path: Path) -> None:
        toc = rb"\pard{\field{\*\fldinst TOC \\o}{\fldrslt One 1\par Two 2\par}}"
        reading = _read(tmp_path, toc + rb"\pard\s1 One\par\pard text\par")
        assert "One 1" not in blocks_text(reading.book.chapters[0].blocks)
        assert "source.contents-dropped" in codes(reading)

    def test_signs_and_ruby_that_only_a_code_holds(self, tmp_path: Path) -> None:
        sign = rb'{\field{\*\fldinst SYMBOL 97 \\f "Symbol" \\s 10}{\fldrslt\f2}}'
        ruby = rb"{\field{\*\fldinst EQ \\* jc2 \\o\\ad(\\s\\up 9(kana),base)}{\fldrslt }}"
        assert _inlines(tmp_path, b"x" + sign + ruby) == [Text("xα"), Ruby([("base", "kana")])]


class TestLists:
    def test_numbers_bullets_and_levels(self, tmp_path: Path) -> None:
        body = (
            rb"\pard{\listtext 1.\tab}\ls1 one\par\pard{\listtext a)\tab}\ls1\ilvl1 deep\par"
            rb"\pard{\listtext 2.\tab}\ls1 two\par\pard{\listtext\'b7\tab}\ls2 dot\par\pard text\par"
        )
        numbered, bullets, after = _blocks(tmp_path, body)
        assert (numbered.ordered, numbered.style, len(numbered.items)) == (True, "decimal", 2)
        inner = numbered.items[0].blocks[1]
        assert (inner.ordered, inner.style, block_text(inner)) == (True, "lower-alpha", "deep")
        assert (bullets.ordered, block_text(bullets), block_text(after)) == (False, "dot", "text")

    def test_further_paragraphs_of_an_item(self, tmp_path: Path) -> None:
        body = rb"\pard{\listtext 1.\tab}\ls1 one\par\pard\ls1 more\par\pard{\listtext 2.\tab}\ls1 two\par"
        (block,) = _blocks(tmp_path, body)
        assert [[block_text(b) for b in item.blocks] for item in block.items] == [["one", "more"], ["two"]]

    def test_a_list_that_begins_elsewhere(self, tmp_path: Path) -> None:
        assert _blocks(tmp_path, rb"\pard\ls4 five\par")[0].start == 5

    def test_the_number_of_a_heading_is_part_of_it(self, tmp_path: Path) -> None:
        body = rb"\pard\s1\ls3 Salt\par\pard text\par\pard\s1\ls3 Wind\par\pard text\par"
        assert titles(_read(tmp_path, body).book) == ["Chapter I Salt", "Chapter II Wind"]

    @pytest.mark.parametrize(
        ("pn", "ordered", "style"),
        [(rb"\pnlvlblt{\pntxtb\'b7}", False, ""), (rb"\pnlvlbody\pnlcrm\pnstart1{\pntxta.}", True, "lower-roman")],
    )
    def test_lists_of_word_6(self, tmp_path: Path, pn: bytes, ordered: bool, style: str) -> None:
        body = rb"\pard{\pntext 1.\tab}{\*\pn" + pn + rb"}one\par{\pntext 2.\tab}two\par\pard text\par"
        block, after = _blocks(tmp_path, body)
        assert isinstance(block, ListBlock)
        assert (block.ordered, block.style, len(block.items)) == (ordered, style, 2)
        assert block_text(after) == "text"

    def test_a_number_without_a_list_stays(self, tmp_path: Path) -> None:
        assert block_text(_blocks(tmp_path, rb"\pard{\listtext 1.\tab}one\par")[0]) == "1. one"


def _row(*cells: bytes, edges: tuple[int, ...] = (), marks: bytes = b"") -> bytes:
    places = b"".join(b"\\cellx%d" % edge for edge in edges or [1000 * (n + 1) for n, _ in enumerate(cells)])
    return rb"\trowd" + marks + places + rb"\pard\intbl " + b"".join(cell + rb"\cell " for cell in cells) + rb"\row"


def _cells(table: Table) -> list[list[tuple[str, int, int]]]:
    return [[(blocks_text(cell.blocks), cell.colspan, cell.rowspan) for cell in row] for row in table.rows]


class TestTables:
    def test_rows_and_what_follows(self, tmp_path: Path) -> None:
        blocks = _blocks(
            tmp_path, rb"\pard before\par" + _row(b"a", b"{\\b b}") + _row(b"c", b"d") + rb"\pard after\par"
        )
        assert [type(block) for block in blocks] == [Paragraph, Table, Paragraph]
        assert _cells(blocks[1]) == [[("a", 1, 1), ("b", 1, 1)], [("c", 1, 1), ("d", 1, 1)]]

    def test_several_paragraphs_in_a_cell(self, tmp_path: Path) -> None:
        (table,) = _blocks(tmp_path, _row(rb"a\par b", b"c"))
        assert [block_text(b) for b in table.rows[0][0].blocks] == ["a", "b"]

    def test_merged_to_the_right_by_marks_and_by_edges(self, tmp_path: Path) -> None:
        marked = rb"\trowd\clmgf\cellx1000\clmrg\cellx2000\cellx3000\pard\intbl a\cell\cell b\cell\row"
        (table,) = _blocks(tmp_path, marked + _row(b"c", b"d", edges=(1010, 3000)) + _row(b"e", b"f", b"g"))
        assert _cells(table) == [
            [("a", 2, 1), ("b", 1, 1)],
            [("c", 1, 1), ("d", 2, 1)],
            [("e", 1, 1), ("f", 1, 1), ("g", 1, 1)],
        ]

    def test_merged_downwards(self, tmp_path: Path) -> None:
        first = rb"\trowd\clvmgf\cellx1000\cellx2000\pard\intbl a\cell b\cell\row"
        second = rb"\trowd\clvmrg\cellx1000\cellx2000\pard\intbl\cell c\cell\row"
        (table,) = _blocks(tmp_path, first + second)
        assert _cells(table) == [[("a", 1, 2), ("b", 1, 1)], [("c", 1, 1)]]

    def test_header_rows_and_a_row_that_begins_later(self, tmp_path: Path) -> None:
        rows = _row(b"a", b"b", marks=rb"\trhdr") + _row(b"c", edges=(2000,), marks=rb"\trleft1000")
        (table,) = _blocks(tmp_path, rows)
        assert table.header_rows == 1
        assert all(cell.header for cell in table.rows[0])
        assert _cells(table)[1] == [("", 1, 1), ("c", 1, 1)]

    def test_a_table_in_a_cell(self, tmp_path: Path) -> None:
        inner = (
            rb"\pard\intbl\itap2 x\nestcell y\nestcell{\*\nesttableprops\trowd\cellx500\cellx900\nestrow}"
            rb"{\nonesttables\par}"
        )
        body = rb"\trowd\cellx1000\cellx2000" + inner + rb"\pard\intbl after\cell b\cell\row\pard end\par"
        table, end = _blocks(tmp_path, body)
        inside = table.rows[0][0].blocks
        assert [type(block) for block in inside] == [Table, Paragraph]
        assert _cells(inside[0]) == [[("x", 1, 1), ("y", 1, 1)]]
        assert (blocks_text(table.rows[0][1].blocks), block_text(end)) == ("b", "end")

    def test_a_table_of_one_cell_is_a_box(self, tmp_path: Path) -> None:
        assert isinstance(_blocks(tmp_path, _row(b"a") + rb"\pard b\par")[0], Aside)

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
        assert blocks_text(_blocks(tmp_path, body)).split() == ["a", "b"]


def _hex(data: bytes) -> bytes:
    digits = data.hex().encode()
    return b"\n".join(digits[at : at + 80] for at in range(0, len(digits), 80))


class TestPictures:
    @pytest.mark.parametrize("binary", [True, False])
    def test_in_either_coding_with_its_description(self, tmp_path: Path, binary: bool) -> None:
        data = b"\\bin%d " % len(picture()) + picture() if binary else _hex(picture())
        alt = rb"{\*\picprop\shplid1{\sp{\sn wzDescription}{\sv A red square}}}"
        book = _read(tmp_path, rb"\pard{\pict" + alt + rb"\pngblip\picw2\pich2 " + data + rb"}\par\pard b\par").book
        figure = book.chapters[0].blocks[0]
        assert (figure.alt, list(book.assets)) == ("A red square", [figure.asset])

    def test_once_although_it_is_written_twice(self, tmp_path: Path) -> None:
        shown = rb"{\*\shppict{\pict\pngblip " + _hex(picture()) + rb"}}{\nonshppict{\pict\wmetafile8 0100}}"
        assert len(nodes(_blocks(tmp_path, rb"\pard a " + shown + rb" b\par"), InlineImage)) == 1

    def test_a_bitmap_without_a_file_around_it(self, tmp_path: Path) -> None:
        header = (40).to_bytes(4, "little") + b"\1\0\0\0\1\0\0\0\1\0\x18\0" + bytes(24)
        blocks = _blocks(tmp_path, rb"\pard{\pict\dibitmap0 " + _hex(header + b"\xff\0\0\0") + rb"}\par\pard b\par")
        assert isinstance(blocks[0], Figure)

    def test_in_a_shape(self, tmp_path: Path) -> None:
        pib = rb"{\sp{\sn pib}{\sv {\pict\pngblip " + _hex(picture()) + rb"}}}"
        shape = rb"{\shp{\*\shpinst" + pib + rb"{\sp{\sn wzDescription}{\sv A boat}}}{\shprslt{\pict\wmetafile8 01}}}"
        assert [image.alt for image in nodes(_blocks(tmp_path, rb"\pard a " + shape + rb"\par"), InlineImage)] == [
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
        reading = _read(tmp_path, rb"\pard words" + pict + rb"\par")
        assert finding in codes(reading)
        assert blocks_text(reading.book.chapters[0].blocks).startswith("words")

    @pytest.mark.parametrize(
        "box", [rb"{\shp{\*\shpinst{\shptxt\pard one\par two\par}}}", rb"{\*\do{\dptxbxtext\pard one\par two\par}}"]
    )
    def test_text_boxes_are_asides(self, tmp_path: Path, box: bytes) -> None:
        before, aside, after = _blocks(tmp_path, rb"\pard before" + box + rb"\par\pard after\par")
        assert isinstance(aside, Aside)
        assert [block_text(b) for b in (before, aside, after)] == ["before", "one two", "after"]

    def test_formulas(self, tmp_path: Path) -> None:
        fraction = rb"{\mf{\mfPr{\mtype bar}}{\mnum{\mr\mscr0\msty2 a}}{\mden{\mr{\mrPr\mnor}if }}}"
        inlines = _inlines(tmp_path, rb"x {\mmath{\*\moMath" + fraction + rb"}} y")
        (formula,) = nodes(inlines, Math)
        assert "<mfrac>" in formula.mathml
        assert "<mi>a</mi>" in formula.mathml
