"""Words, shaped once: a novel of 120,000 words has some 13,000 different ones.

A `Look` is how letters look apart from their size on the page; each look has its own dictionary of words. Widths are in
em of the paragraph, so that they serve every target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby

from .faces import Faces, Run
from .hyphens import Hyphens

# After these a line may end: a hyphen between letters, a dash before a word, an ellipsis of three dots never.
_INSIDE = re.compile(
    r"(?<=[^\W\d_][-\u2010])(?=[^\W\d_])|(?<=\d-)(?=\d)|(?<=\w\u2013)(?=\w)|(?<=\u2014)(?=[\w“‘(\[\"'])|(?<=--)(?=[\w“‘(\"'])"
    r"|(?<=\u200b)|(?<=\w/)(?=\w)"
)
_MAY_BREAK = re.compile("[-\u2010\u2013\u2014\u200b/]")
_DECIMALS = 6


def parts_of(text: str) -> list[str]:
    """Return a word cut where a line may end without a hyphen."""
    if not _MAY_BREAK.search(text):
        return [text]
    return [part for part in _INSIDE.split(text) if part]


@dataclass(frozen=True, slots=True)
class Look:
    """`size` multiplies the size of the paragraph, `rise` and `spacing` are in em (`spacing` of its own size). With
    `capitals` small letters become capitals of `capitals` times the size, `capital_spacing` apart."""

    family: str
    weight: int = 400
    is_italic: bool = False
    size: float = 1.0
    rise: float = 0.0
    spacing: float = 0.0
    capitals: float = 0.0
    capital_spacing: float = 0.0
    is_upper: bool = False
    is_tabular: bool = False  # figures of equal width


@dataclass(frozen=True, slots=True)
class Mark:
    """What lies over a run of text: a link (its number in the paragraph), a language, lines drawn along it."""

    link: int = -1
    lang: str = ""
    is_underlined: bool = False
    is_struck: bool = False


NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of one look: what is drawn without changing the face, the size or the rise."""

    run: Run
    size: float
    rise: float
    mark: Mark = NO_MARK


type Division = tuple[int, float, float]  # after so many letters; width in em before, with its hyphen, and after


class Word:
    """What is between two places where a line may end. `cut` is its file if it is plain (one file, the size of its
    paragraph, no mark), else -1. `look` is None for a word of several looks, which is never hyphenated."""

    __slots__ = ("code", "cut", "language", "look", "mark", "stretches", "text", "ways", "width")

    def __init__(self, text: str, look: Look | None, stretches: tuple[Stretch, ...]) -> None:
        self.text = text
        self.look = look
        self.stretches = stretches
        self.mark = stretches[0].mark if stretches else NO_MARK
        self.width = sum(part.run.width * part.size for part in stretches) / 1000
        self.cut = -1
        self.code = ""
        self.language = ""  # for which `ways` are: the places to divide it
        self.ways: tuple[Division, ...] | None = None
        if len(stretches) == 1 and self.mark is NO_MARK and stretches[0].size == 1.0 and not stretches[0].rise:
            self.cut = stretches[0].run.cut
            self.code = stretches[0].run.code

    def marked(self, mark: Mark) -> Word:
        """Return the word with a mark over it."""
        return Word(self.text, self.look, tuple(replace(part, mark=mark) for part in self.stretches))


class Dictionary(dict[str, Word]):
    """The words of one look. `split` are those in which a line may end without a hyphen, with their parts."""

    def __init__(self, faces: Faces, look: Look) -> None:
        super().__init__()
        self.faces = faces
        self.look = look
        self.order = faces.order(look.family, look.weight, is_italic=look.is_italic)
        self.base = faces.first(look.family, look.weight, is_italic=look.is_italic)
        self.space = (self.base.space / 1000 + look.spacing) * look.size
        self.parts: dict[str, list[Word]] = {}
        self._letters: dict[str, float] = {}

    def __missing__(self, text: str) -> Word:
        word = self[text] = Word(text, self.look, tuple(self.stretches(text)))
        parts = parts_of(text)
        if len(parts) > 1:
            self.parts[text] = [self[part] for part in parts]
        return word

    def stretches(self, text: str, mark: Mark = NO_MARK) -> list[Stretch]:
        """Shape a text. Raises Unsettable when a character is in no packaged face."""
        look = self.look
        if look.is_upper:
            text = text.upper()
        if look.capitals:
            return self._small_capitals(text, mark)
        runs = self.faces.shape(self.order, text, spacing=look.spacing * 1000, is_tabular=look.is_tabular)
        return [Stretch(run, look.size, look.rise, mark) for run in runs]

    def _small_capitals(self, text: str, mark: Mark) -> list[Stretch]:
        """Small letters as capitals of a smaller size."""
        look = self.look
        found: list[Stretch] = []
        for is_small, letters in groupby(text, lambda char: char != char.upper()):
            size = look.size * look.capitals if is_small else look.size
            piece = "".join(letters).upper()
            runs = self.faces.shape(self.order, piece, spacing=look.capital_spacing * 1000)
            found += [Stretch(run, round(size, _DECIMALS), look.rise, mark) for run in runs]
        return found

    def hyphenated(self, text: str) -> Word:
        """Return the start of a word with a hyphen after it."""
        key = f"{text}\u00ad"
        found = self.get(key)
        if found is None:
            *before, last = self.stretches(f"{text}-")
            cut = self.faces.cut(last.run.cut)
            if cut is not None:
                last = replace(last, run=cut.hyphenated(last.run))
            found = self[key] = Word(text, self.look, (*before, last))
        return found

    def divisions(self, word: Word, places: tuple[int, ...]) -> tuple[Division, ...]:
        """Return the ways to divide a word. Widths are summed from letters, kerning left out: near enough to choose a
        way; the parts are shaped when it is chosen."""
        letters, text = self._letters, word.text
        for char in text:
            if char not in letters:
                letters[char] = self._letter(char)
        widths = [letters[char] for char in text]
        whole, hyphen = sum(widths), self._letter("-")
        found = []
        for place in places:
            before = sum(widths[:place])
            found.append((place, before + hyphen, whole - before))
        return tuple(found)

    def _letter(self, char: str) -> float:
        return self[char].width


class Lexicon:
    """All dictionaries of a book, by look."""

    def __init__(self, faces: Faces) -> None:
        self.faces = faces
        self.hyphens = Hyphens()
        self._by_look: dict[Look, Dictionary] = {}

    def __getitem__(self, look: Look) -> Dictionary:
        found = self._by_look.get(look)
        if found is None:
            found = self._by_look[look] = Dictionary(self.faces, look)
        return found

    def divisions(self, word: Word, language: str) -> tuple[Division, ...]:
        """Return the ways to divide a word with a hyphen."""
        if word.ways is None or word.language != language:
            places = self.hyphens.of(word.text, language) if word.look is not None else ()
            word.ways = self[word.look].divisions(word, places) if places and word.look is not None else ()
            word.language = language
        return word.ways

    def part(self, word: Word, start: int, end: int, *, has_hyphen: bool) -> Word:
        """Return the letters of a word from `start` to `end`, with a hyphen after them if it is divided there."""
        if word.look is None:
            return word
        dictionary = self[word.look]
        text = word.text[start:end]
        found = dictionary.hyphenated(text) if has_hyphen else dictionary[text]
        return found if word.mark is NO_MARK else found.marked(word.mark)
