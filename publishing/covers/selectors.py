"""What the page about a cover shows: the choice, the redrawn picture, and the measures of the printed book."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

from PIL import Image

from common import storage
from conversion import selectors as conversion_selectors
from conversion.engine.api import TARGETS, CoverChoice
from conversion.engine.covers import legibility, named
from conversion.engine.covers.cover import typographic_cover
from conversion.engine.covers.printed.geometry import PAPERS, Sheet
from conversion.models import Artifact, ConversionJob, JobState
from publishing import selectors
from publishing.models import Edition, Work

PREVIEW_WIDTH_PX = 480
CARD_WIDTH_PX = 240
_PICTURE = "640-jpeg"  # the size of a redrawn picture that previews are drawn with
_QUALITY = 84


@dataclass(frozen=True, slots=True)
class CoverWords:
    """The words on a drawn cover."""

    title: str
    subtitle: str
    author: str


@dataclass(frozen=True, slots=True)
class PrintedBook:
    """The measures of the printed book in millimetres, or what is known before its pages are laid out."""

    pages: int
    spine_mm: float
    width_mm: float
    height_mm: float
    has_spine_words: bool


def words_of(edition: Edition) -> CoverWords:
    """Return the words on the cover: the work's details, else those of the manuscript."""
    work, read = edition.work, conversion_selectors.read_details(edition.job)
    title = work.title or read.get("title", "") or selectors.display_name(work, edition)
    authors = [one.name for one in work.contributors.filter(role="aut").order_by("position", "pk")]
    return CoverWords(title, work.subtitle or read.get("subtitle", ""), ", ".join(authors))


def redrawn(work: Work, file: str) -> ConversionJob | None:
    """Return the job that redraws, or has redrawn, a picture of the work."""
    job = work.redrawing_job
    return job if job is not None and file and job.cover_file == file else None


def picture_bytes(work: Work) -> bytes | None:
    """Return the redrawn picture for the designs around one, or None while there is none."""
    job = redrawn(work, work.picture_file)
    if job is None or job.state != JobState.DONE:
        return None
    made = job.artifacts.filter(kind="thumbnail", target=_PICTURE).first()
    if made is None:
        return None
    with storage.public().open(made.file) as content:
        return bytes(content.read())


def drawn(edition: Edition, choice: CoverChoice, *, width: int) -> bytes:
    """Draw a small picture of the cover as JPEG. Equal input gives equal bytes."""
    work, words = edition.work, words_of(edition)
    choice = replace(choice, series=selectors.series_line(work) if choice.series else "")
    picture = picture_bytes(work) if choice.has_picture else None
    full = named.named_cover(choice, title=words.title, subtitle=words.subtitle, author=words.author, picture=picture)
    return _small(full, width)


def _small(full: Image.Image, width: int) -> bytes:
    small = full.resize((width, round(full.height * width / full.width)), Image.Resampling.LANCZOS, reducing_gap=3.0)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def present(edition: Edition, *, width: int) -> bytes:
    """Return a small picture of the cover without a choice: the uploaded one, that of the files, or one drawn from the
    title."""
    words, made = words_of(edition), presented(edition)
    if made is not None:
        with storage.public().open(made.file) as content:
            full = named.opened(bytes(content.read()))
    else:
        full = named.opened(typographic_cover(words.title, words.author).data)
    return _small(full or Image.new("RGB", (width, width), "white"), width)


def presented(edition: Edition) -> Artifact | None:
    """Return the picture that the engine made of the uploaded cover or of the files; None while there is none."""
    work = edition.work
    job = redrawn(work, work.cover_file)
    if job is None and edition.job.cover_file == work.cover_file and edition.job.options.cover_choice is None:
        job = edition.job
    return job.artifacts.filter(kind="thumbnail", target=_PICTURE).first() if job is not None else None


def measured_contrast(job: ConversionJob) -> int | None:
    """Return the contrast of a redrawn cover at the size of lists, in percent; None while it is not redrawn."""
    made = job.artifacts.filter(kind="thumbnail", target=_PICTURE).first()
    if made is None:
        return None
    with storage.public().open(made.file) as content:
        return legibility.contrast_percent(bytes(content.read()))


def printed_book(edition: Edition) -> PrintedBook | None:
    """Return the measures of the printed book in the work's trim and paper, from the pages of its last PDF.

    None before there is one. With another trim the number of pages changes when the book is made again.
    """
    made = edition.job.artifacts.filter(kind="pdf", target="print").first()
    if made is None:
        return None
    work, trim = edition.work, TARGETS[edition.work.trim]
    sheet = Sheet("print", trim.width_mm, trim.height_mm, made.pages, PAPERS[work.paper])
    return PrintedBook(made.pages, sheet.spine_mm, sheet.width_mm, sheet.height_mm, sheet.has_spine_words)
