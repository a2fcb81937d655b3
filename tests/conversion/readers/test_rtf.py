"""The RTF reader, feature by feature."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import (
    Align,
    Anchor,
    CodeSpan,
    Emphasis,
    Heading,
    Language,
    LineBreak,
    Link,
    NoteRef,
    Paragraph,
    Quotation,
    Ruby,
    SceneBreak,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
    Verse,
)
from conversion.engine.book.words import block_text, blocks_text
from tests.conversion.readers.build import codes, nodes, read
from tests.conversion.readers.rtf_source import blocks_of, inlines_of, read_rtf


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
        assert " ".join(plain_text(inlines_of(tmp_path, b"w " + runs)).split(" ")).removeprefix("w ") == text

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
        assert "\ufffd" in plain_text(inlines_of(tmp_path, rb"a\'81b"))


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
        assert inlines_of(tmp_path, b"one {" + on + b" two} three") == [
            Text("one "),
            kind([Text("two")]),
            Text(" three"),
        ]

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
        assert inlines_of(tmp_path, runs) == [Text("a")]

    def test_runs_of_one_look_are_one_node_and_nest_rarely(self, tmp_path: Path) -> None:
        assert inlines_of(tmp_path, rb"{\i a}{\i\b b}{\i c}") == [Emphasis([Text("a"), Strong([Text("b")]), Text("c")])]

    def test_a_character_style_that_is_not_written_out_counts(self, tmp_path: Path) -> None:
        assert inlines_of(tmp_path, rb"a {\cs20 b}") == [Text("a "), Emphasis([Text("b")])]
        assert inlines_of(tmp_path, rb"a {\cs21 b}") == [Text("a "), CodeSpan("b")]

    def test_hidden_text_is_left_out_and_told(self, tmp_path: Path) -> None:
        reading = read_rtf(tmp_path, rb"\pard seen{\v  unseen}\par")
        assert blocks_text(reading.book.chapters[0].blocks) == "seen"
        assert "source.hidden-text-dropped" in codes(reading)

    def test_deleted_text_is_left_out_and_told(self, tmp_path: Path) -> None:
        reading = read_rtf(tmp_path, rb"\pard kept {\deleted gone {\footnote a note}}{\revised new}\par")
        assert blocks_text(reading.book.chapters[0].blocks) == "kept new"
        assert not reading.book.notes
        assert "source.tracked-changes-accepted" in codes(reading)

    def test_a_deleted_end_joins_two_paragraphs(self, tmp_path: Path) -> None:
        assert [block_text(b) for b in blocks_of(tmp_path, rb"\pard one {\deleted\par}\pard two\par")] == ["one two"]

    def test_another_language(self, tmp_path: Path) -> None:
        english = rb"\pard The harbour was as quiet as the sea and the boat that went out did not come back. "
        blocks = read_rtf(tmp_path, english + rb"{\lang1036 Bonjour}\par", rb"\deflang1033").book.chapters[0].blocks
        assert nodes(blocks, Language) == [Language([Text("Bonjour")], "fr-FR")]


class TestParagraphs:
    def test_styles_make_headings(self, tmp_path: Path) -> None:
        body = rb"\pard\plain\s1\b\fs32 One\par\pard\plain text\par\pard\s2\b Two {\i now}\par\pard text\par"
        blocks = blocks_of(tmp_path, body)
        assert [(b.level, b.inlines[-1]) for b in blocks if isinstance(b, Heading)] == [
            (1, Text("One")),
            (2, Emphasis([Text("now")])),
        ]

    @pytest.mark.parametrize(
        ("form", "level"),
        [(rb"\s3\b", 1), (rb"\outlinelevel0\b", 1), (rb"\outlinelevel2", 1), (rb"\s1\outlinelevel9", 0), (rb"\s9", 0)],
    )
    def test_outline_levels_and_inheritance(self, tmp_path: Path, form: bytes, level: int) -> None:
        block = blocks_of(tmp_path, rb"\pard" + form + rb" One\par\pard text\par")[0]
        assert getattr(block, "level", 0) == level
        assert plain_text(block.inlines) == "One"

    def test_a_bold_heading_without_a_style_is_not_strong(self, tmp_path: Path) -> None:
        body = rb"{\pard\outlinelevel0\b {\*\bkmkstart x}One{\super\chftn}{\footnote n}\par}\pard text\par"
        assert not nodes(blocks_of(tmp_path, body), Strong)

    def test_the_title_page_gives_the_details(self, tmp_path: Path) -> None:
        body = rb"\pard\s4 Salt\par\pard\s5 A Tale\par\pard\s6 Ann Lee and Bo Lind\par\pard\s1 One\par\pard text\par"
        metadata = read_rtf(tmp_path, body, rb"{\info{\title Other}{\author Nobody Real}}").book.metadata
        assert (metadata.title, metadata.subtitle) == ("Salt", "A Tale")
        assert [who.name for who in metadata.contributors] == ["Ann Lee", "Bo Lind"]

    def test_info_gives_the_details(self, tmp_path: Path) -> None:
        info = rb"{\info{\title Salt \u8212- a tale}{\author Ann L\'e9e; Bo Lind}{\doccomm A keeper counts the ships.}"
        metadata = read_rtf(tmp_path, rb"\pard text\par", info + rb"{\keywords sea, salt}}").book.metadata
        assert metadata.title == "Salt — a tale"
        assert [who.name for who in metadata.contributors] == ["Ann Lée", "Bo Lind"]
        assert metadata.description == "A keeper counts the ships."
        assert metadata.subjects == ["sea", "salt"]

    def test_a_programs_details_are_not_the_books(self, tmp_path: Path) -> None:
        metadata = read_rtf(tmp_path, rb"\pard x\par", rb"{\info{\title Document1.rtf}{\author User}}").book.metadata
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
        block = blocks_of(tmp_path, rb"\pard" + form + rb" words\par")[0]
        assert (block.align, block.direction) == (align, direction)

    def test_formatting_of_a_group_ends_with_it(self, tmp_path: Path) -> None:
        blocks = blocks_of(tmp_path, rb"{\pard\qc one\par}{\pard two\par}\pard three\par")
        assert [block.align for block in blocks] == [Align.CENTER, Align.AUTO, Align.AUTO]

    def test_quotations_by_style_and_by_indent(self, tmp_path: Path) -> None:
        prose = rb"\pard The sea is grey.\par" * 6
        blocks = blocks_of(
            tmp_path, prose + rb"{\pard\s7\i quoted\par}\pard text\par\pard\li720 set in\par\pard end\par"
        )
        assert [block_text(b) for b in blocks if isinstance(b, Quotation)] == ["quoted", "set in"]
        assert not nodes(blocks, Emphasis)

    def test_indents_that_every_paragraph_has_mean_nothing(self, tmp_path: Path) -> None:
        assert not nodes(blocks_of(tmp_path, rb"\pard\li720 a line of prose\par" * 5), Quotation)

    def test_verse_and_code_by_style(self, tmp_path: Path) -> None:
        blocks = blocks_of(tmp_path, rb"\pard\s8 one\par two\par\par\pard\s8 three\par\pard\s10 x = 1\par y = 2\par")
        assert [len(stanza) for stanza in blocks[0].stanzas] == [2, 1]
        assert isinstance(blocks[0], Verse)
        assert blocks[1].text == "x = 1\ny = 2"

    def test_scene_breaks(self, tmp_path: Path) -> None:
        rule = rb"\pard{\pict{\*\picprop{\sp{\sn fHorizRule}{\sv 1}}}\wmetafile8}\par"
        flat = rb"\pard{\shp{\*\shpinst\shpleft0\shptop-31\shpright9359\shpbottom-2{\sp{\sn shapeType}{\sv 1}}}}\par"
        blocks = blocks_of(tmp_path, rb"\pard a\par\pard\qc * * *\par\pard b\par" + rule + rb"\pard c\par" + flat)
        assert [type(b) for b in blocks] == [Paragraph, SceneBreak, Paragraph, SceneBreak, Paragraph, SceneBreak]

    def test_line_and_page_breaks(self, tmp_path: Path) -> None:
        assert inlines_of(tmp_path, rb"one\line two\page three") == [Text("one"), LineBreak(), Text("two three")]

    def test_a_drop_cap_belongs_to_its_word(self, tmp_path: Path) -> None:
        blocks = blocks_of(tmp_path, rb"\pard\dropcapli3\dropcapt1{\dn8\fs90 T}\par\pard he night was dark.\par")
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
        assert [block_text(b) for b in blocks_of(tmp_path, rb"\pard a" + words + rb"b\par")] == ["ab"]

    def test_what_is_left_out_is_told(self, tmp_path: Path) -> None:
        reading = read_rtf(tmp_path, rb"{\header x}{\footer y}\pard a{\*\annotation b}\par")
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
        book = read_rtf(tmp_path, rb"\pard Body" + note + rb" goes on.\par").book
        assert book.chapters[0].blocks[0].inlines == [Text("Body"), NoteRef("note-1"), Text(" goes on.")]
        (found,) = book.notes.values()
        assert found.kind == kind
        assert found.blocks[0].inlines == [Text("Its "), Emphasis([Text("words")]), Text(".")]

    def test_several_paragraphs_and_a_note_in_a_note(self, tmp_path: Path) -> None:
        book = read_rtf(tmp_path, rb"\pard a{\footnote one\par two{\footnote inner}\par}\par\pard b\par").book
        assert [blocks_text(note.blocks) for note in book.notes.values()] == ["one\ntwo", "inner"]
        assert [block_text(b) for b in book.chapters[0].blocks] == ["a", "b"]

    def test_formatting_around_a_note_goes_on_after_it(self, tmp_path: Path) -> None:
        runs = inlines_of(tmp_path, rb"{\i a{\footnote\b n}b}")
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
        runs = inlines_of(tmp_path, rb"see {\field" + code + rb"{\fldrslt{\cs22\ul this}}} now")
        assert runs == [Text("see "), Link([Text("this")], "https://example.org/a"), Text(" now")]

    @pytest.mark.parametrize("code", [rb'HYPERLINK \\l "place"', rb'HYPERLINK "#place"', rb"REF place \\h"])
    def test_to_a_bookmark(self, tmp_path: Path, code: bytes) -> None:
        body = rb"\pard{\field{\*\fldinst " + code + rb"}{\fldrslt go}}\par\pard{\*\bkmkstart place}here\par"
        blocks = blocks_of(tmp_path, body + rb"\pard{\*\bkmkstart other}\par")
        (link,), (anchor,) = nodes(blocks, Link), nodes(blocks, Anchor)
        assert link.href == f"#{anchor.id}"

    @pytest.mark.parametrize(
        ("code", "finding"),
        [(rb'HYPERLINK "javascript:alert(1)"', "source.link-dropped"), (rb'HYPERLINK \\l "no"', "source.link-dead")],
    )
    def test_that_lead_nowhere_keep_their_words(self, tmp_path: Path, code: bytes, finding: str) -> None:
        reading = read_rtf(tmp_path, rb"\pard{\field{\*\fldinst " + code + rb"}{\fldrslt go}}\par")
        assert blocks_text(reading.book.chapters[0].blocks) == "go"
        assert not nodes(reading.book.chapters, Link)
        assert finding in codes(reading)

    def test_over_paragraphs_and_nested(self, tmp_path: Path) -> None:
        inner = rb"{\field{\*\fldinst PAGE}{\fldrslt 2}}"
        body = rb'\pard{\field{\*\fldinst HYPERLINK "https://a.org"}{\fldrslt one\par' + inner + rb"}} x\par"
        blocks = blocks_of(tmp_path, body)
        assert [link.href for link in nodes(blocks, Link)] == ["https://a.org", "https://a.org"]
        assert [block_text(b) for b in blocks] == ["one", "2 x"]

    def test_a_generated_contents_list_is_left_out(self, tmp_path: Path) -> None:
        toc = rb"\pard{\field{\*\fldinst TOC \\o}{\fldrslt One 1\par Two 2\par}}"
        reading = read_rtf(tmp_path, toc + rb"\pard\s1 One\par\pard text\par")
        assert "One 1" not in blocks_text(reading.book.chapters[0].blocks)
        assert "source.contents-dropped" in codes(reading)

    def test_signs_and_ruby_that_only_a_code_holds(self, tmp_path: Path) -> None:
        sign = rb'{\field{\*\fldinst SYMBOL 97 \\f "Symbol" \\s 10}{\fldrslt\f2}}'
        ruby = rb"{\field{\*\fldinst EQ \\* jc2 \\o\\ad(\\s\\up 9(kana),base)}{\fldrslt }}"
        assert inlines_of(tmp_path, b"x" + sign + ruby) == [Text("xα"), Ruby([("base", "kana")])]
