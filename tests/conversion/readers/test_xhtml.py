"""HTML and EPUB: the closed set, notes, verse, navigation, page marks, direction."""

# ruff: noqa: E501 - small sources are easier to see whole, on one line
from __future__ import annotations

import base64
from pathlib import Path

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import (
    Align,
    Anchor,
    Aside,
    CodeBlock,
    CodeSpan,
    DefinitionList,
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
    PageMark,
    Paragraph,
    Quotation,
    Ruby,
    SceneBreak,
    SmallCaps,
    Strong,
    Table,
    Text,
    Verse,
)
from conversion.engine.book.words import blocks_text
from conversion.engine.errors import AuthorFixable
from tests.conversion.readers.build import codes, epub, nodes, picture, read, titles, written, xhtml


def _html(folder: Path, body: str, head: str = "", attributes: str = "") -> list:
    return (
        written(folder, "a.html", f"<html {attributes}><head>{head}</head><body>{body}</body></html>")
        .book.chapters[0]
        .blocks
    )


def _words(blocks: list) -> str:
    return " ".join(blocks_text(blocks).split())


class TestInline:
    def test_emphasis_links_and_breaks(self, tmp_path: Path) -> None:
        body = '<p>a <em>b <b>c</b></em><br>d <a href="https://example.org/">e</a> <code>f</code></p>'
        assert _html(tmp_path, body)[0].inlines == [
            Text("a "),
            Emphasis([Text("b "), Strong([Text("c")])]),
            LineBreak(),
            Text("d "),
            Link([Text("e")], "https://example.org/"),
            Text(" "),
            CodeSpan("f"),
        ]

    def test_white_space_is_one_space(self, tmp_path: Path) -> None:
        assert _html(tmp_path, "<p>\n  a\n  <i> b</i> c\n</p>")[0].inlines == [
            Text("a "),
            Emphasis([Text("b")]),
            Text(" c"),
        ]

    def test_japanese_lines_join_without_space(self, tmp_path: Path) -> None:
        assert _words(_html(tmp_path, "<p>山路を\n登りながら</p>")) == "山路を登りながら"

    def test_style_sheets_tell_emphasis(self, tmp_path: Path) -> None:
        head = "<style>.it{font-style:italic} b{font-variant:small-caps;font-weight:normal} @media print{.x{color:red}}</style>"
        inlines = _html(tmp_path, '<p><span class="it">a</span><b>b</b></p>', head)[0].inlines
        assert inlines == [Emphasis([Text("a")]), SmallCaps([Text("b")])]

    def test_languages_directions_and_ruby(self, tmp_path: Path) -> None:
        body = '<p>x <span lang="he" dir="rtl">שלום</span> <ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby></p>'
        inlines = _html(tmp_path, body, attributes='lang="en"')[0].inlines
        assert Language([Text("שלום")], "he", "rtl") in inlines
        assert nodes(inlines, Ruby)[0].pairs == [("漢", "かん"), ("字", "じ")]

    def test_mathml_is_rebuilt(self, tmp_path: Path) -> None:
        body = (
            '<p><math alttext="x"><semantics><mrow onclick="x()"><mi href="javascript:y">x</mi><script>z</script></mrow>'
            "<annotation>TeX</annotation></semantics></math></p>"
        )
        assert nodes(_html(tmp_path, body), Math)[0].mathml == (
            '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>x</mi></mrow></math>'
        )

    def test_pictures_from_data_addresses_only(self, tmp_path: Path) -> None:
        data = base64.b64encode(picture()).decode()
        reading = written(
            tmp_path,
            "a.html",
            f'<p>x <img alt="A" src="data:image/png;base64,{data}"><img src="http://h/x.png"><img src="/etc/passwd"></p>',
        )
        assert [image.alt for image in nodes(reading.book.chapters, InlineImage)] == ["A"]
        assert codes(reading).count("source.image-remote") == 1


class TestBlocks:
    def test_lists_definitions_and_quotations(self, tmp_path: Path) -> None:
        body = '<ol start="3" type="a"><li>a<ul><li>b</li></ul></li></ol><dl><dt>t</dt><dd>d</dd></dl><blockquote><p>q</p></blockquote>'
        ordered, definitions, quotation = _html(tmp_path, body)
        assert (ordered.start, ordered.style) == (3, "lower-alpha")
        assert isinstance(ordered.items[0].blocks[1], ListBlock)
        assert isinstance(definitions, DefinitionList)
        assert isinstance(quotation, Quotation)

    def test_tables(self, tmp_path: Path) -> None:
        body = (
            "<table><caption>T</caption><thead><tr><th>A</th><th>B</th></tr></thead>"
            '<tr><td rowspan="99" colspan="1">x</td><td style="text-align: right">1</td></tr></table>'
        )
        table = _html(tmp_path, body)[0]
        assert (table.header_rows, plain_text(table.caption)) == (1, "T")
        assert (table.rows[1][0].rowspan, table.rows[1][1].align) == (1, Align.END)

    def test_a_table_wider_than_any_page_becomes_text(self, tmp_path: Path) -> None:
        reading = written(tmp_path, "a.html", f"<table><tr>{'<td>x</td>' * 900}</tr></table>")
        assert not nodes(reading.book, Table)
        assert len(_words(reading.book.chapters[0].blocks).split()) == 900

    def test_figures_code_rules_and_asides(self, tmp_path: Path) -> None:
        body = '<pre class="rust"><code class="language-rust">fn main() {\n}</code></pre><hr><aside><p>s</p></aside>'
        code, rule, aside = _html(tmp_path, body)
        assert (code.text, code.language) == ("fn main() {\n}", "rust")
        assert isinstance(code, CodeBlock)
        assert isinstance(rule, SceneBreak)
        assert isinstance(aside, Aside)

    def test_loose_words_and_blocks_inside_inlines_survive(self, tmp_path: Path) -> None:
        assert _words(_html(tmp_path, "one<div>two<p>three</p>four</div><b>five<p>six</p></b>seven")) == (
            "one two three four five six seven"
        )

    def test_stanzas_are_verse(self, tmp_path: Path) -> None:
        line = "<span>One line</span><br><span class='i1'>and two</span><br><span>three</span>"
        verse = nodes(_html(tmp_path, f"<p>{line}</p><p>{line}</p>"), Verse)
        assert [len(poem.stanzas) for poem in verse] == [2]
        assert [line.indent for line in verse[0].stanzas[0]] == [0, 1, 0]
        assert plain_text(verse[0].stanzas[0][1].inlines) == "and two"

    def test_deep_nesting_keeps_the_words(self, tmp_path: Path) -> None:
        assert "deep" in _words(_html(tmp_path, "<div>" * 1500 + "deep" + "</div>" * 1500))

    def test_nesting_that_the_parser_gives_up_on_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(AuthorFixable, match=r"source\.xml-too-deep"):
            _html(tmp_path, "<p>first</p>" + "<div>" * 9000 + "lost" + "</div>" * 9000)


class TestActiveContent:
    @pytest.mark.parametrize(
        "body",
        [
            "<script>bad()</script><p>good</p>",
            '<iframe src="http://h/"></iframe><p onclick="bad()">good</p>',
            '<form action="http://h/"><input value="bad"><p>good</p></form>',
            '<p><a href="javascript:bad()">good</a></p>',
            '<p><a href=" java\tscript:bad()">good</a></p>',
            '<meta http-equiv="refresh" content="0;url=http://h/bad"><p>good</p>',
            "<svg><script>bad()</script></svg><p>good</p>",
            '<object data="http://h/bad"><p>good</p></object>',
        ],
    )
    def test_leaves_only_words(self, tmp_path: Path, body: str) -> None:
        book = written(tmp_path, "a.html", body).book
        assert _words(book.chapters[0].blocks) == "good"
        assert "bad" not in repr(book.chapters)
        assert not nodes(book.chapters, Link)


class TestNotes:
    def test_with_semantics(self, tmp_path: Path) -> None:
        body = (
            '<p>Text<a href="#n1" epub:type="noteref">1</a>.</p><aside id="n1" epub:type="footnote"><p>Note. '
            '<a href="#r1" epub:type="backlink">↩</a></p></aside>'
        )
        book = read(epub(tmp_path / "a.epub", {"c.xhtml": body})).book
        note = book.notes[nodes(book.chapters, NoteRef)[0].note_id]
        assert (_words(note.blocks), note.kind) == ("Note.", "footnote")
        assert _words(book.chapters[0].blocks) == "Text."

    def test_across_files(self, tmp_path: Path) -> None:
        pages = {
            "c.xhtml": '<h1>One</h1><p>Text<a id="r1" href="n.xhtml#n1" epub:type="noteref">1</a>.</p>',
            "n.xhtml": '<section epub:type="endnotes"><h2>Endnotes</h2><ol><li id="n1" epub:type="endnote"><p>Far note. '
            '<a href="c.xhtml#r1" epub:type="backlink">↩</a></p></li></ol></section>',
        }
        book = read(epub(tmp_path / "a.epub", pages)).book
        assert [(_words(note.blocks), note.kind) for note in book.notes.values()] == [("Far note.", "endnote")]
        assert titles(book) == ["One"]

    def test_by_links_that_answer_each_other(self, tmp_path: Path) -> None:
        pages = {
            "c.xhtml": '<h1>One</h1><p>Text<sup><a id="r1" href="n.xhtml#n1">1</a></sup> goes on.</p>',
            "n.xhtml": '<h1>More</h1><p><a id="n1" href="c.xhtml#r1">1</a> Old note.</p><p>Other words.</p>',
        }
        book = read(epub(tmp_path / "a.epub", pages)).book
        assert [_words(note.blocks) for note in book.notes.values()] == ["Old note."]
        assert _words(book.chapters[0].blocks) == "One Text goes on."
        assert _words(book.chapters[1].blocks) == "More Other words."

    @pytest.mark.parametrize("label", ["[{}] ", "({}) ", "{}. ", "{}: ", "{} ", " [{}]"])
    def test_number_and_rule_above_a_note_are_none_of_it(self, tmp_path: Path, label: str) -> None:
        back = '<a id="n1-back" href="#r1">1</a>'
        body = (
            '<p>Text<a id="r1" href="#n1">1</a>.</p><aside><article id="n1"><hr/>'
            f"<p>{label.format(back)}See [2] and (3).</p></article></aside>"
        )
        book = read(epub(tmp_path / "a.epub", {"c.xhtml": body})).book
        assert [_words(note.blocks) for note in book.notes.values()] == ["See [2] and (3)."]
        assert not any(isinstance(block, SceneBreak) for note in book.notes.values() for block in note.blocks)

    def test_an_ordinary_cross_reference_is_a_link(self, tmp_path: Path) -> None:
        body = '<p>See <a href="#p2">2</a>.</p><p id="p2">Second.</p>'
        book = read(epub(tmp_path / "a.epub", {"c.xhtml": body})).book
        assert not book.notes
        assert nodes(book, Link)[0].href == f"#{nodes(book, Anchor)[0].id}"


class TestEpub:
    def test_metadata(self, tmp_path: Path) -> None:
        metadata = (
            '<dc:title id="t">Main</dc:title><dc:title id="s">Sub</dc:title><meta refines="#s" property="title-type">subtitle</meta>'
            '<dc:creator id="a">Ann</dc:creator><meta refines="#a" property="role">ann</meta><meta refines="#a" property="role">aut</meta>'
            '<dc:creator id="b">Bo</dc:creator><meta refines="#b" property="role">trl</meta><dc:language>en_us</dc:language>'
            "<dc:identifier>978-3-16-148410-0</dc:identifier><dc:date>2012-05</dc:date>"
            '<dc:source id="p">978-0-00-000000-2</dc:source><meta refines="#p" property="source-of">pagination</meta>'
            "<dc:source>https://example.org/1</dc:source>"
        )
        found = read(epub(tmp_path / "a.epub", {"c.xhtml": "<p>x</p>"}, metadata=metadata)).book.metadata
        assert (found.title, found.subtitle, found.language) == ("Main", "Sub", "en-US")
        assert [(who.name, who.role) for who in found.contributors] == [("Ann", "aut"), ("Bo", "trl")]
        assert (found.identifier, found.published) == ("urn:isbn:9783161484100", "2012-05")
        assert (found.source, found.page_source) == ("https://example.org/1", "978-0-00-000000-2")

    def test_the_contents_list_follows_the_navigation(self, tmp_path: Path) -> None:
        nav = (
            '<li><a href="p.xhtml">Part</a><ol><li><a href="c.xhtml">First</a></li><li><a href="c.xhtml#s">Later</a></li>'
            '<li><a href="gone.xhtml">Gone</a></li></ol></li>'
        )
        pages = {
            "p.xhtml": '<section epub:type="part"><h1>Part</h1></section>',
            "c.xhtml": '<h2>First</h2><p>x</p><h3 id="s">Later</h3><p>y</p>',
        }
        reading = read(epub(tmp_path / "a.epub", pages, nav=nav))
        part = reading.book.toc[0]
        assert (part.title, [entry.title for entry in part.children]) == ("Part", ["First", "Later"])
        assert part.children[1].anchor in [anchor.id for anchor in nodes(reading.book.chapters[1], Anchor)]
        assert [heading.level for heading in nodes(reading.book, Heading)] == [1, 1, 2]
        assert [chapter.role for chapter in reading.book.chapters] == ["part", "chapter"]

    def test_divisions_by_semantics(self, tmp_path: Path) -> None:
        pages = {
            "d.xhtml": '<body epub:type="frontmatter"><section epub:type="dedication"><p>For you</p></section></body>',
            "c.xhtml": '<body epub:type="bodymatter"><h1>One</h1><p>x</p></body>',
            "z.xhtml": '<body epub:type="backmatter"><section epub:type="colophon"><p>Set in type</p></section></body>',
        }
        chapters = read(epub(tmp_path / "a.epub", pages)).book.chapters
        assert [chapter.division for chapter in chapters] == [Division.FRONT, Division.BODY, Division.BACK]
        assert [chapter.role for chapter in chapters] == ["dedication", "chapter", "colophon"]

    def test_page_marks(self, tmp_path: Path) -> None:
        body = '<p>a <span epub:type="pagebreak" id="p7" title="7"></span>b</p><div role="doc-pagebreak" aria-label="page 8">8</div><p>c</p>'
        book = read(epub(tmp_path / "a.epub", {"c.xhtml": body})).book
        assert [mark.label for mark in nodes(book, PageMark)] == ["7", "8"]
        assert _words(book.chapters[0].blocks) == "a b c"

    def test_the_cover_is_kept_as_such(self, tmp_path: Path) -> None:
        items = '<item id="cv" href="cover.png" media-type="image/png" properties="cover-image"/>'
        pages = {"cover.xhtml": '<p><img src="cover.png" alt=""/></p>', "c.xhtml": "<h1>One</h1><p>x</p>"}
        book = read(epub(tmp_path / "a.epub", pages, items=items, parts={"OPS/cover.png": picture()})).book
        assert book.cover in book.assets
        assert titles(book) == ["One"]
        assert not nodes(book.chapters, Figure)

    def test_vertical_writing_and_direction(self, tmp_path: Path) -> None:
        page = xhtml("<p>縦</p>", '<link rel="stylesheet" href="v.css"/>')
        metadata = "<dc:title>縦</dc:title><dc:language>ja</dc:language>"
        japanese = epub(
            tmp_path / "j.epub",
            {"c.xhtml": page},
            metadata=metadata,
            parts={"OPS/v.css": "html{-epub-writing-mode: vertical-rl}"},
        )
        assert read(japanese).book.vertical
        arabic = epub(
            tmp_path / "r.epub",
            {"c.xhtml": "<p>سلام</p>"},
            metadata="<dc:title>x</dc:title><dc:language>ar</dc:language>",
        )
        assert read(arabic).book.direction == "rtl"

    def test_one_file_with_several_chapters_is_cut(self, tmp_path: Path) -> None:
        body = "".join(f"<h2>Tale {n}</h2><p>{'word ' * 600}</p>" for n in range(4))
        assert titles(read(epub(tmp_path / "a.epub", {"all.xhtml": body, "b.xhtml": "<h1>End</h1><p>x</p>"})).book) == [
            "Tale 0",
            "Tale 1",
            "Tale 2",
            "Tale 3",
            "End",
        ]

    def test_broken_markup_is_repaired_and_told(self, tmp_path: Path) -> None:
        reading = read(epub(tmp_path / "a.epub", {"c.xhtml": "<h1>One</h1><p>a &nbsp; <b>b<p>c"}))
        assert "source.markup-repaired" in codes(reading)
        assert _words(reading.book.chapters[0].blocks).split() == ["One", "a", "b", "c"]

    def test_named_entities_need_no_document_type(self, tmp_path: Path) -> None:
        reading = read(epub(tmp_path / "a.epub", {"c.xhtml": "<p>caf&eacute;&mdash;&amp;</p>"}))
        assert _words(reading.book.chapters[0].blocks) == "café—&"
        assert "source.markup-repaired" not in codes(reading)

    def test_declared_entities_are_refused(self, tmp_path: Path) -> None:
        page = '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html xmlns="http://www.w3.org/1999/xhtml"><body><p>&x;</p></body></html>'
        with pytest.raises(AuthorFixable, match=r"source\.entity-expansion"):
            read(epub(tmp_path / "a.epub", {"c.xhtml": page}))

    def test_a_document_listed_again_is_read_once(self, tmp_path: Path) -> None:
        reading = read(
            epub(tmp_path / "a.epub", {"c.xhtml": "<h1>One</h1><p>x</p>"}, spine='<itemref idref="i0"/>' * 9)
        )
        assert titles(reading.book) == ["One"]
        assert "source.spine-repeated" in codes(reading)

    def test_very_long_spines_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(AuthorFixable, match=r"source\.too-many-parts"):
            read(epub(tmp_path / "a.epub", {f"c{n}.xhtml": "<p>x</p>" for n in range(3001)}))


def test_paragraphs_know_their_place(tmp_path: Path) -> None:
    book = read(epub(tmp_path / "a.epub", {"c.xhtml": "<p>a</p>\n<p>b</p>"})).book
    places = [paragraph.place for paragraph in nodes(book, Paragraph)]
    assert [place.part for place in places] == ["OPS/c.xhtml"] * 2
    assert places[0].index < places[1].index


class TestEmptyLines:
    def test_of_no_break_spaces_part_scenes(self, tmp_path: Path) -> None:
        text = "<p>It was a dark night, and the rain fell over the roofs.</p>" * 6
        book = read(epub(tmp_path / "a.epub", {"c.xhtml": f"{text}<p> &#160; </p>{text}"})).book
        assert [type(block).__name__ for block in book.chapters[0].blocks].count("SceneBreak") == 1

    def test_keep_a_picture_in_a_link(self, tmp_path: Path) -> None:
        body = '<p>&#160;<a href="https://example.org"><img src="p.png" alt="A fox"/></a></p><p>x</p>'
        items = '<item id="p" href="p.png" media-type="image/png"/>'
        book = read(epub(tmp_path / "a.epub", {"c.xhtml": body}, items=items, parts={"OPS/p.png": picture()})).book
        assert len(book.assets) == 1
        assert nodes(book, InlineImage)
