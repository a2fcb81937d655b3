"""A first look at a PDF, in a helper: can it be opened, how many pages, what does it say of itself?"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium

from ..assembly.fixed_pages import MAX_OUTLINE_DEPTH, MAX_OUTLINE_ENTRIES, MAX_PAGES, Overview

_MAX_TEXT_LENGTH = 4_000


def look(path: str) -> Overview:
    """The overview of the file at `path`; a file that cannot be read has a `refusal` in it."""
    try:
        with pikepdf.open(path) as pdf:
            if pdf.is_encrypted:
                return Overview(refusal="source.encrypted")
            catalog = _catalog(pdf)
    except pikepdf.PasswordError:
        return Overview(refusal="source.encrypted")
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError):
        return Overview(refusal="source.pdf-damaged")
    try:
        document = pdfium.PdfDocument(Path(path))
    except pdfium.PdfiumError:
        return Overview(refusal="source.pdf-damaged")
    try:
        return _overview(document, catalog)
    finally:
        document.close()


def _catalog(pdf: pikepdf.Pdf) -> tuple[str, bool]:
    """Language and direction of reading."""
    tag, is_rtl = "", False
    with contextlib.suppress(pikepdf.PdfError, AttributeError, TypeError, ValueError):
        tag = str(pdf.Root.get("/Lang", ""))[:60]
        preferences: Any = pdf.Root.get("/ViewerPreferences")
        is_rtl = preferences is not None and str(preferences.get("/Direction", "")) == "/R2L"
    return tag, is_rtl


def _overview(document: pdfium.PdfDocument, catalog: tuple[str, bool]) -> Overview:
    count = len(document)
    if not 0 < count <= MAX_PAGES:
        return Overview(pages=count, refusal="" if count else "source.pdf-damaged")
    about = {key: str(value)[:_MAX_TEXT_LENGTH] for key, value in document.get_metadata_dict().items()}
    return Overview(
        pages=count,
        title=about.get("Title", ""),
        author=about.get("Author", ""),
        subject=about.get("Subject", ""),
        keywords=about.get("Keywords", ""),
        language=catalog[0],
        is_rtl=catalog[1],
        labels=tuple(document.get_page_label(number)[:40] for number in range(count)),
        outline=tuple(_outline(document)),
    )


def _outline(document: pdfium.PdfDocument) -> list[tuple[int, str, int]]:
    found: list[tuple[int, str, int]] = []
    for bookmark in document.get_toc(max_depth=MAX_OUTLINE_DEPTH):
        if len(found) >= MAX_OUTLINE_ENTRIES:
            break
        target = bookmark.get_dest()
        page = target.get_index() if target is not None else None
        if page is not None:
            found.append((bookmark.level, bookmark.get_title()[:_MAX_TEXT_LENGTH], page))
    return found
