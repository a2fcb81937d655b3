"""Notes the digests by which KOReader knows a file, before the file is handed out (decision 149)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import IO

import structlog
from django.db.models import Exists, OuterRef

from common import storage
from conversion.engine.api import ArtifactKind
from conversion.models import Artifact
from publishing.models import Edition, EditionState
from storefront.library.models import DigestKind, FileDigest, WatermarkedCopy

logger = structlog.stdlib.get_logger(__name__)

_READ_BYTES = 1024
# The first offset is 0, since the shift by -2 that KOReader writes is one by 30 of 32 bits there (`util.partialMD5`).
_OFFSETS = (0, *(1024 << 2 * power for power in range(11)))
_KINDS = (ArtifactKind.EPUB, ArtifactKind.KEPUB, ArtifactKind.KINDLE, ArtifactKind.OWN_PDF, ArtifactKind.PDF)
_BATCH = 200


def partial_md5(file: IO[bytes]) -> str:
    """Return KOReader's digest of a file: of 1 kB at each of twelve places, as far as the file has them."""
    digest = hashlib.md5(usedforsecurity=False)
    for offset in _OFFSETS:
        file.seek(offset)
        part = file.read(_READ_BYTES)
        if not part:
            break
        digest.update(part)
    return digest.hexdigest()


def name_md5(name: str) -> str:
    """Return KOReader's other digest: of the name that the file has on the device."""
    return hashlib.md5(name.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def note_handed_out(*, artifact: Artifact, names: tuple[str, ...]) -> None:
    """Note the digests of a file under the names that a device may save it by. One query if they are known."""
    known = set(FileDigest.objects.filter(artifact=artifact, copy=None).values_list("kind", "digest"))
    wanted = {(DigestKind.NAME.value, name_md5(name)) for name in names} - known
    rows = [FileDigest(artifact=artifact, kind=kind, digest=digest) for kind, digest in sorted(wanted)]
    if not any(kind == DigestKind.CONTENT for kind, _digest in known):
        rows += _content_digests([artifact])
    if rows:
        FileDigest.objects.bulk_create(rows, ignore_conflicts=True)


def note_copy(*, artifact: Artifact, copy: WatermarkedCopy, file: IO[bytes]) -> None:
    """Note the digest of a file with the marks of a copy, before it is handed out. Safe to repeat."""
    row = FileDigest(artifact=artifact, copy=copy, kind=DigestKind.CONTENT, digest=partial_md5(file))
    FileDigest.objects.bulk_create([row], ignore_conflicts=True)


def note_missing() -> None:
    """Note the digests of files of published editions that nobody fetched since digests are noted. Safe to repeat."""
    there = FileDigest.objects.filter(artifact=OuterRef("pk"), kind=DigestKind.CONTENT, copy=None)
    published = Edition.objects.exclude(state=EditionState.DRAFT).values("job")
    missing = Artifact.objects.filter(~Exists(there), job__in=published, kind__in=_KINDS)
    rows = list(_content_digests(missing.order_by("?")[:_BATCH]))
    FileDigest.objects.bulk_create(rows, ignore_conflicts=True)


def _content_digests(artifacts: Iterable[Artifact]) -> Iterator[FileDigest]:
    for artifact in artifacts:
        try:
            with storage.private().open(artifact.file, "rb") as file:
                digest = partial_md5(file)
        except OSError:
            logger.exception("library.digest_failed", artifact=artifact.public_id)
            continue
        yield FileDigest(artifact=artifact, kind=DigestKind.CONTENT, digest=digest)
