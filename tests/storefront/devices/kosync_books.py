"""Books converted to all that a device and the web reader have of them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conversion.engine.contract import ConversionRequest
from conversion.engine.pipeline import convert
from conversion.models import Artifact
from publishing.models import Edition
from tests.factories.conversion import make_artifact, make_done_job
from tests.factories.publishing import make_published_edition
from tests.support import small_books

FORMATS = {"epub": "book.epub", "kepub": "book.kepub.epub", "web": "web.zip"}


@cache
def converted(source: Path) -> Mapping[str, bytes]:
    """The EPUB, the KEPUB and the web archive of a manuscript, by kind."""
    with tempfile.TemporaryDirectory() as folder:
        convert(ConversionRequest(source, source.name, Path(folder), formats=tuple(FORMATS)), lambda progress: None)
        return {kind: Path(folder, name).read_bytes() for kind, name in FORMATS.items()}


@cache
def verse() -> Mapping[str, bytes]:
    """A small book with a cover page, a title page and several chapters."""
    return of_html(small_books.verse())


@cache
def of_html(text: str) -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "verse.html")
        source.write_text(text, encoding="utf-8")
        return converted(source)


@dataclass(frozen=True)
class OnSale:
    """A published edition with these files."""

    edition: Edition
    files: Mapping[str, Artifact]


def publish(book: Mapping[str, bytes], **more: object) -> OnSale:
    job = make_done_job()
    job.artifacts.filter(kind__in=book).delete()
    files = {kind: make_artifact(job, kind=kind, content=content) for kind, content in book.items()}
    return OnSale(make_published_edition(job=job, **more), files)
