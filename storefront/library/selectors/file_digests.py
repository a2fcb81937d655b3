"""Which of a person's books a digest of KOReader means."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from conversion.models import Artifact
from publishing.models import Edition
from storefront.checkout import permissions
from storefront.library.models import DigestKind, FileDigest, WatermarkedCopy
from storefront.library.selectors import copies


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of an edition that the person may download, and the copy whose marks it carries on the device.
    `is_certain` says that it is this file and no similar one."""

    artifact: Artifact
    edition: Edition
    copy: WatermarkedCopy | None = None
    is_certain: bool = True


def file_with(*, user: User, digest: str) -> KnownFile | None:
    """Return the file that the digest means among those the person may download: by its content before its name.

    Editions whose files are equal to the byte have one digest: the newest counts. A name that several of the person's
    books have means none of them.
    """
    rows = FileDigest.objects.filter(digest=digest).select_related("artifact", "copy__entitlement__line__order")
    for kind in (DigestKind.CONTENT, DigestKind.NAME):
        known = {row.artifact.job_id: row for row in rows if row.kind == kind}
        editions = Edition.with_personal.filter(job__in=known).select_related("work").newest_first()
        found = [edition for edition in editions if permissions.may_download(user, edition.work)]
        if len({edition.work_id for edition in found}) == 1 or (found and kind == DigestKind.CONTENT):
            row, edition = known[found[0].job_id], found[0]
            copy = row.copy if kind == DigestKind.CONTENT else copies.copy_fetched(user, edition.work)
            return KnownFile(row.artifact, edition, copy)
    return None
