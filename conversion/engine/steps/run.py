"""The state of one conversion: what has been read, found and made so far, for the stages in `pipeline.py`."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import ENGINE_VERSION, checks, fixes
from ..book import names
from ..book.model import Asset, Book, Math
from ..contract import (
    ArtifactFile,
    ArtifactKind,
    ChapterSummary,
    ConversionRequest,
    ConversionResult,
    Progress,
    Report,
    Stage,
)
from ..findings.model import Finding
from ..findings.omissions import Allowed, Omissions
from ..findings.registry import severity
from ..patches import Base, Fit, Patch
from ..support.cache import NEW, Cache

if TYPE_CHECKING:
    from ..images.reencode import Thumbnail
    from ..pdf.heads import PageHead
    from ..targets import Target


_TOLD_EVERY_S = 1.0
# Files with the book's own pages, where it has fixed pages.
_WHOLE = frozenset({ArtifactKind.EPUB, ArtifactKind.KEPUB, ArtifactKind.KINDLE, ArtifactKind.WEB})


@dataclass(slots=True)
class Run:
    """The state that stages read and add to. `file` and `picture` write an artifact and report it."""

    request: ConversionRequest
    report: Report
    source_format: str = ""
    book: Book = field(default_factory=names.empty_book)
    analysis: checks.BookAnalysis = field(default_factory=lambda: checks.analyse(names.empty_book()))
    cover: Asset | None = None
    cover_picture: Asset | None = None  # the author's, for a cover that is drawn around it
    findings: list[Finding] = field(default_factory=list)
    fidelity: list[Finding] = field(default_factory=list)  # about the EPUB whose sha256 is in `checked`
    checked: str = ""
    fixed: fixes.FixResult = field(default_factory=fixes.FixResult)
    fits: list[Fit] = field(default_factory=list)
    proposals: list[Patch] = field(default_factory=list)
    base: Base | None = None  # the Book before patches, where it is asked for
    left_out: dict[str, Omissions] = field(default_factory=dict)  # what files were made without, by finding code
    numbers: dict[int, int] = field(default_factory=dict)  # of blocks in the base: `leaves.block_numbers`
    artifacts: list[ArtifactFile] = field(default_factory=list)
    cache: Cache = field(init=False)
    set_for: dict[str, Target] = field(default_factory=dict)  # the targets of the PDFs, with their final margins
    page_heads: dict[str, list[PageHead]] = field(default_factory=dict)  # of printed targets, once they are laid out
    _told_at: float = 0.0

    def __post_init__(self) -> None:
        request = self.request
        new = request.out / NEW if request.cache is not None else None
        self.cache = Cache(request.cache, new)

    def allow(self, code: str, part: str) -> Allowed:
        """Leave a part out where making it fails; a finding of this code names it."""
        return self.left_out.setdefault(code, Omissions()).allow(part)

    def note_failed_fix(self, code: str) -> None:
        """Add the finding that a fix could not be applied."""
        self.findings.append(Finding("fix.failed", severity("fix.failed"), facts={"fix": code}))

    def tell_pages(self, done: int, count: int) -> None:
        """Report the typesetting progress, at most once a second: the listener may write each report to a database."""
        if time.monotonic() - self._told_at >= _TOLD_EVERY_S:
            self._told_at = time.monotonic()
            self.tell(Stage.PDF, pieces=done, of=count)

    def tell(self, stage: Stage, artifact: ArtifactFile | None = None, **facts: str | int) -> None:
        self.report(Progress(stage, facts, artifact))

    def file(self, stage: Stage, kind: ArtifactKind, name: str, media_type: str, write: Callable[[Path], None]) -> None:
        """Add an artifact that `write` writes to the path it is given: beside the file of that name, which stays as it
        is where writing fails."""
        path, unfinished = self.request.out / name, self.request.out / f".{name}"
        write(unfinished)
        unfinished.replace(path)
        pages = len(self.book.pages) if self.book.is_fixed and kind in _WHOLE else 0
        self.add(stage, described(kind, "", path, media_type, pages=pages))

    def picture(self, kind: ArtifactKind, target: str, name: str, picture: Asset | Thumbnail) -> None:
        """Add a picture as an artifact of its own."""
        path = self.request.out / name
        path.write_bytes(picture.data)
        about = described(kind, target, path, picture.media_type)
        self.add(Stage.COVER, replace(about, width=picture.width, height=picture.height))

    def add(self, stage: Stage, artifact: ArtifactFile) -> None:
        """Add a written artifact to the result, replacing one of the same name, and report it."""
        self.artifacts = [known for known in self.artifacts if known.path != artifact.path] + [artifact]
        facts: dict[str, str | int] = {"kilobytes": -(-artifact.size_bytes // 1000)}
        if artifact.pages:
            facts |= {"target": artifact.target, "pages": artifact.pages}
        self.tell(stage, artifact, **facts)

    def reading_facts(self) -> dict[str, str | int]:
        """Return the facts for the sentence about the reading stage, and the book's own metadata."""
        book, about = self.analysis.book, self.book.metadata
        facts: dict[str, str | int] = {"chapters": len(book.chapters), "words": self.analysis.words}
        facts |= {"pictures": len(book.assets), "formulas": sum(type(node) is Math for _, node in self.analysis.nodes)}
        facts |= {"title": about.title, "subtitle": about.subtitle, "language": about.language}
        return facts | ({"pages": len(book.pages)} if book.is_fixed else {})

    def result(self) -> ConversionResult:
        about = self.book.metadata
        omitted = [finding for code, omissions in self.left_out.items() for finding in omissions.findings(code)]
        return ConversionResult(
            engine_version=ENGINE_VERSION,
            source_format=self.source_format,
            title=about.title,
            subtitle=about.subtitle,
            language=about.language,
            contributors=tuple(about.contributors),
            description=about.description,
            chapters=tuple(
                ChapterSummary(c.id, c.title, str(c.division), self.analysis.words_of[c.id])
                for c in self.analysis.book.chapters
            ),
            words=self.analysis.words,
            artifacts=tuple(self.artifacts),
            findings=tuple(checks.ordered([*self.findings, *omitted, *self.fidelity])),
            changes=tuple(self.fixed.changes),
            changed=self.fixed.counts,
            fits=tuple(self.fits),
            base=self.base.identity if self.base is not None else "",
            proposals=tuple(self.proposals),
        )


def described(kind: ArtifactKind, target: str, path: Path, media_type: str, *, pages: int = 0) -> ArtifactFile:
    """Return the description of a written file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return ArtifactFile(kind, target, path.name, media_type, digest, path.stat().st_size, pages=pages)
