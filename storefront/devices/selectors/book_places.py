"""Where places of KOReader are in the text of an edition, and the other way round (decision 149)."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.core.cache import cache
from lxml import etree

from common import storage
from common.money import BPS
from conversion.engine.api import ArtifactKind, watermark
from conversion.models import Artifact
from storefront.catalogue.selectors.edition_texts import BookText, text_of
from storefront.devices.kosync import book_files
from storefront.devices.kosync.book_files import BookFile, Run
from storefront.library.selectors import copies
from storefront.library.selectors.file_digests import KnownFile
from storefront.reading.models import Place
from storefront.reading.selectors import anchors

logger = structlog.stdlib.get_logger(__name__)

_EPUBS = (ArtifactKind.EPUB, ArtifactKind.KEPUB, ArtifactKind.KINDLE)
_RUNS_LAST_SECONDS = 30 * 24 * 3600
_UNREADABLE = (OSError, KeyError, IndexError, StopIteration, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError)


def block_of(file: KnownFile, progress: str) -> tuple[int, int, int] | None:
    """Return the block, the character in it and the share of the whole of a place in the file; None for a place that is
    in no text: in a PDF, or one that does not resolve."""
    text = text_of(file.edition)

    def read(book: BookFile, runs: list[Run]) -> tuple[int, int] | None:
        return book_files.read_place(book, runs, progress)

    found = _in_book(file, text, read)
    if found is None or not text.has(*found):
        return None
    return *found, text.share_bps(*found)


def progress_at(file: KnownFile, place: Place) -> tuple[str, int]:
    """Return where a place of the reader is in the file, as KOReader writes it, and the share of the whole; "" for a
    file in which it cannot be found."""
    there = anchors.place_in(place, file.edition)
    if file.artifact.pages:
        return str(max(1, round(there.share_bps * file.artifact.pages / BPS))), there.share_bps

    def write(book: BookFile, runs: list[Run]) -> str:
        return book_files.write_place(book, runs, there.block)

    return _in_book(file, text_of(file.edition), write) or "", there.share_bps


def _in_book[Found](file: KnownFile, text: BookText, ask: Callable[[BookFile, list[Run]], Found]) -> Found | None:
    """Ask in the open file, with the runs that it shares with the text; None if it cannot be read."""
    artifact = file.artifact
    if artifact.kind not in _EPUBS or not text.blocks:
        return None
    try:
        with _opened(artifact) as archive:
            return ask(_on_device(archive, file), _runs(artifact, archive, text))
    except _UNREADABLE:
        logger.exception("devices.book_unreadable", artifact=artifact.public_id)
        return None


@contextmanager
def _opened(artifact: Artifact) -> Iterator[zipfile.ZipFile]:
    with storage.private().open(artifact.file, "rb") as file, zipfile.ZipFile(file) as archive:
        yield archive


def _on_device(archive: zipfile.ZipFile, file: KnownFile) -> BookFile:
    """Return the file as the device has it. The marks of a copy are characters that the device counts, and a line that
    it may be at."""
    if file.copy is None:
        return BookFile(archive)
    stamp = copies.stamp_of(file.artifact, file.copy)
    return BookFile(archive, lambda name: watermark.stamped_entry(archive, name, stamp))


def _runs(artifact: Artifact, archive: zipfile.ZipFile, text: BookText) -> list[Run]:
    """Return the runs, from the cache if there: to find them, every chapter is read. They are those of all copies, as
    marks add no block before others."""
    name = f"devices.runs:{book_files.VERSION}:{artifact.sha256}:{text.file}"
    known = cache.get(name)
    if known is None:
        known = [tuple(run) for run in BookFile(archive).runs(text.blocks)]
        cache.set(name, known, _RUNS_LAST_SECONDS)
    return [Run(*run) for run in known]
