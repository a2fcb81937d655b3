"""The door: a file that cannot become a book is refused while it is being uploaded, before anything is queued.

The engine's own gate says so, by what it sees in a moment and without unpacking. Damage that a repair may answer
passes; the run that follows tells of it, and offers the repair.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files.uploadedfile import TemporaryUploadedFile

from conversion import wording
from conversion.engine.api import AuthorFixable, admission, may_mend, pandoc
from publishing.errors import ManuscriptRefused


def inspect_manuscript(content: IO[bytes], name: str) -> None:
    """Look at an uploaded file. Raises ManuscriptRefused with the engine's sentences."""
    try:
        with _on_disk(content) as source:
            _inspect(source, name)
    except AuthorFixable as error:
        if may_mend(error.code, error.facts):
            return
        explained = wording.explain(error.code, error.facts)
        raise ManuscriptRefused(title=explained.title, advice=explained.advice) from error


@contextmanager
def _on_disk(content: IO[bytes]) -> Iterator[Path]:
    """The file at a path: a large upload has one already, a small one gets one meanwhile."""
    if isinstance(content, TemporaryUploadedFile):
        content.flush()
        yield Path(content.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="door-") as copy:
        content.seek(0)
        shutil.copyfileobj(content, copy)
        copy.flush()
        yield Path(copy.name)


def _inspect(source: Path, name: str) -> None:
    kind = pandoc.recognise(source, name)
    if kind is None:
        admission.inspect(source, name)
    elif pandoc.program() is None:
        raise AuthorFixable("source.needs-pandoc", kind=kind.label)
