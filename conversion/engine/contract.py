"""The input and output of a conversion: plain values that survive a round trip through JSON.

The parent (a Celery worker or the command line) and the sandboxed child exchange nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from .book.cover_choice import CoverChoice
from .book.matter import Matter
from .book.model import Contributor
from .findings.model import Finding, SourcePlace
from .patches.model import Fit, Patch


class Stage(StrEnum):
    """The stages, in the order in which authors see them."""

    GATE = "gate"
    READ = "read"
    WEB = "web"
    COVER = "cover"
    EPUB = "epub"
    PDF = "pdf"
    PROOF = "proof"
    CHECK = "check"
    DONE = "done"


# The formats of a request. "kindle" and "kepub" are the EPUB in the variant for these reading systems; "text",
# "markdown" and "docx" are exports, "book" the next version of a manuscript of ours; "proof" is pictures of pages with
# their defects; "print-cover" the whole cover with its spine; "preview" the first pages of the body in every design;
# "base" the words that an author's patches count in; "own-cover" the cover in the source, small.
FORMATS = (
    *("epub", "pdf", "web", "sample", "cover", "kepub", "kindle", "text", "markdown", "docx", "proof", "print-cover"),
    *("preview", "base", "book", "own-cover"),
)


class ArtifactKind(StrEnum):
    EPUB = "epub"
    KEPUB = "kepub"
    KINDLE = "kindle"  # an EPUB that passes Send to Kindle
    PDF = "pdf"  # one per target
    PRINT_COVER = "print-cover"  # one per print target: back, spine and front on one sheet, PDF
    OWN_PDF = "own-pdf"  # the author's own PDF, kept as it is
    TEXT = "text"
    MARKDOWN = "markdown"
    DOCX = "docx"  # to continue in a word processor
    BOOK = "book"  # the Book with patches as canonical JSON, where the manuscript is one: its next version
    PROOF = "proof"  # pictures of pages and their defects, one archive per target
    PREVIEW = "preview"  # the opening of the body in every design, as one archive
    BASE = "base"  # the words of the Book before patches: `patches.Base`
    WEB = "web"  # the web reader's book: JSON manifest and safe XHTML chapters, as one zip
    SAMPLE_WEB = "sample-web"
    SAMPLE_EPUB = "sample-epub"
    COVER = "cover"  # full size, JPEG
    OWN_COVER = "own-cover"  # the cover in the source, 320 pixels wide, WebP; none is drawn
    THUMBNAIL = "thumbnail"  # target is "<width>-<format>": "160-avif", "320-webp", "320-jpeg" ...


@dataclass(frozen=True, slots=True)
class AuthorDetails:
    """Details that the author entered. An empty one means: use the manuscript's own."""

    title: str = ""
    subtitle: str = ""
    contributors: tuple[Contributor, ...] = ()
    language: str = ""
    description: str = ""
    identifier: str = ""
    publisher: str = ""
    rights: str = ""
    source: str = ""  # identifier of the book that this one is translated from
    published: str = ""
    subjects: tuple[str, ...] = ()
    subject_codes: tuple[str, ...] = ()  # Thema codes of the first subjects
    print_isbn: str = ""
    licence: str = ""  # address of its text
    is_mining_reserved: bool = False


@dataclass(frozen=True, slots=True)
class PageDescription:
    """What an author says that a drawn page shows; `asset` is the key of its picture. A page that is `decorative` has
    nothing to describe."""

    asset: str
    alt: str = ""
    decorative: bool = False


@dataclass(frozen=True, slots=True)
class ConversionRequest:
    """A request to convert one manuscript.

    `source` and `cover` are files; `name` is the uploaded file's name, used only for its extension and in sentences.
    `out` is an existing, empty folder. `sample_bps` is the share of the body in the sample.

    `cover_choice` has the cover drawn; `cover` is then the picture in it. `trim` is one of `targets.TRIMS`, the pages
    of the target `print`. `design` is a key of `typography.designs.DESIGNS`, `paper` one of
    `covers.printed.geometry.PAPERS`. `keep_design` keeps the design of an EPUB or HTML file as far as it is safe.
    `repair` also opens damaged containers. `fixes` are codes of findings that the engine may correct (`fixes/`),
    `proposals` those whose corrections are only proposed, as patches. `patches` are an author's own changes, applied
    after the fixes, `suggestions` those that are only placed; `bases` the files of the bases that both count in,
    `pictures` those that they put in. `descriptions` are those of drawn pages, which have no patches. `matter` asks for
    pages made from the record; None leaves the title page to the writers. `cache` is a folder of parts laid out
    earlier, read and never written; new parts appear in `out/.cache`. `modified` is when the book last changed, in ISO
    8601, for the EPUB's metadata; without it the date of publication is used, so that the same request gives the same
    bytes.
    """

    source: Path
    name: str
    out: Path
    formats: tuple[str, ...] = ("epub", "pdf")  # any of FORMATS
    targets: tuple[str, ...] = ("phone", "ereader", "tablet", "print")
    overrides: AuthorDetails = AuthorDetails()
    cover: Path | None = None
    sample_bps: int = 1000
    jobs: int = 2  # processes that lay out PDF chapters
    design: str = "classic"
    paper: str = "cream"
    trim: str = "print"
    cover_choice: CoverChoice | None = None
    keep_design: bool = False
    embed_fonts: bool = False
    repair: bool = False
    fixes: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()
    suggestions: tuple[Patch, ...] = ()
    bases: tuple[Path, ...] = ()
    pictures: tuple[Path, ...] = ()
    descriptions: tuple[PageDescription, ...] = ()
    matter: Matter | None = None
    cache: Path | None = None
    modified: str = ""


@dataclass(frozen=True, slots=True)
class ArtifactFile:
    """One produced file; `path` is relative to the request's `out`."""

    kind: ArtifactKind
    target: str
    path: str
    media_type: str
    sha256: str
    size_bytes: int
    width: int = 0
    height: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class ChapterSummary:
    id: str
    title: str
    division: str
    words: int


@dataclass(frozen=True, slots=True)
class Change:
    """One place that a fix corrected: the words around it before and after. `code` is the finding's."""

    code: str
    chapter: str
    before: str
    after: str
    place: SourcePlace


@dataclass(frozen=True, slots=True)
class Progress:
    """One progress report. `facts` fill in its sentence ("chapters": 42); `artifact` is ready to be shown."""

    stage: Stage
    facts: dict[str, str | int] = field(default_factory=dict)
    artifact: ArtifactFile | None = None


type Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class ConversionResult:
    """The result. `changed` counts the places that each fix corrected, by code; `changes` holds the first of them.
    `fits` say how each patch of the request fits the base with the identity `base`, which is this manuscript as it is
    read now; "" where no base was asked for. `proposals` are patches of that base by the codes of fixes: what they
    would correct, but for what touches a patch or a suggestion of the request."""

    engine_version: str
    source_format: str  # docx, odt, markdown, html, epub, txt; latex and the others in `pandoc.KINDS`
    title: str
    subtitle: str
    language: str
    contributors: tuple[Contributor, ...]
    description: str
    chapters: tuple[ChapterSummary, ...]
    words: int
    artifacts: tuple[ArtifactFile, ...]
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...] = ()
    changed: dict[str, int] = field(default_factory=dict)
    fits: tuple[Fit, ...] = ()
    base: str = ""
    proposals: tuple[Patch, ...] = ()
