"""What KOReader is told about a file: the newest place in its book, wherever that was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import User
from common.errors import NotFound
from common.money import BPS
from conversion.engine.api import ArtifactKind
from storefront.catalogue.selectors.editions import edition_to_read
from storefront.checkout import permissions
from storefront.devices.models import BookMatch, SyncedPlace
from storefront.devices.selectors import book_places
from storefront.library.selectors import file_digests
from storefront.library.selectors.file_digests import KnownFile
from storefront.reading.selectors.positions import newest_places

# Of a place that was read in the browser: no KOReader has this id, so each offers to go there.
_ELSEWHERE = "octavo"


@dataclass(frozen=True, slots=True)
class Answer:
    """A place as KOReader understands it."""

    progress: str
    percentage: float
    device: str
    device_id: str
    at: datetime


def answer(user: User, document: str) -> Answer | None:
    """Return the newest place in the book of the file, in that file; None if nothing is known.

    A place that came from a device with this very file is returned as it was given.
    """
    given = SyncedPlace.objects.filter(user=user, document=document).select_related("work").first()
    file = file_of(user, document, given)
    newest = newest_places(user, [file.edition.work_id]).get(file.edition.work_id) if file is not None else None
    if file is None or newest is None or (given is not None and given.at >= newest.at):
        return _as_given(given)
    progress, share_bps = book_places.progress_at(file, newest)
    if not progress:
        return _as_given(given)
    device = newest.device
    return Answer(progress, share_bps / BPS, device.name or settings.SITE_NAME, _ELSEWHERE, newest.at)


def file_of(user: User, document: str, given: SyncedPlace | None) -> KnownFile | None:
    """Return the file of ours that the digest means, or that the person said it is."""
    found = file_digests.file_with(user=user, digest=document)
    if found is not None or given is None or given.match != BookMatch.ACCEPTED or given.work is None:
        return found
    edition = edition_to_read(given.work) if permissions.may_download(user, given.work) else None
    artifact = edition.job.artifacts.filter(kind=ArtifactKind.EPUB).first() if edition is not None else None
    return KnownFile(artifact, edition, is_certain=False) if artifact is not None and edition is not None else None


def offers_of(user: User) -> list[SyncedPlace]:
    """Return the files of which the person has not yet said whether they are a book of theirs."""
    rows = SyncedPlace.objects.filter(user=user, match=BookMatch.OFFERED).select_related("work")
    return [row for row in rows if row.work is not None and permissions.may_download(user, row.work)]


def place_by_public_id(public_id: str) -> SyncedPlace:
    """Return the place. Raises NotFound."""
    found = SyncedPlace.objects.filter(public_id=public_id).select_related("user", "work").first()
    if found is None:
        raise NotFound
    return found


def _as_given(given: SyncedPlace | None) -> Answer | None:
    if given is None:
        return None
    return Answer(given.progress, given.percentage, given.device, given.device_id, given.at)
