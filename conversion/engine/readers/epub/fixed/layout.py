"""Which documents of an EPUB are pages of fixed layout, and how they lie, in EPUB 3's words and in those before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ....errors import AuthorFixable
from ....gate import xml
from ....gate.archive import Archive
from ....gate.xml import Element

_OPF = "{http://www.idpf.org/2007/opf}"
_DC_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
_APPLE = "META-INF/com.apple.ibooks.display-options.xml"
_SIZE = re.compile(r"(width|height)\s*=\s*(\d{1,6}(?:\.\d+)?)", re.IGNORECASE)
_RESOLUTION = re.compile(r"\s*(\d{2,5})\s*[xX]\s*(\d{2,5})\s*")


@dataclass(frozen=True, slots=True)
class PageLayout:
    """How one document lies in the spine: see `Page.spread` and `Page.orientation`."""

    is_fixed: bool
    side: str = ""
    orientation: str = ""


@dataclass(slots=True)
class Layouts:
    """By the id of the manifest's item, and by its name in the archive. `viewport` is what pages without one have, or
    None; `identifier` is the package's own, which unlocks its obfuscated faces.
    """

    of_item: dict[str, PageLayout] = field(default_factory=dict)
    of_part: dict[str, PageLayout] = field(default_factory=dict)
    spread: str = ""
    viewport: tuple[int, int] | None = None
    identifier: str = ""


def read_layouts(root: Element, archive: Archive) -> Layouts:
    """The layout of every item of the spine of a package."""
    properties, named = _metadata(root)
    apple = dict(_apple_options(archive))
    is_fixed = (
        properties.get("rendition:layout") == "pre-paginated"
        or named.get("fixed-layout") == "true"
        or apple.get("fixed-layout") == "true"
    )
    orientation = properties.get("rendition:orientation") or named.get("orientation-lock") or ""
    found = Layouts(spread=_spread(properties.get("rendition:spread", ""), apple))
    own = str(root.get("unique-identifier", ""))
    found.identifier = next(
        ("".join(str(t) for t in e.itertext()) for e in root.iter(_DC_IDENTIFIER) if e.get("id") == own), ""
    )
    found.viewport = size_in(properties.get("rendition:viewport", "")) or _resolution(named)
    for reference in root.iter(_OPF + "itemref"):
        words = set(str(reference.get("properties", "")).split())
        found.of_item[str(reference.get("idref", ""))] = _layout(words, is_fixed=is_fixed, orientation=orientation)
    return found


def size_in(text: str) -> tuple[int, int] | None:
    """Width and height of a viewport such as "width=1024, height=768", or None where it does not name both."""
    found = {name.lower(): round(float(value)) for name, value in _SIZE.findall(text)}
    width, height = found.get("width", 0), found.get("height", 0)
    return (width, height) if is_size(width, height) else None


def is_size(width: float, height: float) -> bool:
    """Whether a page can have this size in CSS pixels."""
    return min(width, height) >= 16 and max(width, height) <= 20_000 and max(width, height) <= 20 * min(width, height)


def _metadata(root: Element) -> tuple[dict[str, str], dict[str, str]]:
    """The package's properties and its older named values."""
    properties: dict[str, str] = {}
    named: dict[str, str] = {}
    for meta in root.iter(_OPF + "meta"):
        if meta.get("property") and not meta.get("refines"):
            properties.setdefault(str(meta.get("property")), (meta.text or "").strip())
        elif meta.get("name"):
            named.setdefault(str(meta.get("name")), str(meta.get("content", "")).strip().lower())
    return properties, named


def _apple_options(archive: Archive) -> Iterator[tuple[str, str]]:
    if _APPLE not in archive:
        return
    try:
        root = xml.parse(archive.read(_APPLE), _APPLE)
    except AuthorFixable as error:
        if error.code == "source.entity-expansion":
            raise
        return
    for option in root.iter("option"):
        yield str(option.get("name", "")), (option.text or "").strip().lower()


def _spread(value: str, apple: dict[str, str]) -> str:
    if value in _SPREADS:
        return _SPREADS[value]
    return "none" if apple.get("open-to-spread") == "false" else ""


_SPREADS = {"none": "none", "both": "both", "portrait": "both", "landscape": "auto", "auto": "auto"}


def _resolution(named: dict[str, str]) -> tuple[int, int] | None:
    match = _RESOLUTION.fullmatch(named.get("original-resolution", ""))
    if match is None:
        return None
    width, height = int(match.group(1)), int(match.group(2))
    return (width, height) if is_size(width, height) else None


def _layout(words: set[str], *, is_fixed: bool, orientation: str) -> PageLayout:
    if "rendition:layout-pre-paginated" in words:
        is_fixed = True
    elif "rendition:layout-reflowable" in words:
        is_fixed = False
    side = ""
    for name, names in _SIDES.items():
        if words & names:
            side = name
    for name in ("landscape", "portrait"):
        orientation = name if f"rendition:orientation-{name}" in words else orientation
    return PageLayout(is_fixed, side, orientation if orientation in ("landscape", "portrait") else "")


_SIDES = {
    "left": {"page-spread-left", "rendition:page-spread-left"},
    "right": {"page-spread-right", "rendition:page-spread-right"},
    "center": {"rendition:page-spread-center", "page-spread-center", "rendition:spread-none"},
}
