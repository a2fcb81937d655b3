"""Faces as the prose engine sees them: which file has a character, and how HarfBuzz shapes a word in it.

Everything is in thousandths of an em, so that what is shaped once serves every size of every target. A word that
needs letters of several files ("Škoda" with its caron in another file) is shaped in as many runs.
"""

# uharfbuzz's hints do not name what its compiled part offers.
# mypy: disable-error-code="attr-defined,name-defined"

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import uharfbuzz as hb

from ...typography import fonts
from .errors import Unsettable

_SCRIPTS = {"greek": "Grek", "greek-ext": "Grek", "cyrillic": "Cyrl", "cyrillic-ext": "Cyrl"}
# Characters that faces lack and that are written with others; those that only steer breaks are not written at all.
_WRITTEN: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "\u2060\ufeff\u200b\u200c\u200d\u00ad")),
    0x2010: "-", 0x2011: "-", 0x2015: "—", 0x2E3A: "——", 0x2E3B: "———",
}  # fmt: skip
# Spaces of a given width that faces may lack; drawn as a common space, with its advance put right.
SPACES = {
    "\u00a0": 0.0, "\u202f": 200.0, "\u2000": 500.0, "\u2001": 1000.0, "\u2002": 500.0, "\u2003": 1000.0,
    "\u2004": 333.0, "\u2005": 250.0, "\u2006": 167.0, "\u2007": 500.0, "\u2008": 250.0, "\u2009": 200.0,
    "\u200a": 100.0,
}  # fmt: skip
_PAST_GLYPHS = 256
_PLACES = {face: place for place, face in enumerate(fonts.FACES)}
_ESCAPES = {ord("("): "\\(", ord(")"): "\\)", ord("\\"): "\\\\", ord("\r"): "\\r"}


def code_of(glyph: int) -> str:
    """Return a glyph as it stands in a string of a PDF: two bytes, written as the characters of Latin-1."""
    return f"{chr(glyph >> 8)}{chr(glyph & 255)}".translate(_ESCAPES)


def number(value: float) -> str:
    """Return a figure with at most two decimals and nothing to spare."""
    return f"{round(value, 2) + 0.0:.6g}"


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one file: `code` is what stands inside `[(` and `)]TJ`; `width` in thousandths of its own em."""

    cut: int
    code: str
    width: float
    glyphs: frozenset[int]


class Cut:
    """One file of a face. `number` is its place in `fonts.FACES`."""

    def __init__(self, place: int, content: bytes) -> None:
        self.number = place
        self.content = content
        face = hb.Face(content)
        self.font = hb.Font(face)
        self.scale = 1000 / face.upem
        self.characters = frozenset(face.unicodes)
        self.texts: dict[int, str] = {}  # of glyphs that are no character of the file: ligatures
        self._encoded = {self.font.get_nominal_glyph(char) for char in self.characters}
        self.script = _SCRIPTS.get(fonts.FACES[place].scripts, "Latn")
        extents = self.font.get_font_extents("ltr")
        self.ascent: float = extents.ascender * self.scale / 1000
        self.descent: float = -extents.descender * self.scale / 1000
        capital = self.font.get_glyph_extents(self.font.get_nominal_glyph(0x48) or 0)
        self.capital: float = capital.y_bearing * self.scale / 1000 if capital is not None else 0.7
        self.space_glyph: int = self.font.get_nominal_glyph(0x20) or 0
        self.space: float = self.advance(self.space_glyph)
        self.space_code = code_of(self.space_glyph)
        # The hyphen at the end of a line is a code of its own, past the last glyph: it says "soft hyphen" to whoever
        # copies or hears the text, so that the word is whole again.
        self.hyphen_glyph: int = self.font.get_nominal_glyph(0x2D) or 0
        self.hyphen_code = face.glyph_count + _PAST_GLYPHS
        self._letters: dict[int, str] = {}
        self._joints: dict[int, str] = {}
        self._known: dict[int, tuple[str, float]] = {}  # the code and width of glyphs

    def advance(self, glyph: int) -> float:
        """Return a glyph's width in thousandths of an em."""
        width: float = self.font.get_glyph_h_advance(glyph) * self.scale
        return width

    def shape(self, text: str, *, spacing: float, language: str, is_tabular: bool) -> Run:
        """Shape characters that are all in this file. `spacing` in thousandths is added after each glyph; figures are
        of equal width where `is_tabular`."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction = "ltr"
        buffer.script = self.script
        if language:
            buffer.language = language
        features = {"kern": True, "liga": not spacing, "clig": not spacing}
        if is_tabular:
            features |= {"tnum": True, "lnum": True}
        hb.shape(self.font, buffer, features)
        glyphs = [info.codepoint for info in buffer.glyph_infos]
        if not self._encoded.issuperset(glyphs):
            self._note_texts(text, buffer.glyph_infos)
        codes: list[str] = []
        width = pending = 0.0  # `pending` is by how much the next glyph moves to the left
        scale, known = self.scale, self._known
        for glyph, place in zip(glyphs, buffer.glyph_positions, strict=True):
            offset, rise, advanced, _ = place.position
            if rise or not glyph:
                raise Unsettable(f"glyphs of {text!r}")
            code, nominal = known.get(glyph) or self._learn(glyph)
            advance = advanced * scale + spacing
            pending -= offset * scale
            if pending:
                codes.append(f"){number(pending)}(")
            codes.append(code)
            pending = nominal - advance + offset * scale
            width += advance
        if pending:
            codes.append(f"){number(pending)}(")
        return Run(self.number, "".join(codes), width, frozenset(glyphs))

    def _learn(self, glyph: int) -> tuple[str, float]:
        found = self._known[glyph] = (code_of(glyph), self.advance(glyph))
        return found

    def _note_texts(self, text: str, infos: Sequence[hb.GlyphInfo]) -> None:
        """Remember what glyphs stand for that no character has for itself."""
        clusters = [*sorted({info.cluster for info in infos}), len(text)]
        for info in infos:
            if info.codepoint not in self._encoded:
                end = clusters[clusters.index(info.cluster) + 1]
                self.texts.setdefault(info.codepoint, text[info.cluster : end])

    def letters(self) -> dict[int, str]:
        """Return what each glyph stands for: the first character that has it."""
        if not self._letters:
            for char in sorted(self.characters):
                self._letters.setdefault(self.font.get_nominal_glyph(char) or 0, chr(char))
        return self._letters

    def blank(self, width: float) -> Run:
        """Return a space of a width of its own."""
        pending = self.space - width
        code = self.space_code + (f"){number(pending)}(" if pending else "")
        return Run(self.number, code, width, frozenset((self.space_glyph,)))

    def joint(self, width: float) -> str:
        """Return a space of a width in em, as it stands between two words of a string."""
        pending = round(self.space - width * 1000)  # a thousandth of an em is less than anyone can see
        found = self._joints.get(pending)
        if found is None:
            found = self._joints[pending] = f"{self.space_code}){pending}(" if pending else self.space_code
        return found

    def hyphenated(self, run: Run) -> Run:
        """Return a run, shaped with a hyphen at its end, with the soft hyphen's code in its place."""
        usual = code_of(self.hyphen_glyph)
        place = run.code.rindex(usual)
        code = run.code[:place] + code_of(self.hyphen_code) + run.code[place + len(usual) :]
        self.texts[self.hyphen_code] = "\u00ad"
        return Run(run.cut, code, run.width, run.glyphs | {self.hyphen_code})


class Faces:
    """The packaged faces, each file loaded when a character first needs it. `load` gives a file's content."""

    def __init__(self, load: Callable[[fonts.Face], bytes | None] = fonts.load, language: str = "") -> None:
        self._load = load
        self.language = language
        self._cuts: dict[int, Cut | None] = {}
        self._orders: dict[tuple[str, int, bool], tuple[int, ...]] = {}

    def cut(self, place: int) -> Cut | None:
        """Return a file of `fonts.FACES`, None where it is not installed."""
        if place not in self._cuts:
            content = self._load(fonts.FACES[place])
            self._cuts[place] = Cut(place, content) if content is not None else None
        return self._cuts[place]

    def order(self, family: str, weight: int, *, is_italic: bool) -> tuple[int, ...]:
        """Return the files of a family in one weight and style, in the order in which they are asked for letters."""
        key = (family, weight, is_italic)
        if key not in self._orders:
            self._orders[key] = tuple(
                map(_PLACES.__getitem__, fonts.files_of(family, weight, "italic" if is_italic else "normal"))
            )
        return self._orders[key]

    def first(self, family: str, weight: int, *, is_italic: bool) -> Cut:
        """Return the file with the Latin letters. Raises Unsettable where it is not installed."""
        order = self.order(family, weight, is_italic=is_italic)
        cut = self.cut(order[0]) if order else None
        if cut is None:
            raise Unsettable(f"no face {family} {weight}")
        return cut

    def have(self, order: Sequence[int], characters: set[str]) -> bool:
        """Tell whether the files have all these characters."""
        missing = set(map(ord, "".join(characters).translate(_WRITTEN))) - set(map(ord, SPACES)) - {0x0A, 0x09, 0x0D}
        for place in order:
            if not missing:
                break
            cut = self.cut(place)
            missing -= cut.characters if cut is not None else frozenset()
        return not missing

    def shape(self, order: Sequence[int], text: str, *, spacing: float = 0.0, is_tabular: bool = False) -> list[Run]:
        """Shape a word. Raises Unsettable when a character is in none of the files."""
        if not text.isascii():
            text = text.translate(_WRITTEN)
        runs: list[Run] = []
        for place, part in self._split(order, text) if text else ():
            cut = self.cut(place)
            assert cut is not None  # noqa: S101  # a character was found in it
            pieces = [
                cut.blank(SPACES[piece] or cut.space)
                if piece in SPACES
                else cut.shape(piece, spacing=spacing, language=self.language, is_tabular=is_tabular)
                for piece in _pieces(part)
            ]
            runs.append(pieces[0] if len(pieces) == 1 else _joined(pieces))
        return runs

    def _split(self, order: Sequence[int], text: str) -> list[tuple[int, str]]:
        """Divide a word by the files that have its characters."""
        first = self.cut(order[0])
        if first is not None and first.characters.issuperset(map(ord, text)):
            return [(order[0], text)]
        parts: list[tuple[int, str]] = []
        for char in text:
            place = order[0] if char in SPACES else self._place(order, ord(char))
            if parts and parts[-1][0] == place:
                parts[-1] = (place, parts[-1][1] + char)
            else:
                parts.append((place, char))
        return parts

    def _place(self, order: Sequence[int], char: int) -> int:
        for place in order:
            cut = self.cut(place)
            if cut is not None and char in cut.characters:
                return place
        raise Unsettable(f"U+{char:04X}")


def _joined(runs: list[Run]) -> Run:
    """Runs of one file as one."""
    glyphs = frozenset[int]().union(*(run.glyphs for run in runs))
    return Run(runs[0].cut, "".join(run.code for run in runs), sum(run.width for run in runs), glyphs)


def _pieces(text: str) -> list[str]:
    """The text with each space of a fixed width apart."""
    if text.isascii() or not any(space in text for space in SPACES):
        return [text] if text else []
    pieces: list[str] = []
    word = ""
    for char in text:
        if char in SPACES:
            pieces += [word, char] if word else [char]
            word = ""
        else:
            word += char
    return [*pieces, word] if word else pieces
