"""Admission check of uploads: a file that cannot become a book is rejected at once, before a job is queued.

The engine's own admission check decides, quickly and without unpacking the file. Files with damage that may be
repairable are let through; the conversion reports the damage and offers the repair.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files.uploadedfile import TemporaryUploadedFile

from conversion import localized_messages
from conversion.engine.api import AuthorFixable, admission, may_mend, pandoc
from publishing.errors import ManuscriptRefused


def inspect_manuscript(content: IO[bytes], name: str) -> admission.SourceFormat | None:
    """Check an uploaded file, and return its format; None where damage hides it, and for what Pandoc reads.

    Raises ManuscriptRefused with the engine's message.
    """
    try:
        with _on_disk(content) as source:
            return _inspect(source, name)
    except AuthorFixable as error:
        if may_mend(error.code, error.facts):
            return None
        explained = localized_messages.explain(error.code, error.facts)
        raise ManuscriptRefused(title=explained.title, advice=explained.advice) from error


@contextmanager
def _on_disk(content: IO[bytes]) -> Iterator[Path]:
    """Yield the file's path; a small upload that is only in memory is copied to a temporary file."""
    if isinstance(content, TemporaryUploadedFile):
        content.flush()
        yield Path(content.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="door-") as copy:
        content.seek(0)
        shutil.copyfileobj(content, copy)
        copy.flush()
        yield Path(copy.name)


def _inspect(source: Path, name: str) -> admission.SourceFormat | None:
    kind = pandoc.recognise(source, name)
    if kind is None:
        return admission.inspect(source, name)
    if pandoc.program() is None:
        raise AuthorFixable("source.needs-pandoc", kind=kind.label)
    return None
