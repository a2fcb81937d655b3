"""The check of a file at the door: the same one as for manuscripts, for EPUBs alone.

What it lets through is parsed by the converter's sandboxed child process and built anew, so scripts and whatever else a
book must not do never reach the reader. The file itself is only handed back to the person who brought it.
"""

from __future__ import annotations

from typing import IO

from django.conf import settings

from conversion.engine.api import AuthorFixable, admission
from publishing.errors import ManuscriptRefused
from publishing.services import upload_checks
from storefront.own_books.errors import FileEmpty, FileProtected, FileRefused, FileTooLarge, NotAnEpub

_MB = 1024 * 1024
# Codes of what can be wrong with a file that may be an EPUB.
_OF_CONTAINERS = ("source.zip", "source.too", "source.part", "source.xml", "source.entity")


def inspect(content: IO[bytes], name: str) -> int:
    """Check an uploaded file and return its size.

    Damage that a repair may mend is let through: the conversion repairs it. Raises FileEmpty, FileTooLarge,
    FileProtected, FileRefused, NotAnEpub.
    """
    size_bytes = content.seek(0, 2)
    if size_bytes == 0:
        raise FileEmpty
    if size_bytes > settings.MAX_MANUSCRIPT_BYTES:
        raise FileTooLarge(limit_mb=settings.MAX_MANUSCRIPT_BYTES // _MB)
    found = _format_of(content, name)
    is_damaged_epub = found is None and name.lower().endswith(".epub")
    if found != admission.SourceFormat.EPUB and not is_damaged_epub:
        raise NotAnEpub
    return size_bytes


def _format_of(content: IO[bytes], name: str) -> admission.SourceFormat | None:
    try:
        return upload_checks.inspect_manuscript(content, name)
    except ManuscriptRefused as refusal:
        cause = refusal.__cause__
        if isinstance(cause, AuthorFixable) and cause.code == "source.encrypted":
            raise FileProtected from refusal
        if not isinstance(cause, AuthorFixable) or not cause.code.startswith(_OF_CONTAINERS):
            raise NotAnEpub from refusal
        raise FileRefused(reason=refusal.facts["title"]) from refusal
