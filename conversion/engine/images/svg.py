"""Rebuild SVG drawings from a closed set of elements and attributes.

Called by `reencode.py` only. Whatever is not listed here is left out: scripts, handlers, links, foreign markup,
animation, filters, external references, document types. Style sheets inside the drawing are turned into attributes, so
that the result needs no CSS.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ..book.model import Asset

SVG_NS = "http://www.w3.org/2000/svg"
_DEFAULT_NAMESPACE: Any = {None: SVG_NS}  # the stubs know only named prefixes
MAX_BYTES = 8_000_000
MAX_DRAWN = 50_000  # elements, counted with every `use` expanded

SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
GROUPS = frozenset(
    {
        "svg",
        "g",
        "defs",
        "symbol",
        "clipPath",
        "mask",
        "marker",
        "pattern",
        "linearGradient",
        "radialGradient",
        "stop",
        "use",
    }
)
TEXTS = frozenset({"text", "tspan", "textPath", "title", "desc"})
UNWRAPPED = frozenset({"a", "switch"})  # their children are kept
SILENT = frozenset({"metadata", "namedview", "style", "sodipodi", "RDF"})  # editor metadata, nothing drawn

GEOMETRY = frozenset(
    {
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "fx",
        "fy",
        "dx",
        "dy",
        "d",
        "points",
        "width",
        "height",
        "viewBox",
        "preserveAspectRatio",
        "transform",
        "offset",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "patternUnits",
        "patternContentUnits",
        "patternTransform",
        "clipPathUnits",
        "maskUnits",
        "maskContentUnits",
        "markerUnits",
        "markerWidth",
        "markerHeight",
        "refX",
        "refY",
        "orient",
        "rotate",
        "startOffset",
        "textLength",
        "lengthAdjust",
        "pathLength",
    }
)
PRESENTATION = frozenset(
    {
        "fill",
        "fill-opacity",
        "fill-rule",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-dasharray",
        "stroke-dashoffset",
        "opacity",
        "color",
        "stop-color",
        "stop-opacity",
        "clip-path",
        "clip-rule",
        "mask",
        "marker-start",
        "marker-mid",
        "marker-end",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "font-stretch",
        "text-anchor",
        "dominant-baseline",
        "letter-spacing",
        "word-spacing",
        "text-decoration",
        "display",
        "visibility",
        "writing-mode",
        "direction",
        "paint-order",
    }
)
_SAFE_VALUE = re.compile(r"[\w\s.,+\-#%()/'\"]*")
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#([A-Za-z_][\w.-]*)['\"]?\s*\)")
_ID = re.compile(r"[A-Za-z_][\w.-]*")
_DATA_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}

type PictureCoder = Callable[[bytes], Asset | None]
type Rules = list[tuple[str, dict[str, str]]]


class Unusable(Exception):
    """The drawing cannot be rebuilt: it is not well-formed, too large, or refers to itself endlessly."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A rebuilt SVG, its size in CSS pixels, and the names of what was left out."""

    data: bytes
    width: int
    height: int
    dropped: frozenset[str]


def looks_like_svg(data: bytes) -> bool:
    """Return whether the bytes are markup with an `svg` element near the start."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in head.lower() and b"<html" not in head.lower()


def rebuild(data: bytes, *, picture: PictureCoder) -> Drawing:
    """Rebuild the drawing. `picture` re-encodes embedded raster images. Raises Unusable."""
    root = _parse(data)
    rules = [rule for sheet in root.iter(f"{{{SVG_NS}}}style") for rule in _rules(sheet.text or "")]
    builder = _Builder(rules, picture)
    top = builder.element(root)
    if top is None:
        raise Unusable
    _settle_references(top)
    _refuse_endless_use(top)
    width, height = _size(root)
    top.set("width", str(width))
    top.set("height", str(height))
    if "viewBox" not in top.attrib:
        top.set("viewBox", f"0 0 {width} {height}")
    etree.cleanup_namespaces(top)
    return Drawing(etree.tostring(top, encoding="utf-8"), width, height, frozenset(builder.dropped))


def _parse(data: bytes) -> etree._Element:
    if len(data) > MAX_BYTES:
        raise Unusable
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unusable from error
    if _local(root) != "svg":
        raise Unusable
    return root


def _local(element: etree._Element) -> str:
    tag = element.tag
    return etree.QName(tag).localname if isinstance(tag, str) else ""


# ---------------------------------------------------------------- building


@dataclass(slots=True)
class _Builder:
    rules: Rules
    picture: PictureCoder
    dropped: set[str] = field(default_factory=set)
    count: int = 0

    def element(self, source: etree._Element) -> etree._Element | None:
        """Return the element with its listed attributes and children, or None when it is not in the set."""
        self.count += 1
        if self.count > MAX_DRAWN:
            raise Unusable
        name = _local(source)
        if name in UNWRAPPED:
            name = "g"
        elif name == "image":
            return self._image(source)
        elif name not in SHAPES and name not in GROUPS and name not in TEXTS:
            if name and name not in SILENT:
                self.dropped.add(name)
            return None
        made = etree.Element(f"{{{SVG_NS}}}{name}", nsmap=_DEFAULT_NAMESPACE)
        self._attributes(source, made)
        if name == "use" and "href" not in made.attrib:
            self.dropped.add("use")
            return None
        self._children(source, made, keeps_text=name in TEXTS)
        return made

    def _children(self, source: etree._Element, made: etree._Element, *, keeps_text: bool) -> None:
        if keeps_text:
            made.text = source.text
        for child in source:
            copy = self.element(child)
            if copy is not None:
                copy.tail = child.tail if keeps_text else None
                made.append(copy)
            elif keeps_text and child.tail:
                _append_text(made, child.tail)

    def _attributes(self, source: etree._Element, made: etree._Element) -> None:
        for name, value in self._declared(source):
            if name == "id" and _ID.fullmatch(value):
                made.set("id", value)
            elif name == "href" and value.startswith("#") and _ID.fullmatch(value[1:]):
                # EPUB 3 and browsers read `href` without xlink.
                made.set("href", value)
            elif name in GEOMETRY or name in PRESENTATION:
                if _is_safe(value):
                    made.set(name, value)
                else:
                    self.dropped.add(name)
            elif name.startswith("on") or (name == "href" and _local(source) != "image"):
                self.dropped.add(name)

    def _declared(self, source: etree._Element) -> Iterator[tuple[str, str]]:
        """Yield attributes, then style rules, then the style attribute: later ones win, as in CSS."""
        for key, value in source.attrib.items():
            name = etree.QName(str(key)).localname
            if name != "style":
                yield name, str(value).strip()
        classes = str(source.get("class", "")).split()
        handles = {_local(source), "*", f"#{source.get('id', '')}", *(f".{c}" for c in classes)}
        for selector, declarations in self.rules:
            if selector in handles:
                yield from declarations.items()
        yield from _declarations(str(source.get("style", ""))).items()

    def _image(self, source: etree._Element) -> etree._Element | None:
        href = str(source.get("href") or source.get("{http://www.w3.org/1999/xlink}href") or "")
        opening = _DATA_PICTURE.match(href)
        asset = None
        if opening:
            try:
                asset = self.picture(base64.b64decode(href[opening.end() :], validate=False))
            except (binascii.Error, ValueError):
                asset = None
        if asset is None or asset.media_type == "image/svg+xml":
            self.dropped.add("image")
            return None
        made = etree.Element(f"{{{SVG_NS}}}image", nsmap=_DEFAULT_NAMESPACE)
        self._attributes(source, made)
        made.set("href", f"data:{asset.media_type};base64,{base64.b64encode(asset.data).decode()}")
        return made


def _append_text(made: etree._Element, text: str) -> None:
    if len(made):
        made[-1].tail = (made[-1].tail or "") + text
    else:
        made.text = (made.text or "") + text


def _is_safe(value: str) -> bool:
    rest = _LOCAL_URL.sub("", value)
    return "url(" not in rest.lower() and len(value) <= MAX_BYTES and bool(_SAFE_VALUE.fullmatch(rest))


# ---------------------------------------------------------------- style, size, limits


def _rules(css: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield rules with simple selectors (`.name`, `#name`, `tag`); more complex ones are left out."""
    import tinycss2  # slow to load, and few books have drawings

    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        declarations = _declarations(tinycss2.serialize(rule.content))
        for selector in tinycss2.serialize(rule.prelude).split(","):
            yield selector.strip(), declarations


def _declarations(style: str) -> dict[str, str]:
    import tinycss2

    found = {}
    for item in tinycss2.parse_declaration_list(style, skip_comments=True, skip_whitespace=True):
        if item.type == "declaration" and item.lower_name in PRESENTATION:
            found[item.lower_name] = tinycss2.serialize(item.value).strip()
    return found


def _size(root: etree._Element) -> tuple[int, int]:
    box = [float(n) for n in re.findall(r"[-+]?\d+(?:\.\d+)?", str(root.get("viewBox", "")))]
    view = (box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else (300.0, 150.0)
    width = _length(str(root.get("width", "")))
    height = _length(str(root.get("height", "")))
    if width and not height:
        height = width * view[1] / view[0]
    elif height and not width:
        width = height * view[0] / view[1]
    elif not width:
        width, height = view
    return (min(10_000, max(1, round(width))), min(10_000, max(1, round(height))))


def _length(value: str) -> float:
    match = re.fullmatch(r"\s*(\d{0,6}(?:\.\d{1,6})?)\s*(px|pt|pc|in|cm|mm|)\s*", value)
    return float(match[1]) * _UNITS[match[2]] if match and match[1] not in ("", ".") else 0.0


def _settle_references(top: etree._Element) -> None:
    """Take away ids that are there already, and references to what is not there: reading systems check both."""
    known: set[str] = set()
    for element in top.iter():
        name = str(element.get("id", ""))
        if name in known:
            del element.attrib["id"]
        elif name:
            known.add(name)
    for element in list(top.iter()):
        target = str(element.get("href", ""))
        if target.startswith("#") and target[1:] not in known:
            parent = element.getparent()
            if _local(element) == "use" and parent is not None:
                _remove(element, parent)
            else:
                del element.attrib["href"]


def _remove(element: etree._Element, parent: etree._Element) -> None:
    """Remove an element and keep the words after it."""
    before, tail = element.getprevious(), element.tail
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _refuse_endless_use(top: etree._Element) -> None:
    """Count what a renderer would draw when following every reference; refuse cycles and excessive expansion."""
    by_id = {str(e.get("id")): e for e in top.iter() if e.get("id")}
    known: dict[etree._Element, int] = {}
    open_now: set[etree._Element] = set()

    def drawn(element: etree._Element) -> int:
        if element in known:
            return known[element]
        if element in open_now:
            raise Unusable
        open_now.add(element)
        total = 1 + sum(drawn(child) for child in element)
        for target in _references(element):
            if target in by_id:
                total += drawn(by_id[target])
        open_now.discard(element)
        if total > MAX_DRAWN:
            raise Unusable
        known[element] = total
        return total

    try:
        drawn(top)
    except RecursionError as error:
        raise Unusable from error


def _references(element: etree._Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name == "href" and str(value).startswith("#"):
            yield str(value)[1:]
        else:
            yield from _LOCAL_URL.findall(str(value)) if len(value) < 200 else ()
