"""Files that members give each other, with messages and as deliveries: checked, stored unaltered, sent as attachments.

Nothing is opened or shown here. What a file is decides its content, not its name: texts, pictures and the formats of
the trade (PSD, TIFF, EPS, PDF, IDML, INDD, ZIP of these). Programs, and archives that hold some, are refused.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from accounts import selectors as account_selectors
from accounts.models import User
from common import storage
from common.errors import DomainError, NotAllowed

_MB = 1024 * 1024
_HEAD_BYTES = 1024
_MAX_ENTRIES = 5000
_MAX_UNPACKED_BYTES = 4 * 1024 * _MB
# First bytes of formats that people exchange when they make books.
_KNOWN = (
    *(b"%PDF-", b"%!PS", b"\xc5\xd0\xd3\xc6", b"{\\rtf", b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5", b"8BPS"),
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"gimp xcf"),
)
_ZIP = b"PK\x03\x04"
# Suffixes that a desktop runs when they are opened.
_RUN = frozenset(
    {
        *{
            "apk",
            "app",
            "appimage",
            "bat",
            "cmd",
            "com",
            "cpl",
            "deb",
            "dll",
            "dmg",
            "exe",
            "gadget",
            "hta",
            "iso",
            "jar",
        },
        *{
            "js",
            "jse",
            "lnk",
            "msc",
            "msi",
            "msp",
            "pkg",
            "ps1",
            "reg",
            "rpm",
            "scr",
            "sh",
            "vb",
            "vbe",
            "vbs",
            "wsf",
            "wsh",
        },
    }
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")

_NO_ACTION = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


class FileEmpty(DomainError):
    code = "shared_file_empty"
    message = _("“{name}” is empty. Choose it again, and check that it opens on your device.")
    status = 422


class FileTooLarge(DomainError):
    code = "shared_file_too_large"
    message = _("“{name}” is larger than {limit_mb} MB. Send it in parts.")
    status = 422


class FileRefused(DomainError):
    code = "shared_file_refused"
    message = _(
        "“{name}” is not a text, a picture or a design file, or it holds a program. Send PDF, DOCX, ODT, RTF, EPUB, "
        "text, JPEG, PNG, WebP, TIFF, PSD, SVG, EPS, INDD, or a ZIP of such files without a password."
    )
    status = 422


class AddressUnconfirmed(NotAllowed):
    code = "shared_file_address"
    message = _("Confirm your email address before you send files. We have sent you a link.")


@dataclass(frozen=True, slots=True)
class SharedFile:
    """What is needed to send a stored file."""

    file: str
    sha256: str
    name: str


def store(*, actor: User, content: IO[bytes], name: str, folder: str, most_bytes: int) -> storage.Stored:
    """Check and store a file that a person sends to another.

    Raises AddressUnconfirmed, FileEmpty, FileTooLarge, FileRefused.
    """
    if not account_selectors.has_confirmed(actor):
        raise AddressUnconfirmed
    shown = storage.display_name(name) or str(_("File"))
    size_bytes = content.seek(0, 2)
    if not size_bytes:
        raise FileEmpty(name=shown)
    if size_bytes > most_bytes:
        raise FileTooLarge(name=shown, limit_mb=most_bytes // _MB)
    if not _is_harmless(content, shown):
        raise FileRefused(name=shown)
    return storage.store_private(folder, content, shown)


def attachment(shared: SharedFile) -> FileResponse:
    """Send a stored file to be saved; it is never shown as a page of ours. Raises FileDamaged."""
    storage.require_whole(storage.private(), shared.file, shared.sha256)
    content = storage.private().open(shared.file)
    return FileResponse(
        content,
        as_attachment=True,
        filename=shared.name,
        content_type="application/octet-stream",
        headers=_NO_ACTION,
    )


def _is_harmless(content: IO[bytes], name: str) -> bool:
    """Whether the content is one of the formats, and its name does not say that it runs."""
    content.seek(0)
    head = content.read(_HEAD_BYTES)
    if _runs(name):
        return False
    if head.startswith(_ZIP):
        return _is_harmless_zip(content)
    if head.startswith(_KNOWN) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP") or head[4:12] == b"ftypavif":
        return True
    return _is_text(content)


def _is_harmless_zip(content: IO[bytes]) -> bool:
    """Whether an archive can be read without a password, unpacks to a sane size, and holds no programs or macros."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return False
    if not entries or len(entries) > _MAX_ENTRIES or sum(one.file_size for one in entries) > _MAX_UNPACKED_BYTES:
        return False
    return not any(
        one.flag_bits & 1  # encrypted
        or _runs(one.filename)
        or one.filename.lower().endswith(_MACRO_PARTS)
        or one.filename.startswith(("/", "\\"))
        or ".." in PurePath(one.filename.replace("\\", "/")).parts
        for one in entries
    )


def _runs(name: str) -> bool:
    return PurePath(name.rstrip(". ")).suffix[1:].lower() in _RUN


def _is_text(content: IO[bytes]) -> bool:
    """Whether the content is text in UTF-8, UTF-16 or an 8-bit encoding: no control characters, no script."""
    content.seek(0)
    head = content.read(_HEAD_BYTES)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    content.seek(0)
    return not head.startswith(b"#!") and not any(_CONTROLS.search(piece) for piece in storage.chunks_of(content))
