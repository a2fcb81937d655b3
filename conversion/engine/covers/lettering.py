"""Type for covers: find fonts, fall back by character, break a title into lines and fit them to a box.

Fonts are the packaged ones (WOFF2 under `static/vendor/fonts`, which FreeType reads directly) and the system's. Used by
the modules beside it only.
"""

from __future__ import annotations

import functools
import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ..typography.fonts import SYSTEM_FOLDERS

PROJECT_FONTS = Path(__file__).resolve().parents[3] / "static" / "vendor" / "fonts"
MAX_SYSTEM_FONTS = 600
LONG_WORD = 16  # letters
SMALL_FOR_A_WORD = 150  # px
_BREAK_ANYWHERE = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI")
_SHAPED = ("ARABIC", "HEBREW", "SYRIAC", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "THAI", "KHMER", "MYANMAR")
_FALLBACK = {
    "serif": ("noto-serif:400", "DejaVuSerif", "noto-sans:400", "DejaVuSans"),
    "sans": ("noto-sans:600", "DejaVuSans-Bold", "noto-serif:600", "DejaVuSans"),
}


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface choice: families in order of preference, as `<package>:<weight>[:italic]`, then plain file stems."""

    wishes: tuple[str, ...]
    kind: str = "serif"

    def files(self) -> tuple[Path, ...]:
        """Return the existing font files in order of preference."""
        return tuple(itertools.chain.from_iterable(map(_found, self.wishes + _FALLBACK[self.kind])))


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines that fit, with their size in pixels, line spacing and letter spacing (in em)."""

    face: Face
    lines: tuple[str, ...]
    size: int
    leading: float
    tracking: float

    @property
    def height(self) -> int:
        """The height from the top of the first line's capitals to the last baseline, in pixels."""
        return round(self.size * (0.72 + self.leading * (len(self.lines) - 1)))


def fit(
    text: str,
    face: Face,
    *,
    width: int,
    height: int,
    largest: int,
    smallest: int = 72,
    leading: float = 1.08,
    tracking: float = 0.0,
) -> Setting:
    """Return `text` at the largest size that fits the box (pixels), with its lines balanced. If it does not fit at
    `smallest`, the text is cut with an ellipsis."""
    plan = Setting(face, (), smallest, leading, tracking)
    best = _largest(plan, text, (width, height), largest)
    if (best is None or best.size < SMALL_FOR_A_WORD) and (halved := _halved(text)) != text:
        text = halved
        best = _largest(plan, text, (width, height), largest)
    return _evened(best, text, width) if best else _cut(plan, text, width, height)


def _largest(plan: Setting, text: str, box: tuple[int, int], largest: int) -> Setting | None:
    low, high, best = plan.size, max(largest, plan.size), None
    while low <= high:
        size = (low + high) // 2
        setting = replace(plan, lines=tuple(_wrap(text, plan.face, size, box[0], plan.tracking)), size=size)
        if _fits(setting, *box):
            best, low = setting, size + 1
        else:
            high = size - 1
    return best


def _halved(text: str) -> str:
    """Return the text with very long words split by a hyphen, for a size that is legible on a small cover."""
    words = text.split()
    return " ".join(
        f"{word[: len(word) // 2]}- {word[len(word) // 2 :]}" if len(word) >= LONG_WORD and word.isalpha() else word
        for word in words
    )


def draw(canvas: ImageDraw.ImageDraw, setting: Setting, xy: tuple[int, int], fill: str, *, align: str = "left") -> None:
    """Draw the lines. `xy` is the top of the first capitals, at the left edge, the centre or the right edge."""
    x, baseline = xy[0], xy[1] + setting.size * 0.72
    for line in setting.lines:
        width = measure(line, setting.face, setting.size, setting.tracking)
        start = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        for run, font, advance in _runs(line, setting.face, setting.size, setting.tracking):
            canvas.text((start, baseline), run, font=font, fill=fill, anchor="ls")
            start += advance
        baseline += setting.size * setting.leading


def measure(line: str, face: Face, size: int, tracking: float = 0.0) -> float:
    """Return the width of one line in pixels."""
    total = sum(advance for _, _, advance in _runs(line, face, size, tracking))
    return total - (tracking * size if line and tracking else 0.0)


def glyph(letter: str, face: Face, size: int) -> Image.Image | None:
    """Return one letter as a mask cropped to its ink, or None where no font has it."""
    path = _font_for(letter, face)
    if path is None:
        return None
    font = _font(path, size)
    left, top, right, bottom = font.getbbox(letter)
    if right <= left or bottom <= top:
        return None
    mask = Image.new("L", (round(right - left), round(bottom - top)), 0)
    ImageDraw.Draw(mask).text((-left, -top), letter, font=font, fill=255)
    return mask


def printable(text: str, face: Face) -> str:
    """Return the text without control characters and without characters that no available font can draw."""
    normal = unicodedata.normalize("NFC", text)
    kept = "".join(
        c if c.isspace() or (unicodedata.category(c)[0] != "C" and _font_for(c, face)) else " " for c in normal
    )
    return " ".join(kept.split())


# ---------------------------------------------------------------- lines


def _words(text: str) -> list[str]:
    """Return the unbreakable units: words, and single characters in scripts without spaces. A word includes the space
    before it."""
    words: list[str] = []
    for index, word in enumerate(text.split()):
        space = " " if index else ""
        if any(_script(c) in _BREAK_ANYWHERE for c in word):
            words += [space + word[0], *word[1:]]
        else:
            words.append(space + word)
    return words


def _wrap(text: str, face: Face, size: int, width: float, tracking: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and measure(line + word, face, size, tracking) > width:
            lines.append(line)
            line = word.lstrip()
        else:
            line += word
    return [*lines, line]


def _fits(setting: Setting, width: int, height: int) -> bool:
    return setting.height <= height and all(
        measure(line, setting.face, setting.size, setting.tracking) <= width for line in setting.lines
    )


def _evened(setting: Setting, text: str, width: int) -> Setting:
    """Return the setting with the narrowest width that needs no more lines, so that no line ends up with one short
    word."""
    low, high = width // 3, width
    while high - low > 8:
        middle = (low + high) // 2
        lines = _wrap(text, setting.face, setting.size, middle, setting.tracking)
        widest = max(measure(line, setting.face, setting.size, setting.tracking) for line in lines)
        if len(lines) <= len(setting.lines) and widest <= middle:
            high = middle
        else:
            low = middle
    lines = _wrap(text, setting.face, setting.size, high, setting.tracking)
    return replace(setting, lines=tuple(lines))


def _cut(plan: Setting, text: str, width: int, height: int) -> Setting:
    """Return as many lines in the plan's size as the box holds, the last one ending in an ellipsis."""
    room = max(1, int((height / plan.size - 0.72) / plan.leading) + 1)
    wrapped = _wrap(text, plan.face, plan.size, width, plan.tracking)
    lines = [_squeeze(line, plan, width) for line in wrapped]
    if len(lines) > room:
        lines = [*lines[: room - 1], _squeeze(lines[room - 1] + "…", plan, width)]
    return replace(plan, lines=tuple(lines))


def _squeeze(line: str, plan: Setting, width: int) -> str:
    while len(line) > 2 and measure(line, plan.face, plan.size, plan.tracking) > width:
        line = line[:-2].rstrip() + "…"
    return line


# ---------------------------------------------------------------- fonts


def _runs(line: str, face: Face, size: int, tracking: float) -> Iterator[tuple[str, ImageFont.FreeTypeFont, float]]:
    """Yield runs of text in a single font, in drawing order, with their advance in pixels."""
    pieces = [(path, "".join(run)) for path, run in itertools.groupby(line, key=lambda c: _font_for(c, face)) if path]
    if is_right_to_left(line):
        pieces.reverse()
    spread = tracking * size if not any(_script(c) in _SHAPED for c in line) else 0.0
    for path, run in pieces:
        font = _font(path, size)
        for part in run if spread else (run,):
            yield part, font, font.getlength(part) + spread


def _font_for(char: str, face: Face) -> Path | None:
    if char.isspace():
        char = " "
    return _covering(char, face)


@functools.lru_cache(maxsize=4096)
def _covering(char: str, face: Face) -> Path | None:
    return next((path for path in itertools.chain(face.files(), _system_fonts()) if _has(path, char)), None)


@functools.lru_cache(maxsize=64)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _has(path: Path, char: str) -> bool:
    """Return whether the font has a glyph of its own for the character."""
    probe, missing = _probe(path)
    return probe is not None and (char == " " or bytes(probe.getmask(char)) != missing)


@functools.lru_cache(maxsize=MAX_SYSTEM_FONTS)
def _probe(path: Path) -> tuple[ImageFont.FreeTypeFont | None, bytes]:
    try:
        font = ImageFont.truetype(path, 40, layout_engine=ImageFont.Layout.BASIC)
        return font, bytes(font.getmask("\U0010ffff"))
    except OSError:
        return None, b""


@functools.lru_cache(maxsize=64)
def _found(wish: str) -> tuple[Path, ...]:
    """Return the files of a preference, the Latin subset first. Packaged names are
    `<family>-<subset>-<weight>-<style>.woff2`."""
    if ":" not in wish:
        return tuple(path for path in _system_fonts() if path.stem == wish)
    family, weight, *style = wish.split(":")
    ending = f"-{weight}-{style[0] if style else 'normal'}"
    files = [path for path in _project_fonts() if path.stem.startswith(family + "-") and path.stem.endswith(ending)]
    return tuple(sorted(files, key=lambda path: (not path.stem.startswith(f"{family}-latin-{weight}"), path.stem)))


@functools.cache
def _project_fonts() -> tuple[Path, ...]:
    return tuple(sorted(PROJECT_FONTS.rglob("*.woff2"))) if PROJECT_FONTS.is_dir() else ()


@functools.cache
def _system_fonts() -> tuple[Path, ...]:
    found = (
        path
        for folder in SYSTEM_FOLDERS
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in (".ttf", ".otf", ".ttc")
    )
    return tuple(itertools.islice(found, MAX_SYSTEM_FONTS))


@functools.lru_cache(maxsize=2048)
def _script(char: str) -> str:
    return unicodedata.name(char, "").split(" ")[0]


def is_right_to_left(line: str) -> bool:
    """Return whether most letters of the line belong to a right-to-left script."""
    strong = [unicodedata.bidirectional(c) for c in line]
    return sum(s in ("R", "AL") for s in strong) * 2 > sum(s in ("L", "R", "AL") for s in strong)
