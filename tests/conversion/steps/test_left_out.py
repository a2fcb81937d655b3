"""A cover, a fix, a made page, or a part of a file that fails is left out with a finding; everything else is made."""

from __future__ import annotations

import importlib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from conversion.engine import fixes, pipeline
from conversion.engine.book.matter import Matter, MatterKind, MatterPage
from conversion.engine.book.model import Contributor
from conversion.engine.checks.analysis import BookAnalysis
from conversion.engine.contract import AuthorDetails, Change, ConversionRequest, ConversionResult
from conversion.engine.matter import add_matter
from conversion.engine.matter import pages as made_pages
from conversion.engine.typography import designs
from tests.conversion.readers import fixed_sources
from tests.conversion.steps.test_missing_files import words

_BOOK = (
    "<html lang=en><title>Salt</title><body><h1>One</h1><p>The boat came in... and the tide went out.</p>"
    "<h1>Two</h1><p>The end of the road: &quot;salt&quot;.</p></body></html>"
)
_FAILED = "a program of ours failed"
_PDF = "conversion.engine.pdf"


def request(folder: Path, formats: str = "web epub", targets: str = "", **options: object) -> ConversionRequest:
    source, out = folder / "salt.html", folder / "out"
    source.write_text(_BOOK)
    out.mkdir()
    details = AuthorDetails(title="Salt", language="en", contributors=(Contributor("Ada North"),))
    asked = ConversionRequest(source, source.name, out, tuple(formats.split()), tuple(targets.split()), details)
    return replace(asked, **options)  # type: ignore[arg-type]


def convert(asked: ConversionRequest) -> ConversionResult:
    return pipeline.convert(asked, lambda progress: None)


def raising(*given: object, **options: object) -> None:
    raise ZeroDivisionError


def broken(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[..., object] = raising) -> None:
    """Let a function, or a method of a class, act in another way."""
    owner, method = name.rsplit(".", 1)
    try:
        monkeypatch.setattr(importlib.import_module(owner), method, act)
    except ModuleNotFoundError:
        module, of = owner.rsplit(".", 1)
        monkeypatch.setattr(getattr(importlib.import_module(module), of), method, act)


def facts(result: ConversionResult, code: str) -> list[dict[str, str | int]]:
    return [finding.facts for finding in result.findings if finding.code == code]


def text_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return " ".join(archive.read(name).decode() for name in archive.namelist() if name.endswith("xhtml"))


class TestCover:
    @pytest.mark.parametrize("function", ["typographic_cover", "can_draw"])
    def test_that_cannot_be_drawn_is_a_plain_one(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
    ) -> None:
        broken(monkeypatch, f"conversion.engine.covers.cover.{function}")
        result = convert(request(tmp_path, "web epub cover"))
        assert facts(result, "cover.not-drawn") == [{}]
        assert {"web.zip", "book.epub", "cover.jpg", "thumb-160.webp"} <= {file.path for file in result.artifacts}
        with Image.open(tmp_path / "out" / "cover.jpg") as cover:
            assert (cover.size, len(cover.getcolors() or [])) == ((1600, 2560), 1)

    def test_that_cannot_be_checked_is_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        broken(monkeypatch, "conversion.engine.checks.covers.of_cover")
        picture = tmp_path / "own.png"
        Image.new("RGB", (1600, 2560), "navy").save(picture)
        result = convert(request(tmp_path, "epub cover", cover=picture))
        assert facts(result, "check.failed") == [{"count": 1}]
        assert "cover.jpg" in {file.path for file in result.artifacts}

    def test_without_its_small_pictures(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        broken(monkeypatch, "conversion.engine.images.reencode.known_thumbnails")
        result = convert(request(tmp_path, "epub cover"))
        assert {file.path for file in result.artifacts} == {"book.epub", "cover.jpg"}
        told = {"file": "small pictures of the cover", "format": "cover", "cause": _FAILED}
        assert facts(result, "artifact.not-made") == [told]

    def test_memory_that_ran_out_while_drawing_is_raised(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def run_out(*given: object) -> None:
            raise MemoryError

        broken(monkeypatch, "conversion.engine.covers.cover.typographic_cover", run_out)
        with pytest.raises(MemoryError):
            convert(request(tmp_path, "epub cover"))


class TestSample:
    def test_that_cannot_be_cut_does_not_take_the_book_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken(monkeypatch, "conversion.engine.steps.outputs.sample.make_sample")
        result = convert(request(tmp_path, "web epub sample"))
        assert {file.path for file in result.artifacts} == {"web.zip", "book.epub"}
        named = [one["file"] for one in facts(result, "artifact.not-made")]
        assert named == ["sample for the browser", "sample as EPUB"]


def half_done(analysis: BookAnalysis) -> list[Change]:
    """Take the words of the last chapter away, and fail."""
    analysis.book.chapters[-1].blocks.clear()
    raise ZeroDivisionError


class TestFixes:
    def test_one_that_fails_half_way_changes_nothing_and_the_others_are_applied(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(fixes.FIXES, "text.quotes-straight", half_done)
        result = convert(request(tmp_path, fixes=("text.three-dots", "text.quotes-straight")))
        assert facts(result, "fix.failed") == [{"fix": "text.quotes-straight"}]
        assert result.changed == {"text.three-dots": 1}
        inside = text_of(tmp_path / "out" / "book.epub")
        assert "The boat came in… and the tide went out." in inside
        assert "The end of the road" in inside
        assert "“" not in inside

    def test_all_may_fail(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for code in ("text.three-dots", "text.quotes-straight"):
            monkeypatch.setitem(fixes.FIXES, code, half_done)
        result = convert(request(tmp_path, fixes=("text.three-dots", "text.quotes-straight")))
        assert len(facts(result, "fix.failed")) == 2
        assert result.changed == {}
        assert "The boat came in..." in text_of(tmp_path / "out" / "book.epub")

    def test_nothing_is_proposed_of_one_that_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(fixes.FIXES, "text.quotes-straight", half_done)
        asked = request(tmp_path, "web epub base", proposals=("text.three-dots", "text.quotes-straight"))
        result = convert(asked)
        assert facts(result, "fix.failed") == [{"fix": "text.quotes-straight"}]
        assert {patch.author for patch in result.proposals} == {"text.three-dots"}
        assert "The boat came in..." in text_of(tmp_path / "out" / "book.epub")

    @pytest.mark.parametrize("error", [MemoryError, RecursionError])
    def test_what_protects_us_is_raised(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
    ) -> None:
        def protect(analysis: BookAnalysis) -> list[Change]:
            raise error

        monkeypatch.setitem(fixes.FIXES, "text.tabs", protect)
        with pytest.raises(error):
            convert(request(tmp_path, fixes=("text.tabs",)))


class TestMadePages:
    _KINDS = (MatterKind.TITLE, MatterKind.COPYRIGHT, MatterKind.DEDICATION)
    _WHOLE = Matter(tuple(MatterPage(kind, "To Ada.") for kind in _KINDS))

    def test_one_that_fails_leaves_the_others(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(made_pages._Maker, "_copyright", raising)
        result = convert(request(tmp_path, matter=self._WHOLE))
        assert facts(result, "matter.not-made") == [{"missing": "copyright page", "cause": _FAILED}]
        assert "To Ada." in text_of(tmp_path / "out" / "book.epub")

    def test_a_title_page_that_fails_is_the_plain_one(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(made_pages._Maker, "title_page", raising)
        result = convert(request(tmp_path, matter=self._WHOLE))
        assert facts(result, "matter.not-made") == [{"missing": "title page", "cause": _FAILED}]
        assert "© Ada North" in text_of(tmp_path / "out" / "book.epub")

    def test_without_anybody_to_tell_errors_are_raised(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from tests.conversion.matter.test_matter import novel

        monkeypatch.setattr(made_pages._Maker, "_copyright", raising)
        with pytest.raises(ZeroDivisionError):
            add_matter(novel(), self._WHOLE)


class TestPartsOfPdfs:
    @pytest.mark.parametrize(
        ("function", "part"),
        [
            ("headers_footers.HeadersFooters.__init__", "headers and page numbers"),
            ("headers_footers.HeadersFooters.commands", "headers and page numbers"),
            ("join._outline", "bookmarks"),
            ("join._labels", "bookmarks"),
            ("metadata.written", "document details"),
            ("opening.set_cover", "cover"),
            ("opening.set_title_page", "title page"),
            ("opening.set_contents", "table of contents"),
        ],
    )
    def test_one_that_fails_is_left_out(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, part: str
    ) -> None:
        broken(monkeypatch, f"{_PDF}.{function}")
        result = convert(request(tmp_path, "epub pdf", "phone print"))
        assert facts(result, "pdf.incomplete") == [{"missing": part, "cause": _FAILED}]
        assert not facts(result, "pdf.not-made")
        for target in ("phone", "print"):
            assert "tide went out." in words(tmp_path / "out" / f"book-{target}.pdf")

    def test_all_may_fail_at_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in (
            "headers_footers.HeadersFooters.__init__",
            "join._outline",
            "metadata.written",
            "opening.set_contents",
        ):
            broken(monkeypatch, f"{_PDF}.{name}")
        result = convert(request(tmp_path, "epub pdf", "print"))
        missing = "table of contents, headers and page numbers, bookmarks, document details"
        assert facts(result, "pdf.incomplete") == [{"missing": missing, "cause": _FAILED}]
        with pikepdf.open(tmp_path / "out" / "book-print.pdf") as file:
            assert not file.check_pdf_syntax()
            assert "/Outlines" not in file.Root

    def test_the_other_parts_are_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        broken(monkeypatch, f"{_PDF}.join._outline")
        convert(request(tmp_path, "epub pdf", "print"))
        with pikepdf.open(tmp_path / "out" / "book-print.pdf") as file:
            assert str(file.docinfo["/Title"]) == "Salt"
            assert str(file.Root.Lang) == "en"

    @pytest.mark.parametrize(("function", "part"), [("_outline", "bookmarks"), ("_describe", "document details")])
    def test_of_drawn_pages_too(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, part: str
    ) -> None:
        broken(monkeypatch, f"{_PDF}.pages.{function}")
        source, out = tmp_path / "comic.cbz", tmp_path / "out"
        source.write_bytes(fixed_sources.archive(fixed_sources.comic()))
        out.mkdir()
        result = convert(ConversionRequest(source, source.name, out, ("epub", "pdf"), ("phone", "print")))
        assert facts(result, "pdf.incomplete") == [{"missing": part, "cause": _FAILED}]
        assert {"book-phone.pdf", "book-print.pdf"} <= {file.path for file in result.artifacts}


class TestPartsOfEpubs:
    def test_fonts_that_cannot_be_cut_are_left_out(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        broken(monkeypatch, "conversion.engine.epub.embedded_fonts.embedded")
        result = convert(request(tmp_path, embed_fonts=True))
        assert facts(result, "epub.incomplete") == [{"missing": "fonts", "cause": _FAILED}]
        with zipfile.ZipFile(tmp_path / "out" / "book.epub") as archive:
            assert archive.read("EPUB/styles/book.css").decode() == designs_css()
            assert not [name for name in archive.namelist() if "fonts/" in name]

    def test_printed_pages_that_fail_leave_the_epub_as_it_was(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from conversion.engine.epub import package

        whole, times = package.PackageWriter.write_to, []

        def fail_the_second_time(self: package.PackageWriter, path: Path) -> None:
            times.append(path)
            if len(times) > 1:
                path.write_bytes(b"half")
                raise ZeroDivisionError
            whole(self, path)

        monkeypatch.setattr(package.PackageWriter, "write_to", fail_the_second_time)
        result = convert(request(tmp_path, "epub pdf", "print"))
        assert facts(result, "epub.incomplete") == [{"missing": "page numbers of the print edition", "cause": _FAILED}]
        assert "tide went out." in text_of(tmp_path / "out" / "book.epub")


def designs_css() -> str:
    from conversion.engine.epub.style import epub_css

    return epub_css(designs.DESIGNS["classic"])
