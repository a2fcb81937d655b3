"""Marked copies: stamped when they are fetched, never stored, and the same bytes each time (decision 150)."""

from __future__ import annotations

import tempfile
import zipfile
from datetime import datetime
from hashlib import sha256
from typing import IO

import structlog
from django.db import transaction
from lxml import etree

from accounts.models import User
from common import storage
from common.errors import NotFound
from conversion.engine.api import ArtifactKind, watermark
from conversion.models import Artifact
from publishing.models import Work
from storefront.checkout import given_copies
from storefront.checkout.models import Entitlement
from storefront.library.models import WatermarkedCopy
from storefront.library.selectors.copies import stamp_of
from storefront.library.services import file_digests

logger = structlog.stdlib.get_logger(__name__)

MARKED_KINDS = (ArtifactKind.EPUB, ArtifactKind.KEPUB, ArtifactKind.KINDLE)
_IN_MEMORY_BYTES = 8 * 1024 * 1024
_NOT_OURS = (KeyError, ValueError, StopIteration, zipfile.BadZipFile, etree.XMLSyntaxError)


def copy_for(*, reader: User, work: Work, artifact: Artifact, at: datetime) -> WatermarkedCopy | None:
    """Return the copy whose marks a file carries for this reader, made if this is the first; None for a file without:
    a PDF, or a book that they did not get with a watermark."""
    return copy_of(reader=reader, work=work, at=at) if artifact.kind in MARKED_KINDS else None


def copy_of(*, reader: User, work: Work, at: datetime) -> WatermarkedCopy | None:
    """Return the reader's copy of a work if its files are marked: as bought, or else as given in advance."""
    bought = Entitlement.objects.readable().filter(user=reader, work=work).select_related("line").first()
    if bought is not None:
        is_marked = bought.line is not None and bought.line.is_watermarked
        return _made(at, entitlement=bought) if is_marked else None
    given = given_copies.copy_of(reader, work)
    return _made(at, given_to=reader, given_work=work) if given is not None and given.is_watermarked else None


@transaction.atomic
def choose_name(*, actor: User, work_id: str, is_shown: bool, at: datetime) -> None:
    """Put the reader's name into the line at the end of their files, or leave it out again. Files that were fetched
    before stay as they are. Raises NotFound for books of which they have no marked copy."""
    work = Work.objects.filter(public_id=work_id).first()
    copy = copy_of(reader=actor, work=work, at=at) if work is not None else None
    if copy is None:
        raise NotFound
    copy.shown_name = actor.display_name if is_shown else ""
    copy.save(update_fields=["shown_name"])


def _made(at: datetime, **whose: object) -> WatermarkedCopy:
    """Return the copy, made if there is none yet. Of two requests at once the second finds the row of the first."""
    values = {"token": watermark.new_token(), "version": watermark.VERSION, "made_at": at}
    WatermarkedCopy.objects.get_or_create(**whose, defaults=values)
    return WatermarkedCopy.objects.select_related("entitlement__line__order").get(**whose)


def open_marked(artifact: Artifact, copy: WatermarkedCopy) -> IO[bytes] | None:
    """Return the file with the marks of the copy, positioned at its start, after noting its digest.

    None for a file that cannot carry marks: its reader gets it as it is rather than not at all, and the log tells us.
    """
    marked = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    try:
        with storage.private().open(artifact.file, "rb") as source:
            watermark.stamp_epub(source, marked, stamp_of(artifact, copy))
    except _NOT_OURS:
        marked.close()
        logger.exception("library.stamp_failed", artifact=artifact.public_id, copy=copy.public_id)
        return None
    file_digests.note_copy(artifact=artifact, copy=copy, file=marked)
    marked.seek(0)
    return marked


def etag_of(artifact: Artifact, copy: WatermarkedCopy) -> str:
    """Return what the bytes of a marked file follow from, as a digest that reveals none of it."""
    return sha256(repr(stamp_of(artifact, copy)).encode()).hexdigest()
