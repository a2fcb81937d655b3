"""Every stored file that the database names.

A stored file is never changed, and its name contains its SHA-256. So it can be checked, and one copy of it serves all
backups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import Storage
from django.db.models import QuerySet

from accounts.models import DataCopy
from common import storage
from conversion.models import Artifact, ConversionJob
from conversion.services.results import PUBLIC_KINDS
from hiring.contracts.models import CaseFile, DeliveryFile
from hiring.conversations.models import MessageFile
from publishing.editing.models import Base, Picture
from publishing.models import FormerCover, Manuscript, Work
from publishing.passages.models import PrintedText
from storefront.catalogue.models import Listing
from storefront.in_progress.models import Showing

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BATCH = 2000


@dataclass(frozen=True, slots=True, order=True)
class StoredFile:
    """A file by the storage it is in ("private", "public") and its name there."""

    place: str
    name: str

    @property
    def sha256(self) -> str:
        """The checksum in its name; "" for a name without one."""
        found = _SHA256.search(self.name)
        return found[0] if found else ""

    @property
    def storage(self) -> Storage:
        return storage.public() if self.place == "public" else storage.private()


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column that names files, and the storage that they are in."""

    place: str
    rows: QuerySet[Any]
    name: str = "file"

    @property
    def label(self) -> str:
        return f"{self.rows.model._meta.label_lower}.{self.name}.{self.place}"

    def files(self, after: str = "") -> Iterator[StoredFile]:
        """Yield its files in the order of their names, those after one of them."""
        named = self.rows.filter(**{f"{self.name}__gt": after}).order_by(self.name)
        for name in named.values_list(self.name, flat=True).distinct().iterator(chunk_size=_BATCH):
            yield StoredFile(self.place, name)

    def names(self, place: str, name: str) -> bool:
        """Whether a row names this file."""
        return place == self.place and self.rows.filter(**{self.name: name}).exists()


def columns() -> list[FileColumn]:
    """Return every column that names stored files."""
    return [
        FileColumn("private", Manuscript.objects.all()),
        FileColumn("private", Artifact.objects.exclude(kind__in=PUBLIC_KINDS)),
        FileColumn("public", Artifact.objects.filter(kind__in=PUBLIC_KINDS)),
        FileColumn("private", Work.objects.all(), "cover_file"),
        FileColumn("private", Work.objects.all(), "picture_file"),
        FileColumn("private", FormerCover.objects.all(), "cover_file"),
        FileColumn("private", FormerCover.objects.all(), "picture_file"),
        FileColumn("private", ConversionJob.objects.all(), "source_file"),
        FileColumn("private", ConversionJob.objects.all(), "cover_file"),
        FileColumn("private", PrintedText.objects.exclude(file="")),
        FileColumn("private", Base.objects.all()),
        FileColumn("private", Picture.objects.all()),
        FileColumn("public", Listing.objects.all(), "social_image"),
        FileColumn("private", MessageFile.objects.all()),
        FileColumn("private", DeliveryFile.objects.all()),
        FileColumn("private", CaseFile.objects.all()),
        FileColumn("private", Showing.objects.exclude(file="")),
        FileColumn("private", DataCopy.objects.all()),
    ]


def named_files() -> Iterator[StoredFile]:
    """Yield every file that the database names, some of them more than once."""
    for column in columns():
        yield from column.files()


def files_in_storage() -> Iterator[StoredFile]:
    """Yield every file that is in the storages."""
    for place, home in (("private", storage.private()), ("public", storage.public())):
        for name in _walk(home, ""):
            yield StoredFile(place, name)


def _walk(home: Storage, folder: str) -> Iterator[str]:
    try:
        folders, names = home.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    for name in sorted(names):
        if name:  # a bucket lists a folder's own marker as a nameless file
            yield prefix + name
    for inner in sorted(folders):
        yield from _walk(home, prefix + inner)
