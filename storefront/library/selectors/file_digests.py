"""Which of a person's books a digest of KOReader means."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from conversion.models import Artifact
from publishing.models import Edition
from storefront.checkout import permissions
from storefront.library.models import DigestKind, FileDigest


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of an edition that the person may download. `is_certain` says that it is this file and no similar one."""

    artifact: Artifact
    edition: Edition
    is_certain: bool = True


def file_with(*, user: User, digest: str) -> KnownFile | None:
    """Return the file that the digest means among those the person may download: by its content before its name.

    Editions whose files are equal to the byte have one digest: the newest counts. A name that several of the person's
    books have means none of them.
    """
    rows = FileDigest.objects.filter(digest=digest).select_related("artifact")
    for kind in (DigestKind.CONTENT, DigestKind.NAME):
        artifacts = {row.artifact.job_id: row.artifact for row in rows if row.kind == kind}
        editions = Edition.with_personal.filter(job__in=artifacts).select_related("work").newest_first()
        found = [edition for edition in editions if permissions.may_download(user, edition.work)]
        if len({edition.work_id for edition in found}) == 1 or (found and kind == DigestKind.CONTENT):
            return KnownFile(artifacts[found[0].job_id], found[0])
    return None
