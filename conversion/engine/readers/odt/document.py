"""One ODT being read: its archive, styles, bookmarks and notes."""

from __future__ import annotations

from collections import deque
from itertools import islice

from ...book import clean, language
from ...book.model import Contributor
from ...findings.model import Severity
from ...gate import xml
from ...gate.archive import Archive
from ...gate.xml import Element
from ..assembly import properties
from ..assembly.draft import Draft
from .names import DC, META, TEXT, XLINK
from .styles import Styles


class Document:
    """What the walk over an ODT shares."""

    def __init__(self, archive: Archive, draft: Draft) -> None:
        self.archive = archive
        self.draft = draft
        self.content = xml.parse(archive.read("content.xml"), "content.xml")
        roots = [xml.parse(archive.read("styles.xml"), "styles.xml")] if "styles.xml" in archive else []
        self.styles = Styles([*roots, self.content])
        self.waiting_notes: deque[tuple[str, Element]] = deque()
        self._bookmarks = _bookmarks(self.content)
        self._linked = _linked(self.content)
        self._placed: set[str] = set()
        self._read_metadata()
        sample = " ".join(str(t) for t in islice(self.content.itertext(), 4000))
        draft.weak_language = self.styles.default_lang
        settled = language.resolve_language(draft.metadata.language, draft.weak_language, sample)
        self._own_language = language.primary(settled)

    def _read_metadata(self) -> None:
        if "meta.xml" not in self.archive:
            return
        root = xml.parse(self.archive.read("meta.xml"), "meta.xml")
        metadata = self.draft.metadata

        def text(tag: str) -> str:
            found = next(root.iter(tag), None)
            return clean.title(found.text or "", 2000) if found is not None else ""

        metadata.title = clean.title(text(DC + "title"))
        metadata.description = text(DC + "description")
        metadata.language = clean.language(text(DC + "language"))
        metadata.subjects = [clean.title(k.text or "", 200) for k in islice(root.iter(META + "keyword"), 20) if k.text]
        author = text(META + "initial-creator")
        if author:
            metadata.contributors = [Contributor(clean.title(author, 200))]
        properties.without_programs(metadata)

    def foreign(self, lang: str) -> str:
        """`lang` when it is another language than the document's, else ""."""
        return lang if lang and language.primary(lang) != self._own_language else ""

    def bookmark(self, name: str) -> str:
        """The anchor id of a bookmark that something links to, the first time it comes; else ""."""
        if name not in self._linked or name in self._placed:
            return ""
        self._placed.add(name)
        return self.draft.anchor(name)

    def href(self, target: str) -> str:
        """The href of the Book for a link's target, or ""."""
        if not target.startswith("#"):
            address = clean.href(target)
            if not address and target:
                self.draft.count("source.link-dropped", Severity.ADVICE, target)
            return address
        name = target[1:]
        if name in self._bookmarks:
            return "#" + self.draft.anchor(name)
        self.draft.count("source.link-dead", Severity.ADVICE, name)
        return ""

    def note(self, element: Element) -> str:
        """A new note; its blocks are read later."""
        kind = "endnote" if element.get(TEXT + "note-class") == "endnote" else "footnote"
        body = element.find(TEXT + "note-body")
        if body is None:
            self.draft.count("source.note-missing", Severity.PROBLEM)
            return ""
        note = self.draft.new_note(kind)
        self.waiting_notes.append((note.id, body))
        return note.id


_MARKS = (TEXT + "bookmark", TEXT + "bookmark-start", TEXT + "reference-mark", TEXT + "reference-mark-start")


def _bookmarks(root: Element) -> set[str]:
    return {str(mark.get(TEXT + "name", "")) for mark in root.iter(*_MARKS)}


def _linked(root: Element) -> set[str]:
    links = {str(link.get(XLINK + "href", ""))[1:] for link in root.iter(TEXT + "a")}
    references = root.iter(TEXT + "bookmark-ref", TEXT + "reference-ref")
    return links | {str(reference.get(TEXT + "ref-name", "")) for reference in references}
