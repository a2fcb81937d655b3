"""Inline elements to words: a thread of text is cut at its spaces, and every piece looked up in the lexicon.

Most paragraphs are one text and nothing else; they take the short way. Where looks change, words are put together from
stretches: a word may be half italic, and a note's figure is part of the word before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...book.model import (
    Anchor,
    CodeSpan,
    Emphasis,
    Inline,
    Language,
    LineBreak,
    Link,
    NoteRef,
    PageMark,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
    VerseLine,
)
from ...markup.links import external_url
from ...markup.survey import Survey
from ...markup.text import clean, language_tag, one_line
from ...typography.designs import Design
from ..markup import ELSEWHERE
from .errors import Unsettable
from .shaped_text import Para, Segment
from .words import NO_MARK, Dictionary, Lexicon, Look, Mark, Stretch, Word, parted

_BLANKS = re.compile("[ \t\n\r\f\x0b]+")
_MAX_INDENT, _VERSE_STEP, _VERSE_HANG = 8, 1.2, 1.6
_SUB_SIZE, _SUB_RISE, _SUPER_RISE = 0.68, -0.2, 0.36


def normal(text: str) -> str:
    """Return a text with every run of white space as one space, and without what may not stand in a book."""
    if text.isprintable() and "  " not in text:
        return text
    return _BLANKS.sub(" ", clean(text))


@dataclass(slots=True)
class Piece:
    """Part of a word under way."""

    text: str
    look: Look
    mark: Mark


class Threader:
    """Turns the inline elements of one piece of the book into words. `written` are the anchors placed so far."""

    def __init__(self, survey: Survey, lexicon: Lexicon, design: Design, piece: int) -> None:
        self._survey = survey
        self.lexicon = lexicon
        self._design = design
        self._piece = piece
        self.written: set[str] = set()
        self._para: Para
        self._segment: Segment
        self._pieces: list[Piece] = []
        self._referred: list[str] = []  # notes that the word under way refers to
        self._is_in_link = False
        self._kinds: dict[type, Callable[[Any, Look, Mark], None]] = {
            Text: lambda node, look, mark: self.text(node.text, look, mark),
            Emphasis: self._emphasis,
            Strong: lambda node, look, mark: self._all(node.children, replace(look, weight=700), mark),
            SmallCaps: self._small_capitals,
            Underline: lambda node, look, mark: self._all(node.children, look, replace(mark, is_underlined=True)),
            Strike: lambda node, look, mark: self._all(node.children, look, replace(mark, is_struck=True)),
            Subscript: lambda node, look, mark: self._all(node.children, _raised(look, _SUB_RISE), mark),
            Superscript: lambda node, look, mark: self._all(node.children, _raised(look, _SUPER_RISE), mark),
            CodeSpan: self._code,
            Language: self._language,
            Link: self._link,
            NoteRef: self._note_ref,
            LineBreak: lambda node, look, mark: self.end_segment(),
            Anchor: self._anchor,
            PageMark: lambda node, look, mark: None,
        }

    # ------------------------------------------------------------ paragraphs

    def fill(self, para: Para, inlines: Sequence[Inline], look: Look) -> None:
        """Thread inline elements into a paragraph. Raises Unsettable for what this engine does not set."""
        self._para = para
        if len(inlines) == 1 and type(inlines[0]) is Text:
            para.segments.append(self.plain(inlines[0].text, look))
            return
        self.begin(para)
        self._all(inlines, look, NO_MARK)
        self.end_segment()
        while len(para.segments) > 1 and not para.segments[-1].words:
            para.segments.pop()

    def fill_verse(self, para: Para, stanza: Sequence[VerseLine], look: Look) -> None:
        """Thread the lines of a stanza, each with its indent; what is too long for the measure hangs."""
        self.begin(para)
        for line in stanza:
            first = len(para.segments)
            self._all(line.inlines, look, NO_MARK)
            self.end_segment()
            for segment in para.segments[first:]:
                segment.left = min(max(line.indent, 0), _MAX_INDENT) * _VERSE_STEP
                segment.hang = _VERSE_HANG

    def plain(self, text: str, look: Look) -> Segment:
        """The short way: one text in one look."""
        dictionary = self.lexicon[look]
        tokens = normal(text).split(" ")
        if "" in tokens:
            tokens = [token for token in tokens if token]
        words = list(map(dictionary.__getitem__, tokens))
        gaps = [dictionary.space] * len(words)
        if dictionary.parts and not dictionary.parts.keys().isdisjoint(tokens):
            words, gaps = _parted(words, dictionary.parts, dictionary.space)
        if gaps:
            gaps[-1] = 0.0
        return Segment(words, gaps)

    def begin(self, para: Para) -> None:
        """Make a paragraph the current one."""
        self._para = para
        self._segment = Segment()
        self._pieces = []

    def end_segment(self) -> None:
        """End the line under way."""
        self._end_word(0.0)
        if self._segment.gaps:
            self._segment.gaps[-1] = 0.0
        self._para.segments.append(self._segment)
        self._segment = Segment()

    def _all(self, inlines: Sequence[Inline], look: Look, mark: Mark) -> None:
        for node in inlines:
            kind = self._kinds.get(type(node))
            if kind is None:
                raise Unsettable(type(node).__name__)
            kind(node, look, mark)

    # ------------------------------------------------------------ words

    def text(self, text: str, look: Look, mark: Mark) -> None:
        """Add running text to the word under way, and begin others at its spaces."""
        parts = normal(text).split(" ")
        if parts[0]:
            self._pieces.append(Piece(parts[0], look, mark))
        if len(parts) == 1:
            return
        dictionary = self.lexicon[look]
        space = dictionary.space
        self._end_word(space)
        for part in parts[1:-1]:
            if mark is NO_MARK:
                word = dictionary[part]
                self._add_parted(dictionary, word, space)
            else:
                self._pieces.append(Piece(part, look, mark))
                self._end_word(space)
        if parts[-1]:
            self._pieces.append(Piece(parts[-1], look, mark))

    def _end_word(self, gap: float) -> None:
        """Close the word under way; `gap` follows it."""
        pieces = self._pieces
        if not pieces:
            if self._segment.gaps and gap and not self._segment.gaps[-1]:
                self._segment.gaps[-1] = gap
            return
        if len(pieces) == 1 and pieces[0].mark is NO_MARK:
            self._add_known(pieces[0], gap)
        else:
            self._add_joined(pieces, gap)
        self._pieces = []
        for note_id in self._referred:
            self._para.notes.append((note_id, len(self._para.segments), len(self._segment.words) - 1))
        self._referred = []

    def _add_known(self, piece: Piece, gap: float) -> None:
        dictionary = self.lexicon[piece.look]
        word = dictionary[piece.text]
        self._add_parted(dictionary, word, gap)

    def _add_parted(self, dictionary: Dictionary, word: Word, gap: float) -> None:
        """Add a word, in its parts if it has any."""
        parts = dictionary.parts.get(word.text)
        if parts is None:
            self._segment.words.append(word)
        else:
            self._segment.words += parts[0]
            self._segment.gaps += parts[1]
        self._segment.gaps.append(gap)

    def _add_joined(self, pieces: list[Piece], gap: float) -> None:
        """A word of several looks, ended early where a line may end inside it."""
        run: list[Piece] = []
        for index, piece in enumerate(pieces):
            parts, gaps = parted(piece.text, self.lexicon[piece.look].space)
            for part, inner in zip(parts, gaps, strict=False):
                run.append(Piece(part, piece.look, piece.mark))
                self._add_word(run, inner)
                run = []
            run.append(Piece(parts[-1], piece.look, piece.mark))
            if index + 1 < len(pieces) and _joins(piece.text, pieces[index + 1].text):
                self._add_word(run, 0.0)
                run = []
        self._add_word(run, gap)

    def _add_word(self, pieces: list[Piece], gap: float) -> None:
        stretches: list[Stretch] = []
        for piece in pieces:
            stretches += self.lexicon[piece.look].stretches(piece.text, piece.mark)
        look = pieces[0].look if len(pieces) == 1 else None
        self._segment.words.append(Word("".join(piece.text for piece in pieces), look, tuple(stretches)))
        self._segment.gaps.append(gap)

    # ------------------------------------------------------------ elements

    def _emphasis(self, node: Emphasis, look: Look, mark: Mark) -> None:
        self._all(node.children, replace(look, is_italic=not look.is_italic), mark)

    def _small_capitals(self, node: SmallCaps, look: Look, mark: Mark) -> None:
        design = self._design
        small = replace(look, capitals=design.capitals_size, capital_spacing=design.capitals_spacing_em)
        self._all(node.children, small, mark)

    def _code(self, node: CodeSpan, look: Look, mark: Mark) -> None:
        mono = Look(self._design.mono, size=round(look.size * self._design.mono_size, 6), rise=look.rise)
        self.text(node.text, mono, mark)

    def _language(self, node: Language, look: Look, mark: Mark) -> None:
        if node.direction == "rtl":
            raise Unsettable("right to left")
        tag = language_tag(node.lang) if node.lang else ""
        self._all(node.children, look, replace(mark, lang=tag) if tag else mark)

    def _link(self, node: Link, look: Look, mark: Mark) -> None:
        """A link is interrupted by the note references in it, which are links of their own."""
        address = "" if self._is_in_link else self._address(node.href)
        if not address:
            self._all(node.children, look, mark)
            return
        inside: Mark | None = None
        for child in node.children:
            if isinstance(child, NoteRef):
                self._note_ref(child, look, mark)
                inside = None
                continue
            if inside is None:
                inside = replace(mark, link=self._new_link(address))
            self._is_in_link = True
            self._all([child], look, inside)
            self._is_in_link = False

    def _new_link(self, address: str) -> int:
        self._para.links.append(address)
        return len(self._para.links) - 1

    def _address(self, href: str) -> str:
        if not href.startswith("#"):
            return external_url(href)
        place = self._survey.places.get(href[1:])
        if place is None:
            return ""
        name = place.fragment or self._survey.pieces[place.piece].id
        return f"#{name}" if place.piece == self._piece else f"{ELSEWHERE}{name}"

    def _note_ref(self, node: NoteRef, look: Look, mark: Mark) -> None:
        home = self._survey.note_home.get(node.note_id)
        raised = replace(_raised(look, _SUPER_RISE), is_italic=False, weight=look.weight)
        if home is None:
            self.text(one_line(node.label), raised, mark)
            return
        label = one_line(node.label) or self._survey.labels[node.note_id]
        if home == self._piece:
            self._referred.append(node.note_id)
        if not self._is_in_link:
            target = self._survey.note_ids[node.note_id]
            address = f"#{target}" if home == self._piece else f"{ELSEWHERE}{target}"
            mark = replace(mark, link=self._new_link(address))
        self.text(label, raised, mark)

    def _anchor(self, node: Anchor, look: Look, mark: Mark) -> None:
        place = self._survey.places.get(node.id)
        if place is None or place.piece != self._piece or not place.fragment or place.fragment in self.written:
            return
        self.written.add(place.fragment)
        self._para.anchors.append((place.fragment, len(self._para.segments), len(self._segment.words)))


def _raised(look: Look, rise: float) -> Look:
    return replace(look, size=round(look.size * _SUB_SIZE, 6), rise=round(look.rise + rise * look.size, 6))


def _joins(before: str, after: str) -> bool:
    """Tell whether a line may end between two pieces of a word."""
    return bool(before) and before[-1] in "-\u2013\u2014" and after[0].isalpha()


def _parted(
    words: list[Word], parts: dict[str, tuple[list[Word], list[float]]], space: float
) -> tuple[list[Word], list[float]]:
    """The words with those divided that are several."""
    found: list[Word] = []
    gaps: list[float] = []
    for word in words:
        inside = parts.get(word.text)
        if inside is None:
            found.append(word)
        else:
            found += inside[0]
            gaps += inside[1]
        gaps.append(space)
    return found, gaps
