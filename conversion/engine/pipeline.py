"""The stages of a conversion, in order, on one screen. Runs inside the child process; see `runner.py`.

gate, read    the source becomes a Book, or is refused
web           chapters for the reader in the browser: the author can look while the rest is made
cover         the author's, the source's or one of ours, with thumbnails
epub, pdf     one EPUB; one PDF for each target
check         what came out is compared with what went in
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import ENGINE_VERSION, checks, details, fidelity, images, limits, sample, web
from .book import Asset, Book, Finding
from .contract import (
    ArtifactFile,
    ArtifactKind,
    ChapterSummary,
    ConversionRequest,
    ConversionResult,
    Progress,
    Report,
    Stage,
)
from .epub import write_epub
from .readers import read_source
from .targets import TARGETS

# Books carry no time of making, so that the same manuscript gives the same bytes whenever it is converted.
MODIFIED = "2020-01-01T00:00:00Z"
_IDENTIFIERS = uuid.UUID("6f7c1f5e-2f0b-5b0c-9a53-0c7a1d0c7a10")
EPUB_TYPE = "application/epub+zip"


def convert(request: ConversionRequest, report: Report) -> ConversionResult:
    """Make everything the request asks for in its `out` folder, telling `report` of each step.

    Raises AuthorFixable for a source that cannot become a book.
    """
    run = _Run(request, report)
    run.tell(Stage.GATE, kilobytes=-(-request.source.stat().st_size // 1000))
    run.take_cover()
    run.read()
    run.tell(Stage.READ, chapters=len(run.book.chapters), words=run.looked.words, pictures=len(run.book.assets))
    for wanted, stage in (("web", run.make_web), ("sample", run.make_web_sample)):
        if wanted in request.formats:
            stage()
    if set(request.formats) - {"web"}:
        run.choose_cover()
    if "cover" in request.formats:
        run.make_cover()
    if "epub" in request.formats:
        run.make_epub()
    if "sample" in request.formats:
        run.make_epub_sample()
    if "pdf" in request.formats:
        run.make_pdfs()
    run.check()
    result = run.result()
    run.tell(Stage.DONE, artifacts=len(result.artifacts), findings=len(result.findings))
    return result


@dataclass(slots=True)
class _Run:
    """One conversion under way."""

    request: ConversionRequest
    report: Report
    source_format: str = ""
    book: Book = field(default_factory=details.no_book)
    looked: checks.Looked = field(default_factory=lambda: checks.look(details.no_book()))
    cover: Asset | None = None
    findings: list[Finding] = field(default_factory=list)
    artifacts: list[ArtifactFile] = field(default_factory=list)

    def tell(self, stage: Stage, artifact: ArtifactFile | None = None, **facts: str | int) -> None:
        self.report(Progress(stage, facts, artifact))

    def read(self) -> None:
        """Gate and reader, then the author's own details laid over the manuscript's."""
        source_format, reading = read_source(self.request.source, self.request.name)
        self.source_format = str(source_format)
        self.book = reading.book
        self.findings += details.unanswered(reading.findings, self.request)
        self.findings += details.complete(self.book, self.request, self._identifier)
        self.looked = checks.look(self.book)
        limits.refuse_unsettable(self.looked)
        told = {finding.code for finding in self.findings}
        self.findings += [f for f in checks.of_book(self.looked) if f.code not in told]

    def make_web(self) -> None:
        self._file(ArtifactKind.WEB, "web.zip", "application/zip", lambda path: web.write_web(self.book, path))

    def make_web_sample(self) -> None:
        part = self._sample()
        self._file(ArtifactKind.SAMPLE_WEB, "sample-web.zip", "application/zip", lambda path: web.write_web(part, path))

    def take_cover(self) -> None:
        """The author's own cover: looked at first, because a bad one is quickly told."""
        if self.request.cover is not None:
            from . import cover  # many runs need no cover; loading it takes longer than a short book

            self.cover, findings = cover.accept(self.request.cover.read_bytes())
            self.findings += findings

    def choose_cover(self) -> None:
        if self.cover is None:
            from . import cover

            self.cover, findings = cover.choose(self.book, details.author_line(self.book))
            self.findings += findings

    def make_cover(self) -> None:
        assert self.cover is not None  # noqa: S101 (chosen one stage before; tells the type checker)
        full = images.as_jpeg(self.cover)
        self._bytes(ArtifactKind.COVER, "", "cover.jpg", full.data, (full.media_type, full.width, full.height))
        for small in images.thumbnails(full):
            target = f"{small.width}-{small.format}"
            name = f"thumb-{small.width}.{small.extension}"
            about = (small.media_type, small.width, small.height)
            self._bytes(ArtifactKind.THUMBNAIL, target, name, small.data, about)

    def make_epub(self) -> None:
        self._file(ArtifactKind.EPUB, "book.epub", EPUB_TYPE, self._epub_writer(self.book, is_sample=False))

    def make_epub_sample(self) -> None:
        writer = self._epub_writer(self._sample(), is_sample=True)
        self._file(ArtifactKind.SAMPLE_EPUB, "sample.epub", EPUB_TYPE, writer)

    def make_pdfs(self) -> None:
        from .pdf import write_pdfs  # loading the setter takes a second that other runs need not wait

        targets = [TARGETS[name] for name in self.request.targets]
        out, jobs = self.request.out, self.request.jobs
        for target, path, pages in write_pdfs(self.book, targets, out, jobs=jobs, cover=self.cover):
            named = path.rename(out / f"book-{target.name}.pdf")
            self._add(Stage.PDF, _describe(ArtifactKind.PDF, target.name, named, "application/pdf", pages=pages))

    def check(self) -> None:
        self.tell(Stage.CHECK)
        if "epub" in self.request.formats:
            self.findings += fidelity.of_epub(self.looked, self.request.out / "book.epub")

    def result(self) -> ConversionResult:
        about = self.book.metadata
        return ConversionResult(
            engine_version=ENGINE_VERSION,
            source_format=self.source_format,
            title=about.title,
            subtitle=about.subtitle,
            language=about.language,
            contributors=tuple(about.contributors),
            description=about.description,
            chapters=tuple(
                ChapterSummary(c.id, c.title, str(c.division), self.looked.words_of[c.id]) for c in self.book.chapters
            ),
            words=self.looked.words,
            artifacts=tuple(self.artifacts),
            findings=tuple(checks.ordered(self.findings)),
        )

    # ------------------------------------------------------------ helpers

    def _identifier(self) -> str:
        digest = hashlib.sha256(self.request.source.read_bytes()).hexdigest()
        return f"urn:uuid:{uuid.uuid5(_IDENTIFIERS, digest)}"

    def _sample(self) -> Book:
        return sample.take(self.book, self.request.sample_bps)

    def _epub_writer(self, book: Book, *, is_sample: bool) -> Callable[[Path], None]:
        return lambda path: write_epub(book, path, cover=self.cover, modified=MODIFIED, sample=is_sample)

    def _file(self, kind: ArtifactKind, name: str, media_type: str, write: Callable[[Path], None]) -> None:
        path = self.request.out / name
        write(path)
        self._add(_STAGE_OF[kind], _describe(kind, "", path, media_type))

    def _bytes(self, kind: ArtifactKind, target: str, name: str, data: bytes, about: tuple[str, int, int]) -> None:
        path = self.request.out / name
        path.write_bytes(data)
        described = _describe(kind, target, path, about[0])
        self._add(Stage.COVER, replace(described, width=about[1], height=about[2]))

    def _add(self, stage: Stage, artifact: ArtifactFile) -> None:
        self.artifacts.append(artifact)
        facts: dict[str, str | int] = {"kilobytes": -(-artifact.size_bytes // 1000)}
        if artifact.pages:
            facts |= {"target": artifact.target, "pages": artifact.pages}
        self.tell(stage, artifact, **facts)


_STAGE_OF = {
    ArtifactKind.WEB: Stage.WEB,
    ArtifactKind.SAMPLE_WEB: Stage.WEB,
    ArtifactKind.EPUB: Stage.EPUB,
    ArtifactKind.SAMPLE_EPUB: Stage.EPUB,
}


def _describe(kind: ArtifactKind, target: str, path: Path, media_type: str, *, pages: int = 0) -> ArtifactFile:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return ArtifactFile(kind, target, path.name, media_type, digest, path.stat().st_size, pages=pages)
