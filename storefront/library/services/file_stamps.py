"""Copies of a book's files that say who they were made for.

In an EPUB, which is a zip, the text is the archive's comment; in a PDF, a comment after the end. Neither changes what a
reader displays, and neither contains a name.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from datetime import datetime
from typing import IO

from accounts.models import User

_IN_MEMORY_BYTES = 8 * 1024 * 1024


def stamp(user: User, case_id: str, at: datetime) -> str:
    """Return the text of the stamp: identifiers only."""
    return f"Copy for moderation case {case_id}, opened by {user.public_id} on {at:%Y-%m-%d}. Not for distribution."


def stamped(file: IO[bytes], media_type: str, words: str) -> IO[bytes]:
    """Return a copy of the file with the text in it, positioned at its start."""
    copy = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    shutil.copyfileobj(file, copy)
    if media_type == "application/pdf":
        copy.write(f"\n%{words}\n".encode("ascii"))
    else:
        with zipfile.ZipFile(copy, "a") as archive:
            archive.comment = words.encode("ascii")
    copy.seek(0)
    return copy
