"""A book's markup beside our own: only what a chapter needs gets through."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from conversion import selectors as conversion_selectors
from conversion.errors import ChapterNotFound
from conversion.models import ConversionJob
from publishing import selectors
from tests.factories.conversion import make_artifact, make_job

pytestmark = pytest.mark.django_db


def job_with(body: str) -> ConversionJob:
    """A job whose web book has two chapters, the first with this body."""
    buffer = io.BytesIO()
    chapters = [
        {"id": f"c{n}", "title": f"Chapter {n}", "href": f"chapters/c{n}.xhtml", "words": 5, "division": "bodymatter"}
        for n in (1, 2)
    ]
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("book.json", json.dumps({"title": "T", "language": "en", "chapters": chapters}))
        for chapter in chapters:
            archive.writestr(
                chapter["href"],
                '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
                f'<head><title/></head><body epub:type="bodymatter">{body}</body></html>',
            )
    job = make_job()
    make_artifact(job, kind="web", content=buffer.getvalue())
    return job


def shown(body: str, **options) -> str:
    job = job_with(body)
    book = conversion_selectors.web_book(job)
    return selectors.chapter_html(
        job, book, "c1", chapter=lambda found: f"/read/{found}/", file=lambda name: f"/file/{name}", **options
    )


class TestChapterHtml:
    @pytest.mark.parametrize(
        "hostile",
        [
            "<script>alert(1)</script>",
            '<p onclick="alert(1)">x</p>',
            '<p style="position:fixed">x</p>',
            '<a href="javascript:alert(1)">x</a>',
            '<iframe src="https://example.org/"/>',
            '<form action="/desk/"><button>x</button></form>',
            '<img src="https://example.org/a.png" alt=""/>',
            '<img src="//example.org/a.png" alt=""/>',
            '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            '<math xmlns="http://www.w3.org/1998/Math/MathML"><maction actiontype="x" href="javascript:a"/></math>',
        ],
    )
    def test_lets_nothing_through_that_acts_or_calls(self, hostile):
        markup = shown(hostile)
        for trace in ("script", "onclick", "style", "javascript", "iframe", "<form", "<button", 'src="http', 'src="//'):
            assert trace not in markup

    def test_leads_links_to_chapters_notes_and_pictures(self):
        markup = shown(
            '<p id="here"><a href="c2.xhtml#n1">2</a> <a href="#here">up</a> '
            '<a href="https://example.org/">out</a> <img src="../assets/a.png" alt="A"/></p>'
        )
        assert 'href="/read/c2/#bk-n1"' in markup
        assert 'href="#bk-here"' in markup
        assert 'id="bk-here"' in markup
        assert 'href="https://example.org/"' in markup
        assert 'src="/file/assets/a.png"' in markup

    def test_a_book_wears_no_class_or_role_of_the_desk(self):
        markup = shown('<p class="button button-primary" role="button">Publish</p><aside role="doc-footnote">1</aside>')
        assert '<p class="bk-button bk-button-primary">Publish</p>' in markup
        assert 'role="doc-footnote"' in markup

    def test_keeps_mathematics_ruby_and_languages(self):
        markup = shown(
            '<p lang="ja"><ruby>漢<rt>かん</rt></ruby></p>'
            '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mi>a</mi><mn>2</mn></mfrac></math>'
        )
        assert '<p lang="ja"><ruby>漢<rt>かん</rt></ruby></p>' in markup
        assert "<mfrac><mi>a</mi><mn>2</mn></mfrac>" in markup

    def test_sets_headings_below_the_pages_own(self):
        assert shown("<h1>A</h1><h5>B</h5>", below_level=2) == "<h3>A</h3><h6>B</h6>"

    def test_an_excerpt_ends_with_a_whole_paragraph(self):
        body = "<section>" + "".join(f"<p>Sentence <em>number</em> {n}.</p>" for n in range(50)) + "</section>"
        markup = shown(body, most_characters=60)
        assert "Sentence <em>number</em> 0." in markup
        assert "Sentence <em>number</em> 9." not in markup
        assert markup.count("<section>") == markup.count("</section>") == 1

    def test_a_chapter_that_is_no_xhtml_is_not_there(self):
        with pytest.raises(ChapterNotFound):
            shown("<p>")
