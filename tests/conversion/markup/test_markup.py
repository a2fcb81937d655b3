"""The markup all writers share: characters, addresses, mathematics, headings, notes, places."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion.engine.book.model import (
    Anchor,
    Book,
    Chapter,
    CodeBlock,
    Emphasis,
    Heading,
    Language,
    Link,
    Math,
    Metadata,
    Note,
    NoteRef,
    Paragraph,
    Text,
    Verse,
    VerseLine,
)
from conversion.engine.markup import mathml, word_count
from conversion.engine.markup.links import external_url
from conversion.engine.markup.survey import chapter_title, survey
from conversion.engine.markup.terms import terms_for
from conversion.engine.markup.text import Names, attribute, clean, escape, language_tag, xml_name
from conversion.engine.markup.xhtml import XhtmlMarkup
from tests.conversion import books


def markup_of(book: Book, **options: int) -> XhtmlMarkup:
    surveyed = survey(book, **options)
    names = {key: f"{key[:8]}.png" for key in surveyed.assets}
    return XhtmlMarkup(surveyed, assets="../images/", asset_names=names, style="../book.css")


def page(*blocks: object, notes: dict[str, Note] | None = None) -> str:
    chapter = Chapter("one", "One", list(blocks))  # type: ignore[arg-type]
    return markup_of(Book(Metadata(language="en"), [chapter], notes=notes or {})).page(0)


class TestClean:
    def test_keeps_line_breaks_and_tabs(self) -> None:
        assert clean("a\tb\r\nc\rd") == "a\tb\nc\nd"

    @pytest.mark.parametrize("character", ["\x00", "\x0b", "\x7f", "\x9f", "\ud800", "\ufdd0", "\ufffe", "\U0001ffff"])
    def test_drops_what_xml_forbids(self, character: str) -> None:
        assert clean(f"a{character}b") == "ab"

    def test_keeps_what_lies_beyond_the_first_plane(self) -> None:
        assert clean("𝔘😀\u2028") == "𝔘😀\u2028"


class TestEscape:
    def test_escapes_markup(self) -> None:
        assert escape("a < b && c > d") == "a &lt; b &amp;&amp; c &gt; d"

    def test_attribute_is_one_line_without_quotes(self) -> None:
        assert attribute(' "a"\n b ') == "&quot;a&quot; b"


class TestLanguageTag:
    @pytest.mark.parametrize(
        ("given_tag", "tag"),
        [
            ("en", "en"),
            ("en_US", "en-US"),
            ("zh-Hant-TW", "zh-Hant-TW"),
            ("de-1996", "de-1996"),
            ("en-x!", "en"),
            ("klingon!", ""),
            ("", ""),
            ("english language", ""),
        ],
    )
    def test_returns_the_longest_well_formed_start(self, given_tag: str, tag: str) -> None:
        assert language_tag(given_tag) == tag


class TestNames:
    def test_never_gives_a_name_twice_whatever_the_case(self) -> None:
        names = Names("cover")
        given_names = [names.unique(name) for name in ("Cover", "a", "A", "a", "a-2")]
        assert given_names == ["Cover-2", "a", "A-2", "a-3", "a-2-2"]

    def test_makes_ids_that_xml_accepts(self) -> None:
        assert xml_name("9 lives & more") == "i-9-lives-more"
        assert xml_name("größe") == "gr-e"
        assert xml_name("") == "i"


class TestExternalAddress:
    @pytest.mark.parametrize(
        ("href", "address"),
        [
            ("https://example.org/a b?q=ü#x", "https://example.org/a%20b?q=%C3%BC#x"),
            ("HTTP://Example.ORG", "http://example.org"),
            ("http://bücher.example/", "http://xn--bcher-kva.example/"),
            ("http://example.org/50%", "http://example.org/50%25"),
            ("mailto:a@example.org?subject=x y", "mailto:a@example.org?subject=x%20y"),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
        ],
    )
    def test_gives_the_form_every_checker_accepts(self, href: str, address: str) -> None:
        assert external_url(href) == address

    @pytest.mark.parametrize(
        "href",
        [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "http://exa mple/",
            "http://user:pw@example.org/",
            "http://example.org:99999999/",
            "http://999.1/",
            "http://[::1",
            "mailto:nobody",
            "//example.org/",
            "",
        ],
    )
    def test_refuses_all_else(self, href: str) -> None:
        assert external_url(href) == ""


class TestRebuildMath:
    def test_gives_namespace_and_alternative_text(self) -> None:
        built = mathml.rebuild("<math><mi>x</mi></math>", "the letter x", is_display=True)
        assert ElementTree.fromstring(built).tag == f"{{{mathml.NAMESPACE}}}math"
        assert 'display="block"' in built
        assert 'alttext="the letter x"' in built

    def test_leaves_behind_scripts_links_and_styles(self) -> None:
        source = '<math onclick="a"><mi href="b" style="c" mathvariant="bold">x</mi><script>y</script></math>'
        built = mathml.rebuild(source, "", is_display=False)
        assert "onclick" not in built
        assert "href" not in built
        assert "<script" not in built
        assert '<mi mathvariant="bold">x</mi>' in built

    def test_gives_each_element_as_many_children_as_it_needs(self) -> None:
        built = mathml.rebuild("<math><mfrac><mi>a</mi></mfrac><msup><mi>b</mi><mn>2</mn><mn>3</mn></msup></math>", "",
                               is_display=False)  # fmt: skip
        assert "<mfrac><mi>a</mi><mrow/></mfrac>" in built
        assert "<msup><mi>b</mi><mn>2</mn></msup>" in built

    def test_keeps_presentation_of_semantics_only(self) -> None:
        source = "<math><semantics><mi>x</mi><annotation>\\x</annotation></semantics></math>"
        assert "annotation" not in mathml.rebuild(source, "", is_display=False)

    @pytest.mark.parametrize(
        "source", ["<math><mi>x", "<p/>", "", "<math/>", "<!DOCTYPE math [<!ENTITY a 'b'>]><math/>"]
    )
    def test_gives_nothing_for_what_cannot_be_read(self, source: str) -> None:
        assert mathml.rebuild(source, "", is_display=False) == ""


class TestHeadings:
    def test_levels_never_jump(self) -> None:
        inside = page(*[Heading(level, [Text(str(level))]) for level in (3, 6, 2, 4, 4, 6, 1)])
        tags = [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(inside).iter()]
        assert [tag for tag in tags if tag in ("h1", "h2", "h3", "h4")] == ["h1", "h2", "h1", "h2", "h2", "h3", "h1"]

    def test_an_anchor_alone_is_no_heading(self) -> None:
        assert "<h1" not in page(Heading(1, [Anchor("a"), Text(" ")]))


class TestLinks:
    def test_a_link_is_divided_around_a_note_reference(self) -> None:
        link = Link([Text("a"), NoteRef("n", "1"), Text("b")], "https://example.org/")
        inside = page(books.text(link), notes={"n": Note("n", [books.text("note")])})
        assert '>a</a><a id="ref-n" class="noteref"' in inside
        assert '<a href="https://example.org/">b</a>' in inside

    def test_a_link_in_a_link_is_text(self) -> None:
        inner = Link([Text("inner")], "https://example.org/")
        inside = page(books.text(Link([Text("outer "), Emphasis([inner])], "https://example.net/")))
        assert inside.count("<a ") == 1

    def test_a_link_to_nowhere_is_text(self) -> None:
        assert "<a " not in page(books.text(Link([Text("x")], "#nowhere")))

    def test_the_first_of_two_equal_anchors_counts(self) -> None:
        inside = page(books.text(Anchor("a"), Anchor("a"), "x", Link([Text("y")], "#a")))
        assert inside.count('id="a"') == 1


class TestNotes:
    def test_a_note_that_refers_to_itself_is_written_once(self) -> None:
        notes = {"n": Note("n", [books.text("again", NoteRef("n", "1"))])}
        inside = page(books.text("x", NoteRef("n", "1")), notes=notes)
        assert inside.count("<aside") == 1

    def test_a_note_nobody_refers_to_is_kept(self) -> None:
        assert "forgotten" in page(books.text("x"), notes={"n": Note("n", [books.text("forgotten")])})

    def test_a_reference_to_no_note_keeps_its_label(self) -> None:
        assert "<sup>7</sup>" in page(books.text("x", NoteRef("gone", "7")))

    def test_a_note_leads_back_to_its_first_reference(self) -> None:
        inside = page(books.text("x", NoteRef("n"), NoteRef("n")), notes={"n": Note("n", [CodeBlock("y")])})
        assert inside.count('id="ref-n"') == 1
        assert 'href="#ref-n" role="doc-backlink">1</a>' in inside


class TestVerse:
    def test_spaces_the_source_indented_with_go_where_the_indent_is_known(self) -> None:
        inside = page(Verse([[VerseLine([Text("\u2003deep")], 1), VerseLine([Text(" flat")])]]))
        assert '<span class="line in1">deep</span>' in inside
        assert '<span class="line"> flat</span>' in inside


class TestChapterTitle:
    @pytest.mark.parametrize(
        ("chapter", "title"),
        [
            (Chapter("a", " Given\n title ", []), "Given title"),
            (Chapter("a", "", [Heading(2, [Text("From the heading")])]), "From the heading"),
            (Chapter("a", "", [books.text("Some words")]), "Chapter 3"),
            (Chapter("a", "", [books.text("a b c d e f g")], role="preface"), "a b c d e f …"),
            (Chapter("a", "\x00", [], role="preface"), "Chapter 3"),
        ],
    )  # fmt: skip
    def test_is_never_empty(self, chapter: Chapter, title: str) -> None:
        assert chapter_title(chapter, 3, terms_for("en")) == title

    def test_speaks_the_language_of_the_book(self) -> None:
        assert chapter_title(Chapter("a", "", []), 2, terms_for("de-AT")) == "Kapitel 2"


class TestSurvey:
    def test_divides_a_long_chapter_between_blocks(self) -> None:
        book = books.plain_book(chapters=1, words=1000)
        pieces = survey(book, piece_characters=1500).pieces
        assert len(pieces) == 3
        assert [block for piece in pieces for block in piece.blocks] == book.chapters[0].blocks
        assert [piece.id for piece in pieces] == ["chapter-1", "chapter-1-2", "chapter-1-3"]

    def test_links_lead_into_the_right_piece(self) -> None:
        blocks = [books.text(books.prose(300)), books.text(Anchor("far"), "x"), books.text(Link([Text("go")], "#far"))]
        book = Book(Metadata(), [Chapter("one", "One", [blocks[2], *blocks[:2]])])
        markup = markup_of(book, piece_characters=1000)
        assert 'href="one-2.xhtml#far"' in markup.page(0)
        assert 'id="far"' in markup.page(1)

    def test_a_chapter_may_have_the_id_of_an_anchor(self) -> None:
        book = Book(Metadata(), [Chapter("one", "One", [books.text(Anchor("one"), "x")])])
        assert "<section" in markup_of(book).page(0)


class TestWordCount:
    def test_counts_words_of_all_blocks(self) -> None:
        blocks = [
            Heading(1, [Text("One two")]),
            books.text("three", Emphasis([Text("-four five")])),
            CodeBlock("six\nseven"),
        ]
        assert word_count(Chapter("a", "A", blocks)) == 6

    def test_counts_each_character_of_japanese(self) -> None:
        assert word_count(Chapter("a", "A", [books.text("山路を登りながら、Alice")])) == 9


class TestPage:
    @settings(max_examples=60, deadline=None)
    @given(st.text(), st.text(max_size=8), st.text(max_size=20))
    def test_is_well_formed_whatever_the_text(self, words: str, label: str, href: str) -> None:
        notes = {"n": Note("n", [books.text(words)])}
        inside = page(
            Heading(2, [Text(words)]),
            books.text(words, NoteRef("n", label), Link([Text(label)], href), lang=label, direction=label),
            CodeBlock(words, label),
            notes=notes,
        )
        assert ElementTree.fromstring(inside.encode("utf-8")).tag.endswith("html")

    @pytest.mark.parametrize("book", [books.rich_book(), books.hostile_book()], ids=["rich", "hostile"])
    def test_holds_no_script_style_or_remote_picture(self, book: Book) -> None:
        markup = markup_of(book)
        for index in range(len(markup.survey.pieces)):
            for element in ElementTree.fromstring(markup.page(index).encode()).iter():
                assert element.tag.rpartition("}")[2] not in ("script", "style", "iframe", "object")
                assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
                assert not element.get("src", "").startswith(("http", "//", "data"))


class TestForeignWords:
    @pytest.mark.parametrize(
        "inline",
        [
            Emphasis([Language([Text("zeitgeist")], "de")]),
            Language([Emphasis([Text("zeitgeist")])], "de"),
        ],
    )
    def test_italic_words_of_another_language_are_not_stressed(self, inline: Emphasis | Language) -> None:
        assert '<i lang="de" xml:lang="de">zeitgeist</i>' in page(Paragraph([inline]))

    def test_words_that_are_stressed_beside_them_are(self) -> None:
        written = page(Paragraph([Emphasis([Language([Text("zeitgeist")], "de"), Text(" now")])]))
        assert '<em><span lang="de" xml:lang="de">zeitgeist</span> now</em>' in written


class TestFormulas:
    def test_spaces_that_words_in_a_formula_have_are_kept(self) -> None:
        mathml = "<math><mn>0</mn><mtext>\u00a0if\u00a0</mtext><mi> x\n</mi></math>"
        assert "<mtext>\u00a0if\u00a0</mtext><mi>x</mi>" in page(Paragraph([Math(mathml, "0 if x")]))
