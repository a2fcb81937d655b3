"""Reading of proof sheets and design previews: archives of page pictures with an index."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from common import storage
from conversion.engine.api import TARGETS, ArtifactKind
from conversion.errors import PageNotFound
from conversion.localized_messages import explain
from conversion.models import Artifact, ConversionJob

_MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class PageFault:
    """A fault on a page, with its sentences; lengths in tenths of a millimetre."""

    code: str
    severity: str
    title: str
    advice: str
    quote: str
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ProofPage:
    """A drawn page of a PDF.

    `number` counts from 1 in the PDF, `label` is the printed page number, `why` the reason the page was drawn. `width`
    and `height` are the paper's, in tenths of a millimetre.
    """

    number: int
    label: str
    chapter: str
    why: tuple[str, ...]
    text: str
    file: str
    width: int
    height: int
    width_px: int
    height_px: int
    faults: tuple[PageFault, ...]


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """The proof sheet of one target."""

    artifact: Artifact
    target: str
    page_count: int
    pages: tuple[ProofPage, ...]

    def page(self, number: int) -> ProofPage:
        """Return the page with this number. Raises PageNotFound if it was not drawn."""
        for page in self.pages:
            if page.number == number:
                return page
        raise PageNotFound

    @property
    def title_page(self) -> ProofPage | None:
        return next((page for page in self.pages if "title" in page.why), None)

    def opening_of(self, chapter: str) -> ProofPage | None:
        """Return the page on which a chapter of that title opens, if it was drawn."""
        return next((page for page in self.pages if page.chapter == chapter and "opening" in page.why), None)


@dataclass(frozen=True, slots=True)
class DesignPicture:
    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class DesignPreview:
    """Pictures of the book's opening in each design: by the design's name, then by target."""

    artifact: Artifact
    chapter: str
    pages: dict[str, dict[str, tuple[DesignPicture, ...]]]


def proofs_of(job: ConversionJob) -> dict[str, Artifact]:
    """Return the proof archives that are ready, by target, from the smallest screen to print."""
    ready = {row.target: row for row in job.artifacts.filter(kind=ArtifactKind.PROOF)}
    return {target: ready[target] for target in TARGETS if target in ready}


def proof_sheet(artifact: Artifact) -> ProofSheet:
    """Return a proof archive's index. Raises PageNotFound when the archive is gone."""
    index = _index(artifact)
    return ProofSheet(
        artifact=artifact,
        target=index["target"],
        page_count=index["pages"],
        pages=tuple(_page(drawn) for drawn in index["drawn"]),
    )


def design_preview(job: ConversionJob) -> DesignPreview | None:
    """Return pictures of the job's manuscript in each design; None until they are drawn."""
    artifact = job.artifacts.filter(kind=ArtifactKind.PREVIEW).first()
    if artifact is None:
        return None
    index = _index(artifact)
    pages = {
        design["name"]: {
            target: tuple(DesignPicture(**one) for one in drawn) for target, drawn in design["pages"].items()
        }
        for design in index["designs"]
    }
    return DesignPreview(artifact, index["chapter"], pages)


def picture(artifact: Artifact, file: str) -> tuple[bytes, str]:
    """Return a picture of an archive with its media type. Raises PageNotFound."""
    media_type = _MEDIA_TYPES.get(PurePath(file).suffix)
    if media_type is None:
        raise PageNotFound
    return _member(artifact, file), media_type


def _page(drawn: dict[str, Any]) -> ProofPage:
    return ProofPage(
        number=drawn["number"],
        label=drawn["label"],
        chapter=drawn["chapter"],
        why=tuple(drawn["why"]),
        text=drawn["text"],
        file=drawn["file"],
        width=drawn["page_width"],
        height=drawn["page_height"],
        width_px=drawn["width"],
        height_px=drawn["height"],
        faults=_faults(drawn["faults"]),
    )


def _faults(found: Sequence[dict[str, Any]]) -> tuple[PageFault, ...]:
    return tuple(_fault(fault) for fault in found)


def _fault(fault: dict[str, Any]) -> PageFault:
    message = explain(fault["code"], fault["facts"])
    return PageFault(
        code=fault["code"],
        severity=fault["severity"],
        title=message.title,
        advice=message.advice,
        quote=fault["quote"],
        left=fault["left"],
        top=fault["top"],
        width=fault["width"],
        height=fault["height"],
    )


def _index(artifact: Artifact) -> dict[str, Any]:
    index: dict[str, Any] = json.loads(_member(artifact, "index.json"))
    return index


def _member(artifact: Artifact, name: str) -> bytes:
    try:
        with storage.private().open(artifact.file) as file, zipfile.ZipFile(file) as archive:
            return archive.read(name)
    except (KeyError, FileNotFoundError):
        raise PageNotFound from None
