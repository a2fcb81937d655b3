"""A shop with files, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import caches

from operations.backups.stored_files import StoredFile
from publishing.models import Edition
from tests.factories.publishing import make_published_edition


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    """Storages that nobody else writes to."""
    caches["process"].clear()
    backend = "django.core.files.storage.FileSystemStorage"
    own = {name: {"BACKEND": backend, "OPTIONS": {"location": tmp_path / name}} for name in ("private", "public")}
    settings.STORAGES = {**settings.STORAGES, **own}


@pytest.fixture
def edition() -> Edition:
    return make_published_edition()


@pytest.fixture
def epub(edition: Edition) -> StoredFile:
    return StoredFile("private", edition.job.artifacts.get(kind="epub").file)


def flip(file: StoredFile) -> None:
    """Change one bit of the file, behind everybody's back."""
    path = Path(file.storage.path(file.name))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
