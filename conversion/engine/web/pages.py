"""The part of the web reader's archive that only a book of pages has (see `__init__.py`).

    pages.json              every page: its size, side, label, description, pictures by width; the contents
    pages/<id>.json         a page's words and their positions, fetched when the page is shown
    assets/<hash>-<w>.webp  smaller pictures of a page, beside the full one

All of it is data: the web reader inserts words as text and never as markup.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Any

from PIL import Image

from ..book.model import Asset, Book, TocEntry
from ..book.page import SOFT_HYPHEN, Page, is_told_by_words
from ..markup.pages import is_vertical
from ..markup.terms import page_title
from ..support.reproducible_zip import FixedArchive

WIDTHS = (480, 960, 1600)
WEBP_QUALITY = 80
_AT_LEAST_SMALLER = 0.8  # of the full width: a copy that is hardly smaller is not worth its bytes
_THREADS = 2
_AT_ONCE = 8

type Variant = tuple[int, str, bytes]  # width in pixels, file name, content


def write_pages(archive: FixedArchive, book: Book, names: dict[str, str]) -> None:
    """Write pages, words and smaller pictures. `names` are the file names of the full pictures, by asset."""
    used = list(dict.fromkeys(page.asset for page in book.pages))
    pictures: dict[str, list[list[int | str]]] = {}
    for key, variants in _all_variants([book.assets[key] for key in used]):
        pictures[key] = [[width, name] for width, name, _ in variants]
        pictures[key].append([book.assets[key].width, names[key]])
        for _, name, data in variants:
            archive.write(f"assets/{name}", data)
    archive.write("pages.json", _dumped(_manifest(book, pictures)))
    for page in book.pages:
        if page.lines or page.rest:
            archive.write(f"pages/{page.id}.json", _dumped(page_words(page)))


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# ---------------------------------------------------------------- pictures


def _all_variants(assets: list[Asset]) -> Iterator[tuple[str, list[Variant]]]:
    """Yield smaller pictures of each asset. Encoders run outside the interpreter's lock, so threads share the
    processors."""
    with ThreadPoolExecutor(_THREADS) as pool:
        for group in batched(assets, _AT_ONCE):
            yield from zip((asset.sha256 for asset in group), pool.map(_variants, group), strict=True)


def _variants(asset: Asset) -> list[Variant]:
    widths = [width for width in WIDTHS if width < _AT_LEAST_SMALLER * asset.width]
    if not widths or asset.media_type == "image/svg+xml":
        return []
    with Image.open(io.BytesIO(asset.data), formats=("JPEG", "PNG")) as opened:
        full = opened.convert("RGBA" if opened.mode == "RGBA" else "RGB")
    made = []
    for width in widths:
        height = max(1, round(full.height * width / full.width))
        small = full.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        out = io.BytesIO()
        small.save(out, "WEBP", quality=WEBP_QUALITY, method=3)
        made.append((width, f"{asset.sha256[:40]}-{width}.webp", out.getvalue()))
    return made


# ---------------------------------------------------------------- data


def _manifest(book: Book, pictures: dict[str, list[list[int | str]]]) -> dict[str, Any]:
    indices = {page.id: index for index, page in enumerate(book.pages)}
    starts = {chapter.id: indices[chapter.pages[0].id] for chapter in book.chapters}
    language = book.metadata.language

    def contents(entries: list[TocEntry]) -> list[dict[str, Any]]:
        return [
            {
                "title": entry.title,
                "page": indices.get(entry.anchor, starts.get(entry.chapter_id, 0)),
                "children": contents(entry.children),
            }
            for entry in entries
        ]

    return {
        "format": 1,
        "direction": "rtl" if book.direction == "rtl" else "ltr",
        "spread": book.spread or "auto",
        "toc": contents(book.toc),
        "pages": [
            {
                "id": page.id,
                "chapter": chapter.id,
                "label": page.label,
                "title": page_title(language, page.label),
                "alt": "" if page.decorative else page.alt,
                "width": page.width,
                "height": page.height,
                "side": page.spread,
                "pictures": pictures[page.asset],
                "words": bool(page.lines or page.rest),
            }
            | ({"decorative": True} if page.decorative else {})
            | ({"told": True} if is_told_by_words(page) else {})
            for chapter in book.chapters
            for page in chapter.pages
        ],
    }


def page_words(page: Page) -> dict[str, Any]:
    """Return lines with their text, position, language and paragraph, whether the word continues on the next line, and
    whether the line is vertical."""
    return {
        "lines": [
            {
                "text": line.text.removesuffix(SOFT_HYPHEN),
                "box": [line.x, line.y, line.w, line.h],
                "lang": line.lang,
                "block": line.block,
                "joined": line.text.endswith(SOFT_HYPHEN),
                "down": is_vertical(line),
            }
            for line in page.lines
        ],
        "rest": page.rest,
    }
