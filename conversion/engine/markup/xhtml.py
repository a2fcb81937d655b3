"""Markup for EPUB and the web reader: XHTML with notes as asides, MathML, and ARIA roles beside epub:type."""

from __future__ import annotations

from collections import defaultdict, deque

from ..book.model import Asset, Chapter, Math, Note, NoteRef, PageMark
from . import mathml
from .render import Markup
from .survey import MEDIA_TYPES, Place, Survey
from .terms import Terms, terms_for
from .text import attribute, escape, language_tag, one_line

_TYPES = frozenset(
    {
        "abstract", "acknowledgments", "afterword", "appendix", "bibliography", "chapter", "colophon",
        "conclusion", "contributors", "copyright-page", "credits", "dedication", "epigraph", "epilogue",
        "errata", "foreword", "glossary", "halftitlepage", "imprint", "index", "introduction", "part",
        "preamble", "preface", "prologue", "seriespage", "subchapter", "titlepage", "volume",
    }
)  # fmt: skip
_ROLES = frozenset(
    {
        "abstract", "acknowledgments", "afterword", "appendix", "bibliography", "chapter", "colophon",
        "conclusion", "credits", "dedication", "epigraph", "epilogue", "errata", "foreword", "glossary",
        "index", "introduction", "part", "preface", "prologue",
    }
)  # fmt: skip


class XhtmlMarkup(Markup):
    """XHTML markup. `assets` and `chapters` are the folders relative to a chapter's file, with a trailing slash, or
    ""."""

    def __init__(self, survey: Survey, *, assets: str, asset_names: dict[str, str], style: str) -> None:
        super().__init__(survey)
        self.assets = assets
        self.asset_names = asset_names
        self.style = style
        self.terms: Terms = terms_for(self.book.metadata.language)
        self.has_math = False
        self._referred: set[str] = set()
        self._marks: deque[str] = deque()
        self._marks_of: defaultdict[int, list[str]] = defaultdict(list)
        for mark in survey.marks:
            self._marks_of[mark.piece].append(mark.fragment)
        self._in_note = False
        self.is_dressed = False  # whether its style sheet defines the dresses of blocks

    def dress(self, name: str) -> str:
        return name if self.is_dressed and not self._in_note else ""

    def asset_source(self, asset: Asset) -> str:
        return self.assets + self.asset_names[asset.sha256]

    def place_address(self, place: Place) -> str:
        file = "" if place.piece == self.piece_index and place.fragment else self.file_name(place.piece)
        return f"{file}#{place.fragment}" if place.fragment else file

    def file_name(self, index: int) -> str:
        """Return the name of a piece's file, in the folder of the chapters."""
        return f"{self.survey.pieces[index].id}.xhtml"

    def language_attributes(self, lang: str, direction: str) -> str:
        tag = language_tag(lang) if lang else ""
        attributes = f' lang="{tag}" xml:lang="{tag}"' if tag else ""
        return attributes + (f' dir="{direction}"' if direction in ("ltr", "rtl") else "")

    # ------------------------------------------------------------ a whole file

    def page(self, index: int) -> str:
        """Return the file of one piece of the book."""
        piece = self.open_piece(index)
        self.has_math = False
        self._marks = deque(self._marks_of[index])
        content = self.blocks(piece.blocks)
        notes = self._notes(piece.notes)
        chapter = piece.chapter
        inside = f"<section{self._semantics(chapter, piece.title)}>\n{content}\n{notes}</section>"
        return self.document(
            inside, piece.title, chapter.division.value, lang=chapter.lang, direction=chapter.direction
        )

    def document(self, inside: str, title: str, division: str, *, lang: str = "", direction: str = "") -> str:
        """Return an XHTML file around content; `division` is the body's epub:type."""
        book = self.book
        tag = (
            language_tag(lang or book.metadata.language) or "und"
        )  # a page without a language is read in an arbitrary voice
        attributes = self.language_attributes(tag, direction or book.direction)
        vertical = ' class="vertical"' if book.vertical else ""
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
            '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
            f"{attributes}{vertical}>\n<head>\n<title>{escape(title)}</title>\n"
            f'<link rel="stylesheet" type="text/css" href="{self.style}"/>\n</head>\n'
            f'<body epub:type="{division}">\n{inside}\n</body>\n</html>\n'
        )

    def _semantics(self, chapter: Chapter, title: str) -> str:
        """Return the structural meaning of a chapter, as epub:type and as ARIA role."""
        semantics = f' epub:type="{chapter.role}"' if chapter.role in _TYPES else ""
        if chapter.role in _ROLES:
            semantics += f' role="doc-{chapter.role}"'
        return f'{semantics} aria-label="{attribute(title)}"' if semantics else ""

    # ------------------------------------------------------------ notes, mathematics, page marks

    def note_ref(self, node: NoteRef) -> str:
        home = self.survey.note_home.get(node.note_id)
        if home is None:
            return f"<sup>{escape(node.label)}</sup>" if node.label.strip() else ""
        label = escape(one_line(node.label) or self.survey.labels[node.note_id])
        if self.is_in_link:
            return f"<sup>{label}</sup>"
        target = self.survey.note_ids[node.note_id]
        file = "" if home == self.piece_index else self.file_name(home)
        own = ""
        if not file and node.note_id not in self._referred:
            self._referred.add(node.note_id)
            own = f' id="{self.survey.ref_ids[node.note_id]}"'
        return f'<a{own} class="noteref" href="{file}#{target}" epub:type="noteref" role="doc-noteref">{label}</a>'

    def _notes(self, note_ids: list[str]) -> str:
        if not note_ids:
            return ""
        self._in_note = True
        notes = "\n".join(self._note(self.book.notes[note_id], note_id) for note_id in note_ids)
        self._in_note = False
        return f'<div class="notes">\n{notes}\n</div>\n'

    def _note(self, note: Note, note_id: str) -> str:
        kind = "endnote" if note.kind == "endnote" else "footnote"
        inside = self.blocks(note.blocks)
        label = escape(self.survey.labels[note_id])
        own = self.survey.note_ids[note_id]
        back = f'<span class="label">{label}</span> '
        if note_id in self._referred:
            back = f'<a class="label" href="#{self.survey.ref_ids[note_id]}" role="doc-backlink">{label}</a> '
        inside = f"<p>{back}{inside[3:]}" if inside.startswith("<p>") else f"<p>{back.rstrip()}</p>\n{inside}"
        language = self.language_attributes(note.lang, "")
        return f'<aside id="{own}" class="note"{language} epub:type="{kind}" role="doc-footnote">\n{inside}\n</aside>'

    def math(self, node: Math) -> str:
        rebuilt = mathml.rebuild(node.mathml, node.alt, is_display=node.display)
        if not rebuilt:
            return escape(node.alt)
        self.has_math = True
        return rebuilt

    def page_mark(self, node: PageMark) -> str:
        label = one_line(node.label)
        if self._in_note or not self._marks or not label:
            return ""
        return (
            f'<span id="{self._marks.popleft()}" epub:type="pagebreak" role="doc-pagebreak"'
            f' aria-label="{attribute(label)}"></span>'
        )


def asset_names(survey: Survey, *, length: int = 64) -> dict[str, str]:
    """Return the file names of the pictures that are used, by key: their hash, cut to `length`."""
    assets = survey.book.assets
    return {key: f"{key[:length]}.{MEDIA_TYPES[assets[key].media_type]}" for key in survey.assets}
