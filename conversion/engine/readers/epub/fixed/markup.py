"""A fixed page's mark-up, rebuilt from a closed set for WeasyPrint to draw, and what it says to those who cannot see.

Every element, attribute and style that leaves here is written by us; pictures are addressed by their keys in the Book.
"""

from __future__ import annotations

import base64
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from ....book import clean
from ....book.model import Asset
from ....gate.xml import Element
from ...assembly.addresses import local_part
from ...assembly.xhtml_names import XLINK_HREF, language_of, local_name
from .closed_set import BLOCKS, ELEMENTS, SILENT
from .styles import SheetWriter

PICTURE = "octavo-picture:"
MAX_ELEMENTS = 4_000
MAX_TEXT_CHARACTERS = 30_000
_COPIED = ("id", "class", "dir", "colspan", "rowspan", "start")
_NAME = re.compile(r"[\w. -]{1,200}")
_PLAIN = """
body {{ margin: 4%; font: {size}px/1.4 serif }}
img {{ display: block; max-width: 100%; max-height: {tallest}px; margin: 0 auto 1em }}
"""
_LENGTH = re.compile(r"\d{1,5}(?:\.\d+)?(?:px|%)?")


@dataclass(slots=True)
class Rebuilt:
    """A page's mark-up again, and what was found in it. `pictures` are keys in the order they are shown."""

    body: Element
    pictures: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    links: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page ready to be drawn: its rebuilt body and styles, and its size in CSS pixels. `pictures` and `paragraphs`
    are what is drawn where that fails."""

    name: str
    body: Element
    css: str
    width: int
    height: int
    language: str
    pictures: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()

    def plain(self) -> Sheet:
        """The same page without its design: its pictures, then its words."""
        body = etree.Element("body")
        for key in self.pictures:
            etree.SubElement(body, "img", src=f"{PICTURE}{key}")
        for text in self.paragraphs:
            etree.SubElement(body, "p").text = text
        return replace(self, body=body, css=_PLAIN.format(size=max(12, self.width // 32), tallest=self.height // 2))


type Picture = Callable[[str], str]  # the asset key of a file of the archive, "" when it cannot be used
type Take = Callable[[bytes, str], Asset | None]  # a drawing's bytes and name, as an asset of the book


class Rebuilder:
    """Builds one page. `part` is the document's name in the archive."""

    def __init__(self, part: str, picture: Picture, take: Take, sheets: SheetWriter, assets: dict[str, Asset]) -> None:
        self.part = part
        self.folder = posixpath.dirname(part)
        self.picture = picture
        self.take = take
        self.sheets = sheets
        self.assets = assets
        self.result = Rebuilt(etree.Element("body"))
        self._count = 0

    def build(self, body: Element) -> Rebuilt:
        """The page behind a document's `body`."""
        self._attributes(body, self.result.body)
        self._children(body, self.result.body)
        self.result.paragraphs = [text for text in _paragraphs(self.result.body) if text]
        return self.result

    def build_drawing(self, root: Element) -> Rebuilt:
        """The page that a drawing is by itself."""
        if (image := self._drawing(root)) is not None:
            self.result.body.append(image)
        return self.result

    def _children(self, source: Element, made: Element) -> None:
        _append(made, source.text)
        for child in source.iterchildren():
            if isinstance(child.tag, str):
                self._element(child, made)
            _append(made, child.tail)

    def _element(self, source: Element, parent: Element) -> None:
        self._count += 1
        name = local_name(source)
        if self._count > MAX_ELEMENTS:
            self.result.dropped.add("too many elements")
            return
        if name in SILENT:
            if name not in ("style", "link", "meta"):
                self.result.dropped.add(name)
            return
        if name == "img":
            self._image(source, parent)
        elif name == "svg":
            if (drawing := self._drawing(source)) is not None:
                parent.append(drawing)
        else:
            self.result.links += name == "a" and bool(source.get("href"))
            made = etree.SubElement(parent, name if name in ELEMENTS else "span")
            self._attributes(source, made)
            self._children(source, made)

    def _attributes(self, source: Element, made: Element) -> None:
        for name in _COPIED:
            value = str(source.get(name, ""))
            if _NAME.fullmatch(value):
                made.set(name, value)
        if tag := clean.language(language_of(source)):
            made.set("lang", tag)
        style = self.sheets.declarations(str(source.get("style", "")), self.folder)
        if style:
            made.set("style", style)

    # ------------------------------------------------------------ pictures

    def _image(self, source: Element, parent: Element) -> None:
        self._describe(str(source.get("alt", "")))
        key = self.picture(local_part(self.folder, str(source.get("src", ""))))
        if key:
            made = self._shown(source, key)
            parent.append(made)

    def _shown(self, source: Element, key: str) -> Element:
        self.result.pictures.append(key)
        made = etree.Element("img", src=f"{PICTURE}{key}")
        self._attributes(source, made)
        for name in ("width", "height"):
            value = str(source.get(name, "")).strip()
            if _LENGTH.fullmatch(value):
                length = value if value.endswith(("px", "%")) else f"{value}px"
                made.set("style", f"{name}: {length}; {made.get('style', '')}")
        return made

    def _drawing(self, source: Element) -> Element | None:
        """A drawing as a picture; one that only frames a picture is that picture."""
        for element in source.iter():
            if isinstance(element.tag, str) and local_name(element) in ("title", "desc"):
                self._describe("".join(str(text) for text in element.itertext()))
        self._describe(str(source.get("aria-label", "")))
        shown = [e for e in source.iter() if isinstance(e.tag, str) and local_name(e) not in _FRAMES]
        if len(shown) == 1 and local_name(shown[0]) == "image":
            key = self.picture(local_part(self.folder, _href(shown[0])))
            return self._as_wide_as_its_place(source, key) if key else None
        asset = self.take(self._with_pictures(source), f"{posixpath.basename(self.part)}.svg")
        if asset is None:
            return None
        self.result.paragraphs += [_text(e) for e in source.iter() if local_name(e) == "text" and _text(e)]
        return self._as_wide_as_its_place(source, asset.sha256)

    def _as_wide_as_its_place(self, source: Element, key: str) -> Element:
        made = self._shown(source, key)
        if "width:" not in made.get("style", "").replace(" ", ""):
            made.set("style", f"width: 100%; {made.get('style', '')}")
        return made

    def _with_pictures(self, source: Element) -> bytes:
        """The drawing with the pictures it shows inside it, for the one place that rebuilds drawings."""
        copy = etree.fromstring(_namespaced(source), etree.XMLParser(recover=True, resolve_entities=False))
        if copy is None:  # what a tolerant parser read need not be XML
            return etree.tostring(source, with_tail=False)
        for element in copy.iter():
            if isinstance(element.tag, str) and local_name(element) == "image":
                asset = self.assets.get(self.picture(local_part(self.folder, _href(element))))
                for name in (XLINK_HREF, "href"):
                    element.attrib.pop(name, "")
                if asset is not None and asset.media_type != "image/svg+xml":
                    packed = base64.b64encode(asset.data).decode()
                    element.set("href", f"data:{asset.media_type};base64,{packed}")
        return etree.tostring(copy)

    def _describe(self, text: str) -> None:
        text = clean.title(text, 2000)
        if text and text not in self.result.descriptions:
            self.result.descriptions.append(text)


_FRAMES = frozenset({"svg", "g", "title", "desc", "metadata", "defs", "style"})


def _namespaced(source: Element) -> bytes:
    """Serialised with SVG's namespace, which a page's parser may have taken off."""
    text = etree.tostring(source, with_tail=False)
    if b"http://www.w3.org/2000/svg" not in text[:2000]:
        text = re.sub(rb"^<svg", b'<svg xmlns="http://www.w3.org/2000/svg"', text)
    if b"xlink:" in text and b"xmlns:xlink" not in text:
        text = re.sub(rb"^<svg", b'<svg xmlns:xlink="http://www.w3.org/1999/xlink"', text)
    return text


def _href(element: Element) -> str:
    return str(element.get("href") or element.get(XLINK_HREF) or element.get("xlink:href") or "")


def _append(made: Element, text: str | None) -> None:
    text = clean.text(text or "")[:MAX_TEXT_CHARACTERS]
    if not text:
        return
    if len(made):
        made[-1].tail = (made[-1].tail or "") + text
    else:
        made.text = (made.text or "") + text


def _text(element: Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def _paragraphs(element: Element) -> Iterator[str]:
    """The text of each block that holds no other block, and loose text between blocks."""
    loose = element.text or ""
    for child in element.iterchildren():
        if child.tag in BLOCKS or any(e.tag in BLOCKS for e in child.iter()):
            yield " ".join(loose.split())
            loose = ""
            yield from _paragraphs(child)
        else:
            loose += " " if child.tag == "br" else "".join(str(text) for text in child.itertext())
        loose += child.tail or ""
    yield " ".join(loose.split())


def is_picture_of(asset: Asset, width: int, height: int) -> bool:
    """Whether a picture has a page's own proportions, within the rounding of pixels."""
    return abs(asset.width * height - asset.height * width) <= 0.03 * asset.height * width
