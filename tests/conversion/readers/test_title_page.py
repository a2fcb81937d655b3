"""A title that is only set large on the first page is the book's title, and the name below it the author."""

from __future__ import annotations

import pytest

from conversion.engine.book.words import blocks_text
from tests.conversion.readers import build
from tests.conversion.readers.build import read

_TEXT = "It was a dark night, and the rain fell over the roofs of the old town until the morning. " * 4
_LINES = (("The Glass Harbour", 28), ("A Novel", 16), ("Mary Ann Weaver", 14))
_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)


def _docx(path, lines, rest, core=""):
    body = "".join(build.p(runs=build.run(text, f'<w:sz w:val="{size * 2}"/>')) for text, size in lines)
    body += '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' * (rest[0] == "\f")
    body += "".join(build.p(text) for text in rest if text != "\f")
    return build.docx(path, body, core=core)


def _odt(path, lines, rest):
    styles = "".join(
        f'<style:style style:name="T{size}" style:family="text"><style:text-properties fo:font-size="{size}pt"/>'
        "</style:style>"
        for _, size in lines
    )
    styles += (
        '<style:style style:name="New" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/>'
        "</style:style>"
    )
    body = "".join(f'<text:p><text:span text:style-name="T{size}">{text}</text:span></text:p>' for text, size in lines)
    first = True
    for text in rest:
        if text != "\f":
            body += f'<text:p text:style-name="{"New" if first and rest[0] == chr(12) else ""}">{text}</text:p>'
            first = False
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {_SPACES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>",
    }
    return build.zipped(path, parts)


def _rtf(path, lines, rest):
    body = "".join(f"{{\\pard\\qc\\fs{size * 2} {text}\\par}}\n" for text, size in lines)
    body += "".join("\\page " if text == "\f" else f"{{\\pard\\fs24 {text}\\par}}\n" for text in rest)
    path.write_text(f"{{\\rtf1\\ansi {body}}}")
    return path


def _html(path, lines, rest):
    body = "".join(f'<p><span style="font-size: {size}pt">{text}</span></p>' for text, size in lines)
    body += "".join("<h1>One</h1>" if text == "\f" else f"<p>{text}</p>" for text in rest)
    path.write_text(f"<html><body>{body}</body></html>")
    return path


_WRITERS = {"docx": _docx, "odt": _odt, "rtf": _rtf, "html": _html}


def _book(folder, kind, lines, rest=("\f", _TEXT, _TEXT), **more):
    return read(_WRITERS[kind](folder / f"book.{kind}", lines, rest, **more)).book


def _about(book):
    about = book.metadata
    return about.title, about.subtitle, [person.name for person in about.contributors]


@pytest.mark.parametrize("kind", _WRITERS)
class TestEveryFormat:
    def test_reads_title_subtitle_and_author(self, tmp_path, kind):
        book = _book(tmp_path, kind, _LINES)
        assert _about(book) == ("The Glass Harbour", "A Novel", ["Mary Ann Weaver"])
        assert book.chapters[0].role == "titlepage"
        assert blocks_text(book.chapters[0].blocks).split() == [
            "The",
            "Glass",
            "Harbour",
            "A",
            "Novel",
            "Mary",
            "Ann",
            "Weaver",
        ]

    def test_ends_at_a_chapter(self, tmp_path, kind):
        rest = ("Chapter One", _TEXT, "Chapter Two", _TEXT)
        assert _about(_book(tmp_path, kind, _LINES, rest)) == ("The Glass Harbour", "A Novel", ["Mary Ann Weaver"])

    def test_leaves_lines_of_one_size_alone(self, tmp_path, kind):
        book = _book(tmp_path, kind, [(text, 12) for text, _ in _LINES])
        assert _about(book)[1:] == ("", [])

    def test_leaves_a_large_chapter_title_above_text_alone(self, tmp_path, kind):
        book = _book(tmp_path, kind, [("The Storm", 24)], (_TEXT, _TEXT))
        assert book.metadata.title == ""


class TestLines:
    def test_joins_lines_of_the_title(self, tmp_path):
        book = _book(tmp_path, "docx", [("The Glass", 28), ("Harbour", 28), ("by Ann de Witt and Jo Lee", 12)])
        assert _about(book) == ("The Glass Harbour", "", ["Ann de Witt", "Jo Lee"])

    @pytest.mark.parametrize(
        ("lines", "names"),
        [
            ([("Mary Weaver", 16), ("The Glass Harbour", 28)], ["Mary Weaver"]),
            ([("The Glass Harbour", 28), ("a novel by", 12), ("MARY WEAVER", 12)], ["MARY WEAVER"]),
            ([("The Glass Harbour", 28), ("von Jürgen O’Neill", 12)], ["Jürgen O’Neill"]),
            ([("The Glass Harbour", 28), ("Harbour Stories", 16)], []),
            ([("The Glass Harbour", 28), ("Second Draft", 12), ("12 May 2026", 12)], []),
            ([("The Glass Harbour", 28), ("by the sea", 12)], []),
        ],
    )
    def test_finds_names(self, tmp_path, lines, names):
        assert _about(_book(tmp_path, "docx", lines))[2] == names

    def test_short_story_with_its_author_has_a_title_page(self, tmp_path):
        book = _book(tmp_path, "rtf", [("The Storm", 20), ("by Ann Lee", 12)], (_TEXT, _TEXT))
        assert _about(book) == ("The Storm", "", ["Ann Lee"])
        assert [chapter.role for chapter in book.chapters] == ["titlepage", "chapter"]

    @pytest.mark.parametrize("line", ["Chapter One", "Contents", "IV", "1914", "Prologue"])
    def test_no_chapter_is_a_title(self, tmp_path, line):
        assert _book(tmp_path, "docx", [(line, 28)]).metadata.title == ""

    def test_later_line_that_is_as_large_makes_it_a_chapter(self, tmp_path):
        lines = [("The Storm", 24)]
        path = _rtf(tmp_path / "a.rtf", lines, ("\f", _TEXT, "}{\\pard\\fs48 The Calm", _TEXT))
        assert read(path).book.metadata.title == ""


class TestProperties:
    _CORE = "<dc:title>{}</dc:title><dc:creator>{}</dc:creator>"

    def test_page_goes_before_properties_of_another_book(self, tmp_path):
        core = self._CORE.format("Chapter 1", "Jo")
        lines = [("The Glass Harbour", 28), ("by Ann Lee", 12)]
        assert _about(_book(tmp_path, "docx", lines, core=core)) == ("The Glass Harbour", "", ["Ann Lee"])

    def test_properties_keep_their_spelling(self, tmp_path):
        core = self._CORE.format("The Glass Harbour", "Ann B. Lee")
        lines = [("THE GLASS HARBOUR", 28), ("Ann Lee", 12)]
        assert _about(_book(tmp_path, "docx", lines, core=core)) == ("The Glass Harbour", "", ["Ann B. Lee"])

    def test_style_for_titles_goes_first(self, tmp_path):
        body = build.p("The Storm", "Title") + build.p(runs=build.run("LARGE", '<w:sz w:val="80"/>'))
        body += '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' + build.p(_TEXT)
        book = read(build.docx(tmp_path / "a.docx", body, styles=build.HEADINGS)).book
        assert book.metadata.title == "The Storm"
