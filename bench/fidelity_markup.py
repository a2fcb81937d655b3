"""What a stranger reads in XHTML: our EPUB, a source's pages, mammoth's HTML. Part of `bench/fidelity.py`.

Shares no code with the engine's readers, so that both cannot err in the same way.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from lxml import etree, html

from bench.fidelity_text import CELL, CODE, EMPHASIS, FRONT, HEADING, ITEM, LINK, STRONG, Opinion, Tape

type Styles = Callable[[str, str], int]
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "q",
        "rb",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "math",
        "svg",
        "wbr",
        "object",
        "image",
    ]
)
_TAGS = {
    "em": EMPHASIS,
    "i": EMPHASIS,
    "cite": EMPHASIS,
    "dfn": EMPHASIS,
    "var": EMPHASIS,
    "strong": STRONG,
    "b": STRONG,
}
_TAGS |= dict.fromkeys(("code", "pre", "kbd", "samp", "tt"), CODE) | dict.fromkeys(("td", "th"), CELL) | {"li": ITEM}
_TAGS |= dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), HEADING)
_SILENT = frozenset(
    ["script", "style", "head", "rt", "rp", "template", "title", "noscript", "iframe", "audio", "video"]
)
_NOTEREF = re.compile(r"\b(noteref|footnote-ref|fnanchor|doc-noteref)\b")
_MAMMOTH_NOTE = re.compile(r"#(?:footnote|endnote)-\d+$")
_TYPE = "{http://www.idpf.org/2007/ops}type"


def _name(element: etree._Element) -> str:
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""


def _kinds(element: etree._Element) -> str:
    return " ".join(
        (element.get(_TYPE, ""), element.get("epub:type", ""), element.get("class", ""), element.get("role", ""))
    )


class Pages:
    """Reads documents one after the other; notes are kept apart, in the order of their references."""

    def __init__(self) -> None:
        self.main = Tape()
        self.notes = Tape()
        self.counts: Counter[str] = Counter()
        self._roots: list[tuple[str, etree._Element, Styles]] = []

    def add(self, name: str, root: etree._Element, styles: Styles) -> None:
        self._roots.append((name, root, styles))

    def read(self) -> Opinion:
        self._ids = {(name, str(e.get("id"))): e for name, root, _ in self._roots for e in root.iter() if e.get("id")}
        self._holders: dict[etree._Element, tuple[str, Styles]] = {}
        for name, root, styles in self._roots:
            for link in root.iter("{*}a", "a"):
                target = self._note_of(link, name)
                if target is not None:
                    self._holders[target[1]] = (target[0], styles)
        self._waiting: list[etree._Element] = []
        self._taken: set[etree._Element] = set()
        for name, root, styles in self._roots:
            self._page, self._styles, self._tape = name, styles, self.main
            self._element(root, 0)
            self.main.gap()
        self._read_notes()
        return Opinion(self.main.words(), self.notes.words(), self.counts)

    def _read_notes(self) -> None:
        self._tape = self.notes
        waiting = 0
        while waiting < len(self._waiting):
            holder = self._waiting[waiting]
            waiting += 1
            self._page, self._styles = self._holders[holder]
            self._inside(holder, 0)
            self.notes.gap()
        self.counts["notes"] = len(self._waiting)

    def _note_of(self, link: etree._Element, page: str) -> tuple[str, etree._Element] | None:
        href = link.get("href", "")
        if "#" not in href or not (_NOTEREF.search(_kinds(link)) or _MAMMOTH_NOTE.match(href)):
            return None
        path, _, fragment = href.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path))) if path else page
        found = self._ids.get((target, unquote(fragment)))
        while found is not None and _name(found) not in ("aside", "li", "div", "p", "dd", "section"):
            found = found.getparent()
        return None if found is None or found in link.iterancestors() else (target, found)

    # ------------------------------------------------------------ the walk

    def _element(self, element: etree._Element, marks: int) -> None:
        name = _name(element)
        kinds = _kinds(element) if name else ""
        if not name or name in _SILENT or "pagebreak" in kinds or element in self._holders:
            return
        if name == "a" and self._link(element, kinds):
            return
        self._count(element, name)
        if name in ("math", "svg"):
            return
        marks = self._marks(element, name, marks)
        if marks < 0:
            return
        if name in _INLINE:
            self._inside(element, marks)
            return
        self._tape.gap()
        self._inside(element, marks)
        self._tape.gap()

    def _inside(self, element: etree._Element, marks: int) -> None:
        self._tape.add(element.text or "", marks)
        for child in element:
            self._element(child, marks)
            self._tape.add(child.tail or "", marks)

    def _marks(self, element: etree._Element, name: str, marks: int) -> int:
        """The marks inside an element; -1 for one that is hidden."""
        if element.get("hidden") is not None:
            return -1
        styled = self._styles(name, element.get("class", ""))
        tag = _TAGS.get(name, 0)
        tag &= ~STRONG if styled & _UNBOLD else ~0
        tag &= ~EMPHASIS if styled & _UNITALIC else ~0
        marks |= tag | (styled & (STRONG | EMPHASIS))
        style = element.get("style", "").replace(" ", "").lower()
        if "display:none" in style:
            return -1
        if "font-style:italic" in style:
            marks |= EMPHASIS
        if "font-weight:bold" in style:
            marks |= STRONG
        if name == "a" and element.get("href"):
            marks |= LINK
        if "titlepage" in element.get("class", "").split():
            marks |= FRONT
        return marks

    def _link(self, element: etree._Element, kinds: str) -> bool:
        """Take a reference to a note; True for links that are no words of the text."""
        found = self._note_of(element, self._page)
        if found is not None:
            if found[1] not in self._taken:
                self._taken.add(found[1])
                self._waiting.append(found[1])
            return True
        if re.search(r"\b(backlink|doc-backlink|footnote-back)\b", kinds) or element.text == "↑":
            return True
        self.counts["links"] += bool(element.get("href"))
        return False

    def _count(self, element: etree._Element, name: str) -> None:
        if name in ("img", "image"):
            self.counts["images"] += "doc-cover" not in element.get("role", "")
        elif name == "svg":
            self.counts["images"] += 1
        elif name == "table":
            self.counts["tables"] += 1
        elif name == "math":
            self.counts["formulas"] += 1
        elif name == "li":
            self.counts["items"] += 1
        elif name in ("h1", "h2", "h3", "h4", "h5", "h6") and "titlepage" not in _kinds(element.getparent()):
            self.counts["headings"] += 1


def plain(name: str, classes: str) -> int:
    """The styles of a document without any."""
    return 0


def read_html(data: bytes | str) -> Opinion:
    """What a document in HTML holds."""
    if isinstance(data, bytes):
        data = data.decode("utf-8")
    root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", data))
    pages = Pages()
    pages.add("", root.find("body"), sheet("".join(s.text or "" for s in root.iter("style"))))
    return pages.read()


def read_epub(path: Path) -> Opinion:
    """What the pages of an EPUB hold, in the order of the spine, without its own contents list."""
    pages = Pages()
    with zipfile.ZipFile(path) as archive:
        container = etree.fromstring(archive.read("META-INF/container.xml"))
        opf = container.find(".//{*}rootfile").get("full-path")
        package = etree.fromstring(archive.read(opf))
        items = {item.get("id"): item for item in package.iter("{*}item")}
        for reference in package.iter("{*}itemref"):
            item = items[reference.get("idref")]
            if "nav" in (item.get("properties") or "").split():
                continue
            name = posixpath.normpath(posixpath.join(posixpath.dirname(opf), unquote(item.get("href"))))
            root = etree.fromstring(archive.read(name), etree.XMLParser(recover=True, huge_tree=True))
            pages.add(name, root.find("{*}body"), sheet(_sheets(root, name, archive)))
    return pages.read()


def _sheets(root: etree._Element, name: str, archive: zipfile.ZipFile) -> str:
    text = "".join(style.text or "" for style in root.iter("{*}style"))
    for link in root.iter("{*}link"):
        part = posixpath.normpath(posixpath.join(posixpath.dirname(name), link.get("href", "")))
        if "stylesheet" in link.get("rel", "") and part in archive.namelist():
            text = archive.read(part).decode("utf-8", "replace") + text
    return text


_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_UNBOLD = 1 << 20  # a class that takes a tag's own look away
_UNITALIC = 1 << 21


def sheet(text: str) -> Styles:
    """Which elements and classes a style sheet shows in italics (or with emphasis dots), in bold, or in neither."""
    found: dict[str, int] = {}
    for selectors, body in _RULE.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
        squeezed = body.replace(" ", "").lower()
        marks = EMPHASIS if re.search(r"font-style:(italic|oblique)|text-emphasis(-style)?:(?!none)", squeezed) else 0
        marks |= STRONG if re.search(r"font-weight:(bold|[6-9]00)", squeezed) else 0
        marks |= _UNBOLD if "font-weight:normal" in squeezed else 0
        marks |= _UNITALIC if "font-style:normal" in squeezed else 0
        if marks:
            for selector in selectors.split(","):
                if not re.search(r"[ >+:]", selector.strip()):
                    found[selector.strip()] = marks | found.get(selector.strip(), 0)
    if not found:
        return plain

    def marks_of(name: str, classes: str) -> int:
        if name not in _INLINE and name not in ("p", "div", "blockquote"):
            return 0
        marks = found.get(name, 0)
        for single in classes.split():
            marks |= found.get(f".{single}", 0) | found.get(f"{name}.{single}", 0)
        return marks

    return marks_of
