"""Whatever fails beside the EPUB is made by the other engine or left out with a finding; the rest is delivered."""

from __future__ import annotations

import importlib
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from conversion.engine import pipeline
from conversion.engine.contract import AuthorDetails, ConversionRequest, ConversionResult
from conversion.engine.errors import PlatformFault
from conversion.engine.pdf.weasy import Weasy
from conversion.engine.targets import Target
from tests.conversion.readers import fixed_sources

_PROSE = "The lighthouse stood where the road ended, and the road ended where the salt began. "
_TABLE = "<table><tr><th>Month</th><th>Salt</th></tr><tr><td>May</td><td>12</td></tr></table>"
_LINKED = (
    "<h1>One</h1><p>The end of a line<br><a id=x></a></p><p>see <a href=#x>the link</a></p>"
    "<h1>Two</h1><p>Nothing more.</p>"
)
# What a conversion passes through, from the words of a paragraph to the last page.
_OF_A_PIECE = [
    "prose.threads.Threader.fill",
    "prose.blocks.Blocks.shaped",
    "prose.lines.Breaker.break_para",
    "prose.layout.Layout.add",
    "prose.layout.Block.line_of",
    "prose.page_assembly.PageAssembly.batch",
    "prose.setter.Setter._divide_notes",
]
_FAILED = "a program of ours failed"
_OF_OUR_PAGES = ["prose.display.Display.title_page", "prose.display.Display.contents", "prose.display.Display.stamps"]


def made(folder: Path, markup: str, *, formats: str = "epub pdf", targets: str = "phone print") -> ConversionResult:
    source, out = folder / "salt.html", folder / "out"
    source.write_text(f"<html lang=en><title>Salt</title><body>{markup}</body></html>")
    out.mkdir()
    overrides = AuthorDetails(title="Salt", language="en")
    request = ConversionRequest(source, source.name, out, tuple(formats.split()), tuple(targets.split()), overrides)
    return pipeline.convert(request, lambda progress: None)


def told(result: ConversionResult, *families: str) -> list[tuple[str, str, dict[str, str | int]]]:
    return [
        (one.code, one.chapter, one.facts)
        for one in result.findings
        if one.code.startswith(families or ("pdf.", "artifact."))
    ]


def files(result: ConversionResult) -> set[str]:
    return {artifact.path for artifact in result.artifacts}


def words(path: Path) -> str:
    with pdfium.PdfDocument(path) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def broken(monkeypatch: pytest.MonkeyPatch, name: str, package: str = "conversion.engine.pdf") -> None:
    """Let a method raise what nobody expects."""
    module, owner, method = f"{package}.{name}".rsplit(".", 2)

    def fail(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError(name)

    monkeypatch.setattr(getattr(importlib.import_module(module), owner), method, fail)


class TestAnchorAfterALineBreak:
    def test_is_set_by_our_own_engine(self, tmp_path: Path) -> None:
        result = made(tmp_path, _LINKED)
        assert files(result) == {"book.epub", "book-phone.pdf", "book-print.pdf"}
        assert told(result) == []

    @pytest.mark.parametrize("inside", ["<br><br><a id=x></a>", "<br><a id=y></a><br><a id=x></a>", "<a id=x></a><br>"])
    def test_wherever_it_stands(self, tmp_path: Path, inside: str) -> None:
        result = made(tmp_path, _LINKED.replace("<br><a id=x></a>", inside))
        assert told(result) == []

    def test_a_note_after_it_is_set_too(self, tmp_path: Path) -> None:
        note = (
            "<p>A line<br><a epub:type=noteref href=#n>1</a></p><aside epub:type=footnote id=n><p>A note.</p></aside>"
        )
        assert told(made(tmp_path, _LINKED + note)) == []


class TestFallback:
    @pytest.mark.parametrize("method", _OF_A_PIECE)
    def test_a_chapter_our_engine_fails_at_is_set_by_the_other(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
    ) -> None:
        broken(monkeypatch, method)
        result = made(tmp_path, f"<h1>One</h1><p>{_PROSE * 3}<a id=x></a></p><h1>Two</h1><p><a href=#x>More.</a></p>")
        assert files(result) == {"book.epub", "book-phone.pdf", "book-print.pdf"}
        assert ("pdf.fallback", "One", {}) in told(result)
        assert _PROSE.strip() in words(tmp_path / "out" / "book-print.pdf").replace("-\n", "")

    def test_the_other_chapters_stay_ours(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from conversion.engine.pdf.prose.setter import Setter

        whole = Setter._made

        def fail_at_one(self: Setter, target: Target, index: int) -> object:
            if index == 1:
                raise ZeroDivisionError
            return whole(self, target, index)

        monkeypatch.setattr(Setter, "_made", fail_at_one)
        result = made(tmp_path, f"<h1>One</h1><p>{_PROSE}</p><h1>Two</h1><p>{_PROSE}</p>")
        assert told(result) == [("pdf.fallback", "Two", {})]

    @pytest.mark.parametrize("method", _OF_OUR_PAGES)
    def test_pages_of_our_own_are_set_by_the_other_engine(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
    ) -> None:
        broken(monkeypatch, method)
        result = made(tmp_path, f"<h1>One</h1><p>{_PROSE}</p><h1>Two</h1><p>{_PROSE}</p>")
        assert files(result) == {"book.epub", "book-phone.pdf", "book-print.pdf"}
        assert told(result) == [("pdf.fallback", "", {})]

    def test_is_not_kept_for_the_next_conversion(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from dataclasses import replace

        source, cache = tmp_path / "salt.html", tmp_path / "cache"
        source.write_text(f"<html lang=en><title>Salt</title><h1>One</h1><p>{_PROSE}</p></html>")
        cache.mkdir()
        request = ConversionRequest(source, source.name, tmp_path, ("epub", "pdf"), ("phone",), cache=cache)
        with monkeypatch.context() as patch:
            broken(patch, "prose.setter.Setter._made")
            first = pipeline.convert(replace(request, out=_folder(tmp_path / "a")), lambda progress: None)
        assert told(first) == [("pdf.fallback", "One", {})]
        assert told(pipeline.convert(replace(request, out=_folder(tmp_path / "b")), lambda progress: None)) == []


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


class TestLeftOut:
    def test_what_one_engine_fails_at_and_the_other_cannot_set_is_there_as_words(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = Weasy.set_document

        def fail_on_phones(self: Weasy, document: str, target: Target, **options: object) -> object:
            if target.name == "phone":
                raise ZeroDivisionError
            return whole(self, document, target, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(Weasy, "set_document", fail_on_phones)
        note = "<a epub:type=noteref href=#n>1</a>", "<aside epub:type=footnote id=n><p>A small note.</p></aside>"
        result = made(tmp_path, f"<h1>One</h1><p>{_PROSE}{note[0]}</p>{_TABLE}{note[1]}<h1>Two</h1><p>{_PROSE}</p>")
        assert files(result) == {"book.epub", "book-phone.pdf", "book-print.pdf"}
        assert told(result) == [("pdf.plain", "One", {"cause": _FAILED})]
        for word in ("Month", "12", "A small note."):
            assert word in words(tmp_path / "out" / "book-phone.pdf")

    def test_one_target_does_not_take_the_others_back(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from conversion.engine import pdf

        whole = pdf.join_parts

        def fail_on_phones(renderer: object, target: Target, *others: object) -> object:
            if target.name == "phone":
                raise ZeroDivisionError
            return whole(renderer, target, *others)  # type: ignore[arg-type]

        monkeypatch.setattr(pdf, "join_parts", fail_on_phones)
        result = made(tmp_path, f"<h1>One</h1><p>{_PROSE}</p>{_TABLE}<h1>Two</h1><p>{_PROSE}</p>")
        assert files(result) == {"book.epub", "book-print.pdf"}
        assert told(result) == [("pdf.not-made", "", {"target": "phone", "cause": _FAILED})]

    @pytest.mark.parametrize(
        "method", ["renderer.Renderer.set_plain", "renderer.Renderer.prepare", "binding.Binder.write"]
    )
    def test_the_epub_comes_without_any_pdf(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
        broken(monkeypatch, method)
        if method.endswith("plain"):
            broken(monkeypatch, "weasy.Weasy.set_document")
        result = made(tmp_path, f"<h1>One</h1><p>{_PROSE}</p>{_TABLE}", formats="web epub sample pdf proof print-cover")
        assert {"web.zip", "book.epub", "sample.epub", "sample-web.zip"} == files(result)
        chapter = "One" if method.endswith("plain") else ""
        facts = [{"target": name, "cause": _FAILED} for name in ("phone", "print")]
        assert told(result) == [("pdf.not-made", chapter, each) for each in facts]

    def test_a_target_of_drawn_pages_does_not_take_the_others_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from conversion.engine.pdf import pages

        whole = pages.page_size

        def fail_on_phones(book: object, page: object, target: Target) -> object:
            if target.name == "phone":
                raise ZeroDivisionError
            return whole(book, page, target)  # type: ignore[arg-type]

        monkeypatch.setattr(pages, "page_size", fail_on_phones)
        source = tmp_path / "comic.cbz"
        source.write_bytes(fixed_sources.archive(fixed_sources.comic()))
        request = ConversionRequest(source, source.name, _folder(tmp_path / "out"), ("epub", "pdf"), ("phone", "print"))
        result = pipeline.convert(request, lambda progress: None)
        assert files(result) == {"book.epub", "book-print.pdf"}
        assert told(result) == [("pdf.not-made", "", {"target": "phone", "cause": _FAILED})]

    @pytest.mark.parametrize(
        ("method", "name", "kind"),
        [
            ("covers.printed.sheet.Writer.write", "printed cover", "print-cover"),
            ("proof.pdfium.PdfiumPages.openings", "proof sheet", "proof"),
            ("exports.text.write_text", "plain text", "text"),
            ("exports.markdown.write_markdown", "Markdown", "markdown"),
            ("exports.docx.write_docx", "DOCX", "docx"),
            ("exports.send_to_kindle.remarks", "", "kindle"),
        ],
    )
    def test_every_other_file_may_fail(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, name: str, kind: str
    ) -> None:
        if method.rpartition(".")[2][0].islower() and method.split(".")[-2][0].islower():
            module, function = f"conversion.engine.{method}".rsplit(".", 1)
            monkeypatch.setattr(importlib.import_module(module), function, lambda *given: 1 // 0)
        else:
            broken(monkeypatch, method, "conversion.engine")
        everything = "web epub sample pdf print-cover proof kepub kindle text markdown docx"
        result = made(tmp_path, f"<h1>One</h1><p>{_PROSE}</p>", formats=everything, targets="print")
        kinds = {artifact.kind.value for artifact in result.artifacts}
        assert {"epub", "pdf", "web", "kepub"} <= kinds
        if name:
            assert kind not in kinds
            assert told(result, "artifact.") == [
                ("artifact.not-made", "", {"file": name, "format": kind, "cause": _FAILED})
            ]

    def test_where_nothing_at_all_is_made_it_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        broken(monkeypatch, "binding.Binder.write")
        with pytest.raises(PlatformFault) as caught:
            made(tmp_path, f"<h1>One</h1><p>{_PROSE}</p>{_TABLE}", formats="pdf")
        assert caught.value.code == "pdf.failed"


class TestFormulas:
    @pytest.mark.parametrize(
        "inside",
        [
            "<mi>x</mi><mtext></mtext>",
            "<mtable><mtr><mtd><mi>x</mi><mtext></mtext></mtd></mtr></mtable>",
            "<mover><mi>u</mi><mi></mi></mover>",
            "<mn>2</mn><mo>-</mo><mn>1</mn>",
        ],
    )
    def test_are_drawn_whatever_is_empty_in_them(self, tmp_path: Path, inside: str) -> None:
        math = f"<math xmlns='http://www.w3.org/1998/Math/MathML'>{inside}</math>"
        result = made(tmp_path, f"<h1>One</h1><p>{_PROSE} {math}</p>", targets="print")
        assert told(result) == []

    def test_keep_what_stands_before_a_hyphen(self) -> None:
        """ziamath's own way from text took everything between the first operator and the last hyphen away."""
        from conversion.engine.images import mathematics

        def drawn(sign: str) -> str:
            inside = f"<mi>a</mi><mo>=</mo><mi>x</mi><mo>{sign}</mo><mn>1</mn>"
            drawing = mathematics.draw(f'<math xmlns="http://www.w3.org/1998/Math/MathML">{inside}</math>')
            assert drawing is not None
            return drawing.svg

        assert drawn("-") == drawn("\N{MINUS SIGN}")

    def test_that_cannot_be_drawn_are_printed_as_they_are_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from conversion.engine.images import mathematics

        monkeypatch.setattr(mathematics, "_drawn", lambda mathml: None)
        math = (
            "<math xmlns='http://www.w3.org/1998/Math/MathML' alttext='Alternative text not available'>"
            "<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>"
        )
        result = made(tmp_path, f"<h1>One</h1><p>{_PROSE} {math}</p><h1>Two</h1><p>{_PROSE}</p>")
        assert told(result) == [("pdf.formula-as-text", "One", {"count": 1})]
        assert next(one.quote for one in result.findings if one.code == "pdf.formula-as-text") == "E = mc^2"
        for target in ("phone", "print"):
            found = words(tmp_path / "out" / f"book-{target}.pdf")
            assert "E = mc^2" in found
            assert "not available" not in found

    def test_a_formula_alone_is_no_scene_break_and_makes_no_verse(self, tmp_path: Path) -> None:
        from conversion.engine.book.model import Math, Paragraph
        from conversion.engine.book.walk import walk
        from conversion.engine.readers import read_source

        square = "<math xmlns='http://www.w3.org/1998/Math/MathML' alttext='Alternative text not available'>"
        square += "<mo>□</mo></math>"
        source = tmp_path / "salt.html"
        source.write_text(f"<h1>One</h1><p>{_PROSE}</p><p>{square}</p><p>A<br>B {square}<br>C</p><p>{_PROSE}</p>")
        (chapter,) = read_source(source, source.name)[1].book.chapters
        assert [type(block) for block in chapter.blocks[1:]] == [Paragraph] * 4
        assert sum(isinstance(node, Math) for node in walk(chapter.blocks)) == 2
