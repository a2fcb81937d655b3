"""What marks of buyers the files of an edition have room for."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass

import structlog

from common import storage
from conversion.engine.api import ArtifactKind, watermark
from publishing.models import Edition

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MarkRoom:
    """The dashes in an edition's EPUB that can carry a hidden mark. `least` of them tell one copy from all others."""

    dashes: int
    least: int = watermark.MIN_SITES

    @property
    def is_enough(self) -> bool:
        return self.dashes >= self.least


def mark_room(edition: Edition) -> MarkRoom | None:
    """Return how many dashes of the edition can carry a mark; None while there is no EPUB."""
    file = edition.job.artifacts.filter(kind=ArtifactKind.EPUB).first()
    if file is None:
        return None
    try:
        with storage.private().open(file.file, "rb") as opened:
            return MarkRoom(len(watermark.marks_in(opened).sites))
    except (OSError, zipfile.BadZipFile):
        logger.exception("watermark.file_unreadable", artifact=file.public_id)
        return None
