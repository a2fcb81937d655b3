"""Links to purchased files: signed, valid for five minutes and one person, and checked again when used."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from common import clock
from conversion.models import Artifact
from publishing.models import Work
from storefront.checkout.entitlements.services import access_log
from storefront.library.errors import LinkExpired
from storefront.library.models import WatermarkedCopy
from storefront.library.selectors import library as library_selectors
from storefront.library.services import file_digests, watermarks

_SALT = "storefront.download"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_MAX_TITLE_LENGTH = 120
# Kobo devices recognize their own kind of EPUB by this suffix.
_SUFFIXES = {"epub": "epub", "kepub": "kepub.epub", "kindle": "epub", "own-pdf": "pdf", "pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a person may download, the name to save it under, and the copy whose marks it carries."""

    artifact: Artifact
    name: str
    copy: WatermarkedCopy | None = None


def download_link(*, actor: User, work_id: str, artifact_id: str) -> str:
    """Return a URL of the file for this person, valid for five minutes. Raises NotFound for files they may not have."""
    library_selectors.file_for(user=actor, work_id=work_id, artifact_id=artifact_id)
    token = signing.dumps([actor.public_id, work_id, artifact_id], salt=_SALT)
    return reverse("library:download", args=[token])


def open_link(*, actor: User, token: str, address: str | None = None) -> NamedFile:
    """Return the file behind a link. Record that, and from where, it was opened.

    Raises LinkExpired for an old or altered link or somebody else's, NotFound if the right to the file has ended.
    """
    try:
        user_id, work_id, artifact_id = signing.loads(token, salt=_SALT, max_age=settings.DOWNLOAD_LINK_SECONDS)
    except (signing.BadSignature, ValueError):
        raise LinkExpired from None
    if user_id != actor.public_id:
        raise LinkExpired
    file = named_file(actor=actor, work_id=work_id, artifact_id=artifact_id)
    note_opened(actor=actor, work_id=work_id, file=file, address=address)
    return file


def named_file(*, actor: User, work_id: str, artifact_id: str) -> NamedFile:
    """Return a file for this person. Raises NotFound for files they may not have."""
    artifact = library_selectors.file_for(user=actor, work_id=work_id, artifact_id=artifact_id)
    work = Work.with_personal.get(public_id=work_id)
    copy = watermarks.copy_for(reader=actor, work=work, artifact=artifact, at=clock.now())
    return NamedFile(artifact, file_name(work.title, artifact), copy)


def note_opened(*, actor: User, work_id: str, file: NamedFile, address: str | None) -> None:
    """Record that a file of the work was opened, and from where; and by which digests a device may ask about it."""
    work = Work.with_personal.get(public_id=work_id)
    names = (file.name, f"{work.slug}.{suffix_of(file.artifact.kind)}")
    file_digests.note_handed_out(artifact=file.artifact, names=names)
    access_log.record_download(actor=actor, work=work, detail=file.name, address=address, at=clock.now())


def suffix_of(kind: str) -> str:
    """Return the end of the names of such files: "epub", "kepub.epub", "pdf"."""
    return _SUFFIXES[kind]


def file_name(title: str, artifact: Artifact) -> str:
    """Return a name that any file system accepts: "The Lighthouse (phone).pdf"."""
    clean = " ".join(_UNSAFE.sub(" ", title).split()).strip(". ")[:_MAX_TITLE_LENGTH] or "book"
    kind = "Kindle" if artifact.kind == "kindle" else artifact.target
    target = f" ({kind})" if kind else ""
    return f"{clean}{target}.{suffix_of(artifact.kind)}"
