"""This machine: free disk space, and what making a book needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from operations.doctor.examination import Finding, ok, warning, wrong

_GB = 10**9
# A conversion may write 4 GB, and twice that while files are handed over.
_COMFORTABLE_BYTES, _MIN_BYTES = 8 * _GB, 1 * _GB
_BOOK = "# The Lamp\n\nA book to try the converter with: “quotes”, *emphasis*, Ελληνικά, 灯.\n"
_KINDS = (".epub", ".pdf")


def disk() -> Iterator[Finding]:
    """Look at the free space where files, scratch and cache are."""
    free = shutil.disk_usage(settings.VAR_DIR).free
    detail = f"{free / _GB:.1f} GB free below VAR_DIR."
    if free < _MIN_BYTES:
        yield wrong("disk", detail, "Make room: uploads and conversions fail.")
    elif free < _COMFORTABLE_BYTES:
        yield warning("disk", detail, "A large book may need 8 GB while it is converted.")
    else:
        yield ok("disk", detail)


def converter() -> Iterator[Finding]:
    """Make a small book as a worker does, in the sandbox: fonts and libraries are there if EPUB and PDF come out."""
    with tempfile.TemporaryDirectory(prefix="octavo-doctor-") as folder:
        made = _convert(Path(folder))
    if missing := [kind for kind in _KINDS if kind not in made]:
        advice = "Run script/bootstrap: it installs fonts and Pango. Then: manage.py convert --help"
        yield wrong("converter", f"A sample book became no {' and no '.join(missing)}.", advice)
    else:
        yield ok("converter", "A sample book became an EPUB and PDFs.")


def documents() -> Iterator[Finding]:
    """Make a PDF as statements and receipts are made: Pango is there if one comes out."""
    from weasyprint import HTML  # loads Pango

    HTML(string="<p>Octavo</p>").write_pdf()
    yield ok("documents", "Pango makes PDFs.")


def _convert(folder: Path) -> set[str]:
    """Return the kinds of file that the book became. Raises CalledProcessError with what the engine said."""
    source = folder / "book.md"
    source.write_text(_BOOK, encoding="utf-8")
    command = [
        sys.executable,
        str(settings.BASE_DIR / "manage.py"),
        "convert",
        str(source),
        "--out",
        str(folder / "out"),
    ]
    options = ["--formats", "epub,pdf", "--targets", "phone"]
    subprocess.run([*command, *options], capture_output=True, check=True, timeout=60)
    return {file.suffix for file in (folder / "out").iterdir()}
