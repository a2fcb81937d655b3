"""The analysis of a Book: its elements, passages and words, collected once and shared by every check.

The text is joined into one string, with an `END` character around each passage, so that a pattern runs over the whole
book at the speed of the regular expression engine. `spot` maps a position in that string back to its passage.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from ..book.language import primary
from ..book.model import (
    AnyBlock,
    Book,
    Chapter,
    CodeBlock,
    CodeSpan,
    Division,
    Heading,
    InlineImage,
    LineBreak,
    Math,
    NoteRef,
    Paragraph,
    Ruby,
    Text,
    Verse,
)
from ..book.walk import IDEOGRAPH, Node, count_words, walk

END = "\x1e"  # between passages; no manuscript can contain it, and it counts as white space
STAND_IN = "\ufffc"  # replaces what is not a word inside running text: formulas, pictures, note marks
_EDGES = "".join(chr(c) for c in range(0x21, 0x7F) if not chr(c).isalnum()) + "“”‘’„‚«»‹›…–—¿¡\ufffc\u2060\u00a0"

_SPACES = tuple(chr(c) for c in range(0x3001) if chr(c).isspace())


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of running text, with its spaces as typed, and its chapter. `typed` is the part that the author typed
    as prose: code in it is replaced by a stand-in."""

    chapter: Chapter
    block: Paragraph | Heading | CodeBlock
    text: str
    typed: str
    in_verse: bool = False


@dataclass(frozen=True, slots=True)
class TextPosition:
    """A position in a passage."""

    passage: Passage
    start: int = 0


class BookAnalysis:
    """An analysed Book. `nodes` and `passages` are those of the chapters; notes have their own, each with the chapter
    that refers to it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.nodes: list[tuple[Chapter, Node]] = []
        self.passages: list[Passage] = []
        self.words_of: dict[str, int] = dict.fromkeys((chapter.id for chapter in book.chapters), 0)  # by chapter id
        for chapter in book.chapters:
            self.passages += _passages(chapter, chapter.blocks, self.nodes)
        # Everything between spaces, in order, with its punctuation: split once, for counting and for the checks.
        self.tokens: list[str] = []
        for passage in self.passages:
            self.words_of[passage.chapter.id] += self._take_words(passage)
        self.note_nodes: list[tuple[Chapter, Node]] = []
        self.note_passages: list[Passage] = []
        self._look_at_notes()
        for passage in self.note_passages:
            self._take_words(passage)
        self.prose = [p for p in (*self.passages, *self.note_passages) if type(p.block) is not CodeBlock]
        self.whole_text = END + "".join([passage.typed + END for passage in self.prose])
        self._starts = list(accumulate((len(passage.typed) + 1 for passage in self.prose), initial=1))

    def _look_at_notes(self) -> None:
        if not self.book.notes or not self.book.chapters:
            return
        homes: dict[str, Chapter] = {}
        for chapter, node in self.nodes:
            if type(node) is NoteRef:
                homes.setdefault(node.note_id, chapter)
        for note in self.book.notes.values():
            home = homes.get(note.id, self.book.chapters[-1])
            self.note_passages += _passages(home, note.blocks, self.note_nodes)

    def _take_words(self, passage: Passage) -> int:
        """Add a passage's words to the tokens and return how many there are, by the rules of `count_words`."""
        tokens = passage.typed.split()
        if type(passage.block) is not CodeBlock:
            self.tokens += tokens
        text = passage.text
        if passage.typed is text and STAND_IN not in text and (text.isascii() or not IDEOGRAPH.search(text)):
            return len(tokens)
        return count_words(text.replace(STAND_IN, " "))

    @property
    def words(self) -> int:
        return sum(self.words_of.values())

    @property
    def language(self) -> str:
        """The book's language without region, in lower case; "" when it is not known."""
        return primary(self.book.metadata.language)

    def language_of(self, passage: Passage) -> str:
        """The language of a passage, without region."""
        return primary(passage.block.lang or passage.chapter.lang) or self.language

    def spot(self, at: int) -> TextPosition:
        """Return the passage and position for an offset in `whole_text`."""
        index = max(0, bisect_right(self._starts, at) - 1)
        index = min(index, len(self.prose) - 1)
        return TextPosition(self.prose[index], max(0, at - self._starts[index]))

    @cached_property
    def is_polyglot(self) -> bool:
        """Whether some blocks are marked as being in another language than the book."""
        return any(self.language_of(passage) != self.language for passage in self.prose)

    @cached_property
    def characters(self) -> frozenset[str]:
        """All characters of the prose, gathered from its words, which is fast."""
        return frozenset(self.token_text).union(space for space in _SPACES if space in self.whole_text)

    @cached_property
    def counted(self) -> Counter[str]:
        """How often each token occurs."""
        return Counter(self.tokens)

    @cached_property
    def token_text(self) -> str:
        """Each distinct token once, separated by spaces: a pattern that matches no word here matches nowhere in the
        book."""
        return f" {' '.join(self.counted)} "

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """How often each word occurs, in lower case and without the punctuation around it."""
        words: Counter[str] = Counter()
        for token, count in self.counted.items():
            words[token.strip(_EDGES).lower()] += count
        del words[""]
        return words


def analyse(book: Book) -> BookAnalysis:
    """Analyse the Book once, for the checks here and in `fidelity.py`."""
    return BookAnalysis(book)


def _passages(chapter: Chapter, blocks: list[AnyBlock], nodes: list[tuple[Chapter, Node]]) -> list[Passage]:
    """Return the passages of blocks and add every element to `nodes`. Text follows the block it is in."""
    found: list[tuple[Paragraph | Heading | CodeBlock, list[str], list[int], bool]] = []
    parts: list[str] = []
    codes: list[int] = []  # which of `parts` are code
    lines = 0  # remaining lines of verse
    for node in walk(blocks):
        kind = type(node)
        if kind is Text:
            parts.append(node.text)
            continue
        if kind is CodeSpan:
            codes.append(len(parts))
            parts.append(node.text)
            continue
        nodes.append((chapter, node))
        if kind is Paragraph or kind is Heading:
            parts, codes = [], []
            found.append((node, parts, codes, lines > 0))
            lines -= lines > 0
        elif kind is CodeBlock:
            parts, codes = [node.text], []
            found.append((node, parts, codes, False))
        elif kind is Verse:
            lines = sum(map(len, node.stanzas))
        elif kind is LineBreak:
            parts.append("\n")
        elif kind is Ruby:
            parts.extend(base for base, _ in node.pairs)
        elif kind in (Math, InlineImage, NoteRef):
            parts.append(STAND_IN)
    return [_passage(chapter, *one) for one in found]


def _passage(
    chapter: Chapter, block: Paragraph | Heading | CodeBlock, parts: list[str], codes: list[int], in_verse: bool
) -> Passage:
    text = typed = "".join(parts)
    if codes:
        typed = "".join(STAND_IN if number in codes else part for number, part in enumerate(parts))
    return Passage(chapter, block, text, typed, in_verse)


def is_body(chapter: Chapter) -> bool:
    return chapter.division is Division.BODY
