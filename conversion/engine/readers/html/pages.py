"""The documents of an HTML or EPUB source, and what their links point to: places, notes, other documents."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree

from ...book import clean
from ...book.model import Math
from ...findings.model import Severity, SourcePlace
from ...gate.xml import Element
from ..assembly.draft import Draft
from ..assembly.xhtml_names import local_name, types
from .css import Sheet
from .mathml import rebuild

if TYPE_CHECKING:
    from ..author_design import StyleResolver

_NOTE_LABEL = re.compile(r"[\[(]?\s*(\d{1,4}|[*†‡§¶]{1,4}|[a-z]{1,2}|[ivxlc]{1,6})\s*[\])]?\.?", re.IGNORECASE)
_NOTE_TYPES = frozenset({"noteref", "footnote-ref"})
_NOTE_CLASSES = frozenset({"footnote-ref", "footnote-reference", "noteref", "fnanchor", "footnoteref", "footnote-call"})
_BACK_TYPES = frozenset({"backlink"})
_BACK_CLASSES = frozenset({"footnote-back", "footnote-backref", "fn-backref", "footnote-backlink"})
_CONTAINERS = frozenset(["li", "aside", "div", "p", "dd", "section", "article", "td"])
_BACK_SIGNS = re.compile(r"[\s↩︎↑^←⏎↵\[\]()]*|back|return", re.IGNORECASE)
# What may stand before and after the number of a note, and which go together.
_OPENING = re.compile(r"\s*([\[(]?)")
_CLOSING = re.compile(r"\s*([\])]|[.:])\s*")
_ENCLOSING = frozenset({("[", "]"), ("(", ")"), ("", "."), ("", ":"), ("", "]"), ("", ")")})

type Place = tuple[str, str]


@dataclass(slots=True)
class Page:
    """One document. `name` is its part in the container, "" for a lone file."""

    name: str
    root: Element
    sheet: Sheet = field(default_factory=Sheet)
    style_resolver: StyleResolver | None = None  # where the author's design is kept


class Site:
    """All documents of one source. `fetch(part)` gives the bytes of a picture inside it, or None."""

    def __init__(self, pages: list[Page], draft: Draft, fetch: Callable[[str], bytes | None]) -> None:
        self.pages = {page.name: page for page in pages}
        self.draft = draft
        self._fetch = fetch
        self._elements: dict[Place, Element] = {}
        self._order: dict[Element, int] = {}
        self._links: list[tuple[str, Element, Place]] = []
        self.linked: set[Place] = set()
        self.backlinks: set[Element] = set()
        self.noterefs: dict[Element, Element] = {}  # link -> element that holds the note
        self.note_pages: dict[Element, str] = {}
        self._note_ids: dict[Element, str] = {}
        self.waiting: list[tuple[str, Element]] = []
        self._missing: set[str] = set()
        self._formulas: dict[bytes, Math | None] = {}
        for page in pages:
            self._survey(page)
        self._find_notes()
        self._elements.clear()
        self._order.clear()

    # ------------------------------------------------------------ places

    def _survey(self, page: Page) -> None:
        for element in page.root.iter():
            attributes = element.attrib
            if not attributes:
                continue
            name = attributes.get("id") or (attributes.get("name") if element.tag == "a" else None)
            if name:
                if self._elements.setdefault((page.name, str(name)), element) is not element:
                    self.draft.count("repaired.duplicate-id", Severity.INFO, str(name), SourcePlace(page.name))
                self._order[element] = len(self._order)
            href = attributes.get("href")
            if href is not None and local_name(element) == "a":
                place = self.place(page.name, str(href))
                if place is not None:
                    self._links.append((page.name, element, place))
                    self._order.setdefault(element, len(self._order))
                    self.linked.add(place)

    def place(self, base: str, href: str) -> Place | None:
        """The place inside this source that `href` on page `base` names, or None for other addresses."""
        try:
            parts = urlsplit(href.strip())
        except ValueError:
            return None
        if parts.scheme or parts.netloc:
            return None
        if not parts.path:
            return (base, unquote(parts.fragment)) if parts.fragment or href.strip() == "#" else None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path)))
        if path in self.pages:
            return path, unquote(parts.fragment)
        if "" in self.pages and parts.fragment and path.endswith((".html", ".xhtml", ".htm", ".md")):
            return "", unquote(parts.fragment)  # chapters that were put into one file still name each other's files
        return None

    def mark(self, place: Place) -> None:
        """Something outside the pages (a contents list) points to `place`."""
        self.linked.add(place)

    def anchor(self, page: str, name: str) -> str:
        """The anchor id for a place."""
        return self.draft.anchor(f"{page}#{name}")

    def href(self, base: str, value: str) -> str:
        """The href of the Book for a link, or "" when it leads nowhere we allow."""
        place = self.place(base, value)
        if place is not None:
            if place[1] and place not in self._known:
                self.draft.count("source.link-dead", Severity.ADVICE, value)
                return ""
            return "#" + self.anchor(*place)
        address = clean.href(value)
        if not address and value.strip():
            self.draft.count("source.link-dropped", Severity.ADVICE, value)
        return address

    # ------------------------------------------------------------ notes

    def _find_notes(self) -> None:
        self._known = set(self._elements)
        targets: dict[Place, int] = {}
        for _, _, place in self._links:
            targets[place] = targets.get(place, 0) + 1
        pointing = {(base, place) for base, _, place in self._links}
        for base, link, place in self._links:
            if _is_backlink(link):
                self._drop_backlink(link)
                continue
            target = self._elements.get(place)
            if target is None or not place[1]:
                continue
            if _is_noteref(link) or (_NOTE_LABEL.fullmatch(_text(link)) and self._answers(base, link, place, pointing)):
                container = _container(target)
                if container is not None and not _contains(container, link):
                    self.noterefs[link] = container
                    self.note_pages[container] = place[0]
        self._drop_nested()
        self._find_backlinks()

    def _answers(self, base: str, link: Element, place: Place, pointing: set[tuple[str, Place]]) -> bool:
        """The target's page links back to the reference; of two places that do, the later is the note."""
        ids = [link.get("id"), link.get("name")]
        parent = link.getparent()
        ids += [parent.get("id")] if parent is not None and local_name(parent) in ("sup", "span", "p") else []
        ids += [child.get("id") for child in link.iterchildren()]
        back = any((place[0], (base, str(name))) in pointing for name in ids if name)
        if not back or _in_note_place(link):
            return False
        target = self._elements[place]
        return self._order[target] > self._order[link] or _in_note_place(target)

    def _drop_nested(self) -> None:
        """A "note" that holds other notes is a whole section, not a note."""
        containers = set(self.noterefs.values())
        outer = {
            ancestor for container in containers for ancestor in container.iterancestors() if ancestor in containers
        }
        for link in [link for link, container in self.noterefs.items() if container in outer]:
            del self.noterefs[link]

    def _find_backlinks(self) -> None:
        """Inside notes, links to their own references; whatever they show is not content."""
        references: set[Place] = set()
        for base, link, _ in self._links:
            if link in self.noterefs:
                parent = link.getparent()
                near = [link, *link.iterchildren()] + ([parent] if parent is not None else [])
                references.update((base, str(name)) for e in near for name in (e.get("id"), e.get("name")) if name)
        containers = set(self.noterefs.values())
        for _, link, place in self._links:
            if place not in references or link in self.noterefs:
                continue
            if any(ancestor in containers for ancestor in link.iterancestors()):
                self._drop_backlink(link)

    def _drop_backlink(self, link: Element) -> None:
        """A number or an arrow goes; words stay, without their link."""
        text = _text(link)
        if _BACK_SIGNS.fullmatch(text) or _NOTE_LABEL.fullmatch(text):
            self.backlinks.add(link)
            _drop_brackets(link)
        else:
            del link.attrib["href"]

    def note(self, link: Element) -> str:
        """The note id of a reference; the note's text is read later from `waiting`."""
        container = self.noterefs[link]
        if container not in self._note_ids:
            kinds = types(container)
            ancestors = {name for a in container.iterancestors() for name in types(a)}
            is_end = bool((kinds | ancestors) & {"endnote", "endnotes", "rearnote", "rearnotes"})
            note = self.draft.new_note("endnote" if is_end else "footnote")
            self._note_ids[container] = note.id
            self.waiting.append((note.id, container))
        return self._note_ids[container]

    def is_note(self, element: Element) -> bool:
        """True for an element whose text belongs to a note."""
        return element in self.note_pages

    def formula(self, element: Element) -> Math | None:
        """The rebuilt formula; the many equal ones of a textbook are rebuilt once."""
        key = etree.tostring(element, with_tail=False)
        if key not in self._formulas:
            self._formulas[key] = rebuild(element)
        return self._formulas[key]

    # ------------------------------------------------------------ pictures

    def picture(self, base: str, source: str) -> str:
        """The asset key of a picture, or "" with a finding. Nothing outside the source is ever fetched."""
        source = source.strip()
        if source.lower().startswith("data:"):
            data = _data_bytes(source)
            if data:
                return self.draft.picture(data, "picture")
            self.draft.count("source.image-remote", Severity.PROBLEM, source[:60])
            return ""
        try:
            parts = urlsplit(source)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme or parts.netloc or source.startswith(("/", "\\")):
            self.draft.count("source.image-remote", Severity.PROBLEM, source)
            return ""
        part = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path)))
        found = self._fetch(part)
        name = posixpath.basename(part)
        if found is None:
            if part not in self._missing:
                self._missing.add(part)
                self.draft.tell("source.image-missing", Severity.PROBLEM, name=clean.title(name, 80))
            return ""
        return self.draft.picture(found, name)


def _data_bytes(source: str) -> bytes:
    head, comma, body = source.partition(",")
    if not comma or not head.lower().startswith("data:image/") or len(body) > 40_000_000:
        return b""
    if not head.lower().endswith(";base64"):
        return unquote(body).encode()
    try:
        return base64.b64decode(unquote(body), validate=False)
    except (binascii.Error, ValueError):
        return b""


def _drop_brackets(link: Element) -> None:
    """Take away what enclosed or followed the number of a note at its beginning: "[1] ", "(1) ", "1. "."""
    before, parent = link.getprevious(), link.getparent()
    if before is not None or parent is None:
        return
    opening = _OPENING.fullmatch(parent.text or "")
    closing = _CLOSING.match(link.tail or "")
    if opening and closing and (opening[1], closing[1]) in _ENCLOSING:
        parent.text, link.tail = "", (link.tail or "")[closing.end() :]


def _text(element: Element) -> str:
    return "".join(str(text) for text in element.itertext())[:60].strip()


def _is_noteref(link: Element) -> bool:
    if types(link) & _NOTE_TYPES:
        return True
    named = set(str(link.get("class", "")).split())
    parent = link.getparent()
    if parent is not None and local_name(parent) == "sup":
        named.update(str(parent.get("class", "")).split())
    return bool(named & _NOTE_CLASSES)


def _is_backlink(link: Element) -> bool:
    named = set(str(link.get("class", "")).split())
    return bool(types(link) & _BACK_TYPES or named & _BACK_CLASSES)


def _container(target: Element) -> Element | None:
    """The block that holds the note at `target`."""
    for element in _self_and_ancestors(target, 4):
        if local_name(element) in _CONTAINERS:
            return element
        if local_name(element) in ("body", "html", "blockquote", "tr", "table", "ol", "ul"):
            return None
    return None


def _self_and_ancestors(element: Element, limit: int) -> Iterator[Element]:
    yield element
    for count, ancestor in enumerate(element.iterancestors()):
        if count >= limit:
            return
        yield ancestor


def _contains(container: Element, element: Element) -> bool:
    return any(ancestor is container for ancestor in element.iterancestors())


def _in_note_place(element: Element) -> bool:
    return any(types(ancestor) & _NOTE_PLACES for ancestor in _self_and_ancestors(element, 6))


_NOTE_PLACES = frozenset({"endnotes", "footnotes", "rearnotes", "endnote", "footnote", "rearnote"})
