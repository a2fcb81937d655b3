"""The DOCX reader, feature by feature."""

# ruff: noqa: E501 - small sources are easier to see whole, on one line
from __future__ import annotations

import time
from pathlib import Path

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import (
    Anchor,
    Aside,
    CodeBlock,
    CodeSpan,
    Division,
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
from conversion.engine.book.words import blocks_text
from conversion.engine.errors import AuthorFixable
from tests.conversion.readers.build import (
    HEADINGS,
    codes,
    docx,
    nodes,
    p,
    picture,
    read,
    relationship,
    run,
    style,
    titles,
)


def _blocks(folder: Path, body: str, **more: str) -> list:
    return read(docx(folder / "a.docx", body, **more)).book.chapters[0].blocks


def _inlines(folder: Path, runs: str, **more: str) -> list:
    return _blocks(folder, p(runs=runs), **more)[0].inlines


class TestFormatting:
    @pytest.mark.parametrize(
        ("props", "kind"),
        [
            ("<w:b/>", Strong),
            ("<w:i/>", Emphasis),
            ("<w:smallCaps/>", SmallCaps),
            ('<w:u w:val="single"/>', Underline),
            ("<w:strike/>", Strike),
            ('<w:vertAlign w:val="superscript"/>', Superscript),
            ('<w:vertAlign w:val="subscript"/>', Subscript),
            ('<w:position w:val="8"/><w:sz w:val="14"/>', Superscript),
        ],
    )
    def test_direct_formatting(self, tmp_path: Path, props: str, kind: type) -> None:
        assert _inlines(tmp_path, run("one ") + run("two", props)) == [Text("one "), kind([Text("two")])]

    def test_switched_off_and_none_are_plain(self, tmp_path: Path) -> None:
        runs = run("a", '<w:b w:val="0"/>') + run("b", '<w:u w:val="none"/>')
        assert _inlines(tmp_path, runs) == [Text("ab")]

    def test_runs_of_one_look_are_one_node_and_nest_rarely(self, tmp_path: Path) -> None:
        runs = run("a", "<w:i/>") + run("b", "<w:i/><w:b/>") + run("c", "<w:i/>")
        assert _inlines(tmp_path, runs) == [Emphasis([Text("a"), Strong([Text("b")]), Text("c")])]

    def test_a_formatted_space_alone_is_plain(self, tmp_path: Path) -> None:
        assert _inlines(tmp_path, run("a") + run(" ", "<w:b/>") + run("b")) == [Text("a b")]

    def test_styles_inherit(self, tmp_path: Path) -> None:
        styles = style("Base", "Base", kind="character", rpr="<w:i/>") + style(
            "Child", "Child", kind="character", based="Base"
        )
        assert _inlines(tmp_path, run("x", '<w:rStyle w:val="Child"/>'), styles=styles) == [Emphasis([Text("x")])]

    def test_a_character_style_toggles_its_paragraph_style(self, tmp_path: Path) -> None:
        styles = style("Thought", "Thought", rpr="<w:i/>") + style("Em", "Emphasis", kind="character", rpr="<w:i/>")
        body = p(style="Thought", runs=run("mine ") + run("not", '<w:rStyle w:val="Em"/>'))
        inlines = _blocks(tmp_path, body, styles=styles)[0].inlines
        assert inlines == [Emphasis([Text("mine ")]), Text("not")]

    def test_style_cycles_end(self, tmp_path: Path) -> None:
        styles = style("A", "A", based="B") + style("B", "B", based="A")
        assert plain_text(_blocks(tmp_path, p("x", "A"), styles=styles)[0].inlines) == "x"

    def test_code_style_is_a_code_span(self, tmp_path: Path) -> None:
        styles = style("V", "Verbatim Char", kind="character")
        assert _inlines(tmp_path, run("f(x)", '<w:rStyle w:val="V"/>'), styles=styles) == [CodeSpan("f(x)")]

    def test_hidden_text_is_left_out_and_told(self, tmp_path: Path) -> None:
        reading = read(docx(tmp_path / "a.docx", p(runs=run("seen") + run("unseen", "<w:vanish/>"))))
        assert blocks_text(reading.book.chapters[0].blocks) == "seen"
        assert "source.hidden-text-dropped" in codes(reading)

    def test_characters_with_elements_of_their_own(self, tmp_path: Path) -> None:
        runs = "<w:r><w:t>a</w:t><w:noBreakHyphen/><w:softHyphen/><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"
        assert _inlines(tmp_path, runs) == [Text("a\u2011\u00ad\tb"), LineBreak(), Text("c")]

    def test_other_languages_are_marked(self, tmp_path: Path) -> None:
        english = "the cat and the dog of that house was in his own way with her for it " * 6
        runs = run(english) + run("déjà vu", '<w:lang w:val="fr-FR"/>')
        assert Language([Text("déjà vu")], lang="fr-FR") in _inlines(tmp_path, runs)

    def test_ruby(self, tmp_path: Path) -> None:
        ruby = "<w:r><w:ruby><w:rt><w:r><w:t>かん</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        assert nodes(_blocks(tmp_path, p(runs=ruby)), Ruby)[0].pairs == [("漢", "かん")]


class TestStructure:
    def test_headings_make_chapters(self, tmp_path: Path) -> None:
        body = p("One", "Heading1") + p("Text.") + p("Two", "Heading1") + p("More.") + p("Part", "Heading2") + p("End.")
        book = read(docx(tmp_path / "a.docx", body, styles=HEADINGS)).book
        assert titles(book) == ["One", "Two"]
        assert [heading.level for heading in nodes(book, Heading)] == [1, 1, 2]
        assert [entry.title for entry in book.toc] == ["One", "Two"]
        assert book.toc[1].children[0].anchor == nodes(book.chapters[1], Anchor)[0].id

    def test_outline_levels_make_headings(self, tmp_path: Path) -> None:
        body = (
            p("One", props='<w:outlineLvl w:val="0"/>')
            + p("Text.")
            + p("Two", props='<w:outlineLvl w:val="0"/>')
            + p("x")
        )
        assert titles(read(docx(tmp_path / "a.docx", body)).book) == ["One", "Two"]

    def test_title_and_author_become_metadata(self, tmp_path: Path) -> None:
        styles = HEADINGS + style("Subtitle", "Subtitle") + style("Author", "Author")
        body = (
            p("Salt", "Title")
            + p("A Sea Story", "Subtitle")
            + p("Ann Lee and Bo Ek", "Author")
            + p("I", "Heading1")
            + p("x")
        )
        book = read(docx(tmp_path / "a.docx", body, styles=styles, core="<dc:title>Draft 7</dc:title>")).book
        assert (book.metadata.title, book.metadata.subtitle) == ("Salt", "A Sea Story")
        assert [contributor.name for contributor in book.metadata.contributors] == ["Ann Lee", "Bo Ek"]
        assert titles(book) == ["I"]

    def test_the_authors_name_in_the_style_of_a_subtitle_is_no_subtitle(self, tmp_path: Path) -> None:
        body = p("Salt", "Title") + p("ann lee", "Subtitle") + p("I", "Heading1") + p("x")
        styles = HEADINGS + style("Subtitle", "Subtitle")
        book = read(docx(tmp_path / "a.docx", body, styles=styles, core="<dc:creator>Ann Lee</dc:creator>")).book
        assert (book.metadata.title, book.metadata.subtitle) == ("Salt", "")
        assert [contributor.name.casefold() for contributor in book.metadata.contributors] == ["ann lee"]

    def test_numbered_headings_keep_their_numbers(self, tmp_path: Path) -> None:
        numbering = (
            '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/>'
            '<w:lvlText w:val="Chapter %1"/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
        )
        number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr>'
        body = p("The Fox", "Heading1", number) + p("x") + p("", "Heading1", number) + p("y")
        assert titles(read(docx(tmp_path / "a.docx", body, styles=HEADINGS, numbering=numbering)).book) == [
            "Chapter I The Fox",
            "Chapter II",
        ]

    def test_chapter_lines_make_chapters_without_headings(self, tmp_path: Path) -> None:
        body = "".join(p(f"Chapter {word}") + p(f"Text of {word}.") for word in ("One", "Two", "Three"))
        assert titles(read(docx(tmp_path / "a.docx", body)).book) == ["Chapter One", "Chapter Two", "Chapter Three"]

    @pytest.mark.parametrize("sign", ["***", "* * *", "#", "⁂"])
    def test_scene_breaks(self, tmp_path: Path, sign: str) -> None:
        assert isinstance(_blocks(tmp_path, p("a") + p(sign) + p("b"))[1], SceneBreak)

    def test_a_few_blank_lines_in_prose_are_scene_breaks(self, tmp_path: Path) -> None:
        prose = p("A sentence that is long enough to be prose and nothing else.")
        blocks = _blocks(tmp_path, prose * 6 + p() + prose * 6)
        assert [n for n, block in enumerate(blocks) if isinstance(block, SceneBreak)] == [6]

    def test_blank_lines_everywhere_are_spacing(self, tmp_path: Path) -> None:
        prose = p("A sentence that is long enough to be prose and nothing else.") + p()
        assert not nodes(_blocks(tmp_path, prose * 12), SceneBreak)

    def test_lines_broken_short_are_verse(self, tmp_path: Path) -> None:
        stanza = p(runs="<w:r><w:t>One line</w:t><w:br/><w:t>and two</w:t><w:br/><w:t>and three</w:t></w:r>")
        blocks = _blocks(tmp_path, stanza * 2)
        assert [len(verse.stanzas) for verse in nodes(blocks, Verse)] == [2]
        assert plain_text(nodes(blocks, Verse)[0].stanzas[0][1].inlines) == "and two"

    def test_quotations_and_code(self, tmp_path: Path) -> None:
        styles = style("Q", "Quote") + style("C", "Source Code")
        blocks = _blocks(tmp_path, p("a", "Q") + p("b", "Q") + p("x = 1", "C") + p("y = 2", "C"), styles=styles)
        assert isinstance(blocks[0], Quotation)
        assert len(blocks[0].blocks) == 2
        assert blocks[1] == CodeBlock("x = 1\ny = 2", place=blocks[1].place)

    def test_divisions_by_well_known_titles(self, tmp_path: Path) -> None:
        names = ["Widmung", "Vorwort", "Erstes", "Zweites", "Danksagung"]
        body = "".join(p(name, "Heading1") + p("Text.") for name in names)
        chapters = read(docx(tmp_path / "a.docx", body, styles=HEADINGS)).book.chapters
        assert [chapter.division for chapter in chapters] == [
            Division.FRONT,
            Division.FRONT,
            Division.BODY,
            Division.BODY,
            Division.BACK,
        ]
        assert chapters[0].role == "dedication"


_NUMBERING = (
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
    '</w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def _item(text: str, num: int, level: int = 0) -> str:
    return p(text, props=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


class TestLists:
    def test_levels_nest(self, tmp_path: Path) -> None:
        body = _item("a", 1) + _item("b", 1, 1) + _item("c", 1)
        outer = _blocks(tmp_path, body, numbering=_NUMBERING)[0]
        assert (outer.ordered, outer.style, len(outer.items)) == (True, "decimal", 2)
        inner = outer.items[0].blocks[1]
        assert (inner.style, len(inner.items)) == ("lower-alpha", 1)

    def test_numbers_go_on_after_text_and_restart_where_told(self, tmp_path: Path) -> None:
        body = _item("a", 1) + _item("b", 1) + p("between") + _item("c", 1) + p("new") + _item("d", 3)
        lists = nodes(_blocks(tmp_path, body, numbering=_NUMBERING), ListBlock)
        assert [block.start for block in lists] == [1, 3, 1]

    def test_bullets_and_task_lists(self, tmp_path: Path) -> None:
        block = _blocks(tmp_path, _item("☐ open", 2) + _item("☒ done", 2), numbering=_NUMBERING)[0]
        assert not block.ordered
        assert [item.checked for item in block.items] == [False, True]
        assert plain_text(block.items[0].blocks[0].inlines) == "open"


class TestNotes:
    def test_foot_and_endnotes(self, tmp_path: Path) -> None:
        reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
        body = p("a", runs=reference) + p("b", runs='<w:r><w:endnoteReference w:id="1"/></w:r>')
        notes = (
            '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote><w:footnote w:id="2">'
            + p("Note.")
            + "</w:footnote>"
        )
        book = read(
            docx(tmp_path / "a.docx", body, footnotes=notes, endnotes=f'<w:endnote w:id="1">{p("End.")}</w:endnote>')
        ).book
        assert [note.kind for note in book.notes.values()] == ["footnote", "endnote"]
        assert [blocks_text(note.blocks) for note in book.notes.values()] == ["Note.", "End."]
        assert [ref.note_id for ref in nodes(book.chapters, NoteRef)] == list(book.notes)

    def test_a_missing_note_is_told(self, tmp_path: Path) -> None:
        reading = read(docx(tmp_path / "a.docx", p("a", runs='<w:r><w:footnoteReference w:id="9"/></w:r>')))
        assert "source.note-missing" in codes(reading)
        assert not nodes(reading.book, NoteRef)

    def test_notes_may_refer_to_each_other(self, tmp_path: Path) -> None:
        notes = "".join(
            f'<w:footnote w:id="{n}">'
            + p(f"n{n}", runs=f'<w:r><w:footnoteReference w:id="{n + 1}"/></w:r>')
            + "</w:footnote>"
            for n in range(1, 3000)
        )
        body = p("a", runs='<w:r><w:footnoteReference w:id="1"/></w:r>')
        assert len(read(docx(tmp_path / "a.docx", body, footnotes=notes)).book.notes) == 2999


def _complex(code: str, result: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    return f"{mark('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{mark('separate')}{result}{mark('end')}"


class TestLinksAndFields:
    def test_hyperlinks(self, tmp_path: Path) -> None:
        body = p(runs=f'<w:hyperlink r:id="r9">{run("site")}</w:hyperlink>')
        path = docx(
            tmp_path / "a.docx",
            body,
            relationships=relationship("r9", "hyperlink", "https://example.org/", external=True),
        )
        assert read(path).book.chapters[0].blocks[0].inlines == [Link([Text("site")], "https://example.org/")]

    @pytest.mark.parametrize("target", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
    def test_other_addresses_lose_their_link(self, tmp_path: Path, target: str) -> None:
        body = p(runs=f'<w:hyperlink r:id="r9">{run("site")}</w:hyperlink>')
        reading = read(
            docx(tmp_path / "a.docx", body, relationships=relationship("r9", "hyperlink", target, external=True))
        )
        assert reading.book.chapters[0].blocks[0].inlines == [Text("site")]
        assert "source.link-dropped" in codes(reading)

    def test_internal_links_meet_their_anchor(self, tmp_path: Path) -> None:
        body = p(runs=f'<w:hyperlink w:anchor="there">{run("see")}</w:hyperlink>') + p(
            runs='<w:bookmarkStart w:id="1" w:name="there"/><w:bookmarkStart w:id="2" w:name="unused"/>' + run("here")
        )
        book = read(docx(tmp_path / "a.docx", body)).book
        assert nodes(book, Link)[0].href == f"#{nodes(book, Anchor)[0].id}"
        assert len(nodes(book, Anchor)) == 1

    def test_complex_and_nested_fields(self, tmp_path: Path) -> None:
        nested = _complex("REF x", run("inner"))
        body = p(runs=_complex(' HYPERLINK "https://example.org/a" ', run("see ") + nested))
        assert _blocks(tmp_path, body)[0].inlines == [Link([Text("see inner")], "https://example.org/a")]

    def test_a_generated_contents_list_is_dropped(self, tmp_path: Path) -> None:
        body = p(runs=_complex('TOC \\o "1-3"', run("One 5"))) + p("One", "Heading1") + p("Text.")
        reading = read(docx(tmp_path / "a.docx", body, styles=HEADINGS))
        assert "5" not in blocks_text(reading.book.chapters[0].blocks)
        assert "source.contents-dropped" in codes(reading)

    def test_words_after_the_end_of_a_contents_list_stay(self, tmp_path: Path) -> None:
        begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
        body = p(runs=begin + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("One 5"))
        body += p(runs='<w:r><w:fldChar w:fldCharType="end"/></w:r>' + run("Real words."))
        assert blocks_text(_blocks(tmp_path, body)) == "Real words."

    def test_an_unclosed_contents_field_swallows_nothing(self, tmp_path: Path) -> None:
        opened = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
        body = p(runs=opened + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("kept"))
        assert "kept" in blocks_text(_blocks(tmp_path, body))


class TestRevisions:
    def test_changes_are_accepted_and_told(self, tmp_path: Path) -> None:
        body = p(
            runs=f"<w:ins>{run('new')}</w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:moveFrom>{run('gone')}</w:moveFrom>"
        )
        reading = read(docx(tmp_path / "a.docx", body))
        assert blocks_text(reading.book.chapters[0].blocks) == "new"
        assert "source.tracked-changes-accepted" in codes(reading)

    def test_a_deleted_paragraph_end_joins_two(self, tmp_path: Path) -> None:
        body = p("one ", props="<w:rPr><w:del/></w:rPr>") + p("two")
        assert [plain_text(block.inlines) for block in _blocks(tmp_path, body)] == ["one two"]

    def test_comments_are_dropped_and_told(self, tmp_path: Path) -> None:
        reading = read(docx(tmp_path / "a.docx", p("x", runs='<w:r><w:commentReference w:id="1"/></w:r>')))
        assert "source.comments-dropped" in codes(reading)


def _cell(text: str, props: str = "") -> str:
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{p(text)}</w:tc>"


class TestTables:
    def test_spans_merges_and_headers(self, tmp_path: Path) -> None:
        header = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{_cell('A')}{_cell('B')}</w:tr>"
        first = f"<w:tr>{_cell('x', '<w:vMerge w:val="restart"/>')}{_cell('1')}</w:tr>"
        rows = header + first + f"<w:tr>{_cell('', '<w:vMerge/>')}{_cell('2')}</w:tr>"
        rows += f"<w:tr>{_cell('wide', '<w:gridSpan w:val="2"/>')}</w:tr>"
        table = _blocks(tmp_path, f"<w:tbl>{rows}</w:tbl>")[0]
        assert isinstance(table, Table)
        assert (table.header_rows, table.rows[0][0].header) == (1, True)
        assert (table.rows[1][0].rowspan, len(table.rows[2])) == (2, 1)
        assert table.rows[3][0].colspan == 2

    def test_a_caption_above_belongs_to_the_table(self, tmp_path: Path) -> None:
        body = p("Table 1", "Cap") + f"<w:tbl><w:tr>{_cell('a')}{_cell('b')}</w:tr></w:tbl>"
        blocks = _blocks(tmp_path, body, styles=style("Cap", "caption"))
        assert plain_text(blocks[0].caption) == "Table 1"
        assert len(blocks) == 1

    def test_one_cell_is_a_box(self, tmp_path: Path) -> None:
        assert isinstance(_blocks(tmp_path, f"<w:tbl><w:tr>{_cell('a')}</w:tr></w:tbl>")[0], Aside)


def _drawing(key: str, alt: str = "A fox") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="n" descr="{alt}"/><a:graphic><a:graphicData>'
        f'<a:blip r:embed="{key}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


class TestPictures:
    def _path(self, folder: Path, body: str) -> Path:
        return docx(
            folder / "a.docx",
            body,
            relationships=relationship("i1", "image", "media/fox.png")
            + relationship("i2", "image", "http://example.org/x.png", external=True),
            parts={"word/media/fox.png": picture()},
        )

    def test_alone_it_is_a_figure_in_text_it_is_inline(self, tmp_path: Path) -> None:
        book = read(self._path(tmp_path, p(runs=_drawing("i1")) + p("see ", runs=_drawing("i1")))).book
        figure = book.chapters[0].blocks[0]
        assert isinstance(figure, Figure)
        assert (figure.alt, figure.asset in book.assets) == ("A fox", True)
        assert len(nodes(book.chapters[0].blocks[1], InlineImage)) == len(book.assets) == 1

    def test_linked_pictures_are_never_fetched(self, tmp_path: Path) -> None:
        reading = read(self._path(tmp_path, p("x", runs=_drawing("i2"))))
        assert "source.image-remote" in codes(reading)

    def test_vml(self, tmp_path: Path) -> None:
        vml = '<w:r><w:pict><v:shape alt="Old fox"><v:imagedata r:id="i1"/></v:shape></w:pict></w:r>'
        assert read(self._path(tmp_path, p(runs=vml))).book.chapters[0].blocks[0].alt == "Old fox"

    def test_one_branch_of_alternatives(self, tmp_path: Path) -> None:
        box = f"<wps:txbx><w:txbxContent>{p('Boxed')}</w:txbxContent></wps:txbx>"
        old = f"<w:pict><v:shape><v:textbox><w:txbxContent>{p('Boxed')}</w:txbxContent></v:textbox></v:shape></w:pict>"
        both = f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
        blocks = _blocks(tmp_path, p("Text", runs=f"<w:r>{both}</w:r>"))
        assert [type(block) for block in blocks] == [Paragraph, Aside]
        assert blocks_text(blocks).split() == ["Text", "Boxed"]

    def test_drawn_rules_are_scene_breaks(self, tmp_path: Path) -> None:
        rule = '<w:r><w:pict><v:rect o:hr="t"/></w:pict></w:r>'
        assert isinstance(_blocks(tmp_path, p("a") + p(runs=rule) + p("b"))[1], SceneBreak)


class TestMath:
    def test_becomes_mathml(self, tmp_path: Path) -> None:
        omml = (
            "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
        )
        formula = nodes(_blocks(tmp_path, p("x ", runs=omml)), Math)[0]
        assert "<mfrac><mrow><mi>a</mi></mrow><mrow><mn>2</mn></mrow></mfrac>" in formula.mathml


class TestHostile:
    def test_entities_are_refused(self, tmp_path: Path) -> None:
        bad = '<!DOCTYPE w [<!ENTITY a "b">]><w:document xmlns:w="x"/>'
        path = docx(tmp_path / "b.docx", p("x"), parts={"docProps/core.xml": bad})
        with pytest.raises(AuthorFixable, match=r"source\.entity-expansion"):
            read(path)

    def test_direction_controls_leave_titles(self, tmp_path: Path) -> None:
        book = read(docx(tmp_path / "a.docx", p("x"), core="<dc:title>Invoice \u202efdp.exe</dc:title>")).book
        assert book.metadata.title == "Invoice fdp.exe"

    def test_many_runs_are_read_in_linear_time(self, tmp_path: Path) -> None:
        def seconds(count: int) -> float:
            body = p(runs="".join(run(f"w{n} ", "<w:i/>" if n % 2 else "") for n in range(count)))
            path = docx(tmp_path / f"{count}.docx", body)
            start = time.process_time()
            read(path)
            return time.process_time() - start

        seconds(200)
        few, many = (min(seconds(count) for _ in range(3)) for count in (4000, 16_000))
        assert many < 16 * max(few, 0.02)


class TestDropCap:
    """Word keeps a drop cap as a paragraph of its own, in a frame."""

    FRAME = '<w:framePr w:dropCap="{kind}" w:lines="3" w:wrap="around" w:vAnchor="text" w:hAnchor="text"/>'
    LETTER = '<w:rPr><w:position w:val="-9"/><w:sz w:val="110"/></w:rPr>'

    def _blocks(self, folder: Path, kind: str, letter: str, rest: str) -> list[object]:
        cap = f"<w:p><w:pPr><w:keepNext/>{self.FRAME.format(kind=kind)}</w:pPr><w:r>{self.LETTER}<w:t>{letter}</w:t></w:r></w:p>"
        body = f'{p("One", "Heading1")}{cap}<w:p><w:r><w:t xml:space="preserve">{rest}</w:t></w:r></w:p>{p("After.")}'
        (chapter,) = read(docx(folder / f"{kind}.docx", body)).book.chapters
        return list(chapter.blocks)

    @pytest.mark.parametrize("kind", ["drop", "margin"])
    @pytest.mark.parametrize(
        ("letter", "rest"), [("T", "he night was dark."), ("“T", "he night,” she said."), ("A", " night.")]
    )
    def test_belongs_to_the_paragraph_that_follows(self, tmp_path: Path, kind: str, letter: str, rest: str) -> None:
        _, first, after = self._blocks(tmp_path, kind, letter, rest)
        assert isinstance(first, Paragraph)
        assert plain_text(first.inlines) == letter + rest
        assert {type(node) for node in first.inlines} == {Text}
        assert plain_text(after.inlines) == "After."  # type: ignore[attr-defined]

    def test_a_frame_of_another_kind_stays_a_paragraph(self, tmp_path: Path) -> None:
        assert len(self._blocks(tmp_path, "none", "T", "he night.")) == 4
