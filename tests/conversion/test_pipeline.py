"""The stages in order, the artifacts by name, equal bytes for equal manuscripts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PIL import Image

from conversion.engine import pipeline
from conversion.engine.contract import AuthorDetails, ConversionRequest, ConversionResult, Progress, Stage
from conversion.engine.errors import AuthorFixable
from conversion.options import ConversionOptions
from conversion.services import later_files
from tests.conversion.manuscripts import docx, short_book

NO_PDF = ("epub", "web", "sample", "cover")
# What is remarked of every manuscript that says nothing about itself, gravest first.
UNSAID = [
    "metadata.author-missing",
    "metadata.description-missing",
    "metadata.subjects-missing",
    "metadata.rights-missing",
]


def _convert(
    folder: Path, source: Path, *, formats: tuple[str, ...] = NO_PDF, **more
) -> tuple[ConversionResult, list[Progress]]:
    out = folder / f"out-{len(list(folder.iterdir()))}"
    out.mkdir()
    progress: list[Progress] = []
    overrides = AuthorDetails(title="Salt", language="en")
    request = ConversionRequest(source, source.name, out, formats, overrides=overrides, **more)
    return pipeline.convert(request, progress.append), progress


def _package(folder: Path) -> bytes:
    """Return the package document of the EPUB that was made last."""
    newest = max(folder.glob("out-*"), key=lambda path: path.stat().st_mtime_ns)
    with zipfile.ZipFile(newest / "book.epub") as archive:
        return next(archive.read(name) for name in archive.namelist() if name.endswith(".opf"))


class TestConvert:
    def test_makes_what_is_asked_and_describes_it(self, tmp_path: Path) -> None:
        result, _ = _convert(tmp_path, short_book(tmp_path))
        names = [artifact.path for artifact in result.artifacts]
        assert names[:3] == ["web.zip", "sample-web.zip", "cover.jpg"]
        assert names[-2:] == ["book.epub", "sample.epub"]
        assert names[3:-2] == [
            f"thumb-{width}.{ending}" for width in (160, 320, 640) for ending in ("avif", "webp", "jpg")
        ]
        assert [chapter.title for chapter in result.chapters] == ["Chapter 1", "Chapter 2", "Chapter 3"]
        assert result.words == sum(chapter.words for chapter in result.chapters)
        assert (result.title, result.source_format) == ("Salt", "docx")
        assert [finding.code for finding in result.findings] == [*UNSAID, "cover.drawn"]

    def test_the_web_book_is_ready_before_everything_else(self, tmp_path: Path) -> None:
        _, progress = _convert(tmp_path, short_book(tmp_path))
        stages = list(dict.fromkeys(item.stage for item in progress))
        assert stages == [Stage.GATE, Stage.READ, Stage.WEB, Stage.COVER, Stage.EPUB, Stage.CHECK, Stage.DONE]
        assert progress[1].facts["chapters"] == 3
        first = next(item.artifact for item in progress if item.artifact)
        assert first.path == "web.zip"

    def test_the_same_manuscript_gives_the_same_bytes(self, tmp_path: Path) -> None:
        source = short_book(tmp_path)
        assert _convert(tmp_path, source)[0] == _convert(tmp_path, source)[0]

    def test_what_two_jobs_make_is_what_one_makes(self, tmp_path: Path) -> None:
        """The PDFs of a corrected book follow in a job of their own (`conversion/services/later_files.py`)."""
        source = short_book(tmp_path)
        options = ConversionOptions(formats=("base", *NO_PDF, "pdf", "print-cover", "kepub"), targets=("print",))
        whole, _ = _convert(tmp_path, source, formats=options.formats, targets=options.targets)
        divided = options.divided()
        first, _ = _convert(tmp_path, source, formats=divided.formats, targets=options.targets)
        later = (*later_files.formats_with(divided), *divided.later)
        second, _ = _convert(tmp_path, source, formats=later, targets=options.targets)
        wanted = {artifact.path: artifact.sha256 for artifact in whole.artifacts}
        made = {artifact.path: artifact.sha256 for artifact in (*first.artifacts, *second.artifacts)}
        assert made == wanted
        told = {(finding.code, finding.chapter) for finding in (*first.findings, *second.findings)}
        assert told == {(finding.code, finding.chapter) for finding in whole.findings}
        assert first.base == second.base == whole.base

    def test_makes_a_pdf_for_each_target(self, tmp_path: Path) -> None:
        result, _ = _convert(tmp_path, short_book(tmp_path), formats=("pdf",), targets=("phone", "print"), jobs=1)
        assert sorted(artifact.path for artifact in result.artifacts) == ["book-phone.pdf", "book-print.pdf"]
        assert all(artifact.pages >= 3 for artifact in result.artifacts)

    @pytest.mark.parametrize(
        ("modified", "published", "written"),
        [
            ("2026-11-24T12:00:00+01:00", "", b"2026-11-24T11:00:00Z"),
            ("2026-11-24T12:00:00+01:00", "2019-05-01", b"2026-11-24T11:00:00Z"),
            ("", "2019-05-01", b"2019-05-01T00:00:00Z"),
            ("", "2019", b"2020-01-01T00:00:00Z"),
            ("", "2019-02-31", b"2020-01-01T00:00:00Z"),
        ],
    )
    def test_the_epub_says_when_the_book_last_changed(
        self, tmp_path: Path, modified: str, published: str, written: bytes
    ) -> None:
        source = tmp_path / "book.md"
        source.write_text(f"---\ndate: {published}\n---\n# One\n\nWords.\n")
        _convert(tmp_path, source, formats=("epub",), modified=modified)
        assert b'"dcterms:modified">' + written in _package(tmp_path)

    def test_the_identifier_follows_from_the_source(self, tmp_path: Path) -> None:
        def package(source: Path) -> bytes:
            _convert(tmp_path, source, formats=("epub",))
            return _package(tmp_path)

        one, other = short_book(tmp_path), tmp_path / "other.docx"
        other.write_bytes(docx([("Chapter 1", ["Other words stand here."])]))
        assert b"urn:uuid:" in package(one)
        assert package(one).partition(b"urn:uuid:")[2][:36] != package(other).partition(b"urn:uuid:")[2][:36]

    def test_the_authors_cover_is_used_or_refused(self, tmp_path: Path) -> None:
        picture = tmp_path / "front.png"
        front = Image.new("RGB", (1600, 2560), "teal")
        front.paste("white", (0, 0, 1600, 600))
        front.save(picture)
        result, _ = _convert(tmp_path, short_book(tmp_path), formats=("cover",), cover=picture)
        assert [finding.code for finding in result.findings] == UNSAID
        picture.write_bytes(b"<html>")
        with pytest.raises(AuthorFixable) as refused:
            _convert(tmp_path, short_book(tmp_path), formats=("epub",), cover=picture)
        assert refused.value.code == "cover.unusable"

    def test_refuses_a_manuscript_without_text(self, tmp_path: Path) -> None:
        empty = tmp_path / "empty.docx"
        empty.write_bytes(docx([]))
        with pytest.raises(AuthorFixable):
            _convert(tmp_path, empty)
