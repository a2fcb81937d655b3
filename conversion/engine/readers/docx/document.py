"""One DOCX being read: its parts, its stories (body, notes) and what they share."""

from __future__ import annotations

import re
from collections import deque
from itertools import islice

from ...book import clean, language
from ...book.model import Anchor, Contributor
from ...errors import AuthorFixable
from ...findings.model import Severity
from ...gate.xml import Element
from ..assembly import properties
from ..assembly.draft import Draft
from .drawings import Drawings
from .names import VAL, W
from .numbering import numbering
from .package import Package
from .styles import RunProps, Styles, run_props

_WORD = re.compile(r"[^\s\"\\]+")
_NO_NOTE = frozenset({"separator", "continuationSeparator", "continuationNotice"})


class Story:
    """A run of paragraphs with relationships of its own: the body, or the notes of one kind."""

    def __init__(self, part: str, root: Element) -> None:
        self.part = part
        self.root = root
        marks = [mark.get(W + "fldCharType") for mark in root.iter(W + "fldChar")]
        self.fields_balanced = marks.count("begin") == marks.count("end")
        self._props: dict[tuple[object, ...], RunProps] = {}

    def run_props(self, element: Element) -> RunProps:
        """The properties of a `w:rPr`, computed once for each different one."""
        key = tuple((child.tag, *child.attrib.values()) for child in element)
        found = self._props.get(key)
        if found is None:
            found = self._props[key] = run_props(element)
        return found


class Document:
    """Shared by all stories of one reading."""

    def __init__(self, package: Package, draft: Draft) -> None:
        self.package = package
        self.draft = draft
        main = package.main
        root = package.xml(main)
        if root is None:
            raise AuthorFixable("source.part-missing", part=main[:120])
        self.body = Story(main, root)
        self.styles = Styles(package.xml(package.related(main, "styles")))
        self.numbering = numbering(package.xml(package.related(main, "numbering")))
        self.drawings = Drawings(package, draft)
        self.bookmarks, self._linked = _bookmarks(root, draft)
        self._placed: set[str] = set()
        self._notes: dict[tuple[str, str], str] = {}
        self._note_stories: dict[str, tuple[Story, dict[str, Element]] | None] = {}
        self.waiting_notes: deque[tuple[str, Story, Element]] = deque()
        self._own_language = ""
        self._settle_language(root)

    def _settle_language(self, root: Element) -> None:
        sample = " ".join(t.text or "" for t in islice(root.iter(W + "t"), 3000))
        draft = self.draft
        draft.weak_language = self.styles.paragraph("").lang or self.styles.default_lang
        settled = language.resolve_language(draft.metadata.language, draft.weak_language, sample)
        self._own_language = language.primary(settled)

    def foreign(self, lang: str) -> str:
        """`lang` when it is another language than the document's, else ""."""
        return lang if lang and language.primary(lang) != self._own_language else ""

    def bookmark(self, name: str) -> Anchor | None:
        """The anchor of a bookmark that something links to, the first time it comes."""
        if name not in self._linked or name in self._placed:
            return None
        self._placed.add(name)
        return Anchor(self.draft.anchor(name))

    def comment(self) -> None:
        """A remark of an editor was left out."""
        self.draft.count("source.comments-dropped", Severity.ADVICE)

    def tracked_change(self, element: Element) -> None:
        """A tracked insertion was kept or a deletion left out."""
        self.draft.count("source.tracked-changes-accepted", Severity.ADVICE, str(element.get(W + "author", "")))

    def note(self, kind: str, source_id: str) -> str:
        """The id of the note, or "" when the source has none; its blocks are read later."""
        key = (kind, source_id)
        if key in self._notes:
            return self._notes[key]
        found = self._note_story(kind)
        element = found[1].get(source_id) if found is not None else None
        if found is None or element is None:
            self.draft.count("source.note-missing", Severity.PROBLEM, source_id)
            self._notes[key] = ""
            return ""
        note = self.draft.new_note(kind)
        self._notes[key] = note.id
        self.waiting_notes.append((note.id, found[0], element))
        return note.id

    def _note_story(self, kind: str) -> tuple[Story, dict[str, Element]] | None:
        if kind not in self._note_stories:
            part = self.package.related(self.package.main, kind + "s")
            root = self.package.xml(part) if part else None
            if root is None:
                self._note_stories[kind] = None
            else:
                notes = {
                    str(note.get(W + "id")): note
                    for note in root.iterchildren(W + kind)
                    if note.get(W + "type", "normal") not in _NO_NOTE
                }
                self._note_stories[kind] = (Story(part, root), notes)
        return self._note_stories[kind]


def _bookmarks(root: Element, draft: Draft) -> tuple[set[str], set[str]]:
    """All bookmarks, and those that a link or a reference names."""
    names: set[str] = set()
    for mark in root.iter(W + "bookmarkStart"):
        name = str(mark.get(W + "name", ""))
        if name in names:
            draft.count("repaired.duplicate-id", Severity.INFO, name)
        names.add(name)
    linked = {str(link.get(W + "anchor")) for link in root.iter(W + "hyperlink")}
    codes = "".join(code.text or "" for code in root.iter(W + "instrText"))
    codes += " ".join(str(simple.get(W + "instr", "")) for simple in root.iter(W + "fldSimple"))
    linked.update(_WORD.findall(codes))
    return names, names & linked


def value(element: Element | None, default: str = "") -> str:
    """The `w:val` of an element that may be absent."""
    return default if element is None else str(element.get(VAL, default))


def core_metadata(package: Package, draft: Draft) -> None:
    """Title, author, language and more from the document's properties."""
    root = package.xml(package.related("", "core-properties") or "docProps/core.xml")
    if root is None:
        return
    dc = "{http://purl.org/dc/elements/1.1/}"
    core = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"

    def text(tag: str) -> str:
        found = root.find(tag)
        return clean.title(found.text or "", 2000) if found is not None else ""

    metadata = draft.metadata
    metadata.title = text(dc + "title")
    names = [clean.title(name, 200) for name in text(dc + "creator").split(";")]
    metadata.contributors = [Contributor(name) for name in names if name][:20]
    metadata.description = text(dc + "description")
    metadata.language = clean.language(text(dc + "language"))
    metadata.subjects = [word for word in re.split(r"\s*[;,]\s*", text(core + "keywords")) if word][:20]
    properties.without_programs(metadata)
