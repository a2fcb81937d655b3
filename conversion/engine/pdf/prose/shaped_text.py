"""What is set, before any page is known: paragraphs of shaped words, their styles, and the tree of their meaning.

Horizontal lengths are in em of running text, vertical ones in lines. Nothing here depends on the target, so one
shaped text serves them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from .breaking import Points
from .pictures import Picture
from .words import Word


class Side(Enum):
    """How lines fill the measure. TEXT is justified where the target justifies."""

    TEXT = "text"
    START = "start"
    CENTER = "center"
    END = "end"


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set. `size` multiplies running text, `leading` is the distance of its lines; `leading_em`
    gives it in em of running text instead, for titles and notes. Those are rounded up to whole lines in all.

    `above` is left out at the top of a page, where `top` stands in its place. `orphans` lines stay together at its
    start and at its end. `is_kept` binds it to what follows, `is_bound` to what is before.
    """

    size: float = 1.0
    leading: float = 1.0
    leading_em: float = 0.0
    side: Side = Side.TEXT
    indent: float = 0.0  # of the first line; the others' if negative
    left: float = 0.0
    right: float = 0.0
    above: float = 0.0
    below: float = 0.0
    top: float = 0.0
    is_hyphenated: bool = True
    is_kept: bool = False
    is_bound: bool = False
    is_whole: bool = False  # never divided between pages
    orphans: int = 2


@dataclass(slots=True)
class Node:
    """An element of the structure tree. `parent` is the number of another node, -1 for the section itself."""

    tag: str
    parent: int = -1
    lang: str = ""


@dataclass(slots=True)
class Segment:
    """Words between forced line ends. `gaps[i]` is the space after word i, 0 where two only touch, and below 0 where no
    line may end; `settle` makes it positive and notes the place in `bound`. A line of verse has an
    indent of its own (`left`) and hangs what is too long (`hang`), both in em of the paragraph.

    `settle` sums up what every target asks for: `cut` is the file of all words (-1 if they differ), `codes` are theirs,
    `gap` is the space between any two (-1 if they differ)."""

    words: list[Word] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    plain: Points | None = None  # where lines may end, without and with hyphens
    divided: Points | None = None
    left: float = 0.0
    hang: float = 0.0
    widest: float = -1.0
    cut: int = -1
    gap: float = -1.0
    codes: list[str] = field(default_factory=list)
    bound: set[int] = field(default_factory=set)

    def settle(self) -> None:
        """Sum up the words."""
        words, gaps = self.words, self.gaps
        self.bound = {at for at, gap in enumerate(gaps) if gap < 0}
        for at in self.bound:
            gaps[at] = -gaps[at]
        self.widest = max([word.width for word in words], default=0.0)
        cuts = {word.cut for word in words}
        self.cut = cuts.pop() if len(cuts) == 1 else -1
        self.codes = [word.code for word in words] if self.cut >= 0 else []
        between = set(gaps[:-1])
        self.gap = between.pop() if len(between) == 1 else (-1.0 if between else 0.0)


@dataclass(slots=True)
class Para:
    """A paragraph. `anchors` are ids with the number of the segment and word they stand before; `notes` are note ids
    with the word that refers to them; `links` the addresses of its links."""

    style: Style
    node: int
    segments: list[Segment]
    lang: str
    label: Segment | None = None  # of a list's item, hung before the first line
    label_node: int = -1
    is_label_hung: bool = True
    initial: Initialled | None = None
    anchors: list[tuple[str, int, int]] = field(default_factory=list)
    notes: list[tuple[str, int, int]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    is_title: bool = False
    tail: Word | None = None  # figures at the end of the measure, with dots leading to them
    picture: Picture | None = None
    ornament: str = ""
    rule: tuple[float, float] | None = None  # a hairline below: width in em (0 is the measure) and thickness in points

    def words(self) -> Iterator[Word]:
        """Every word it may show."""
        for segment in self.segments:
            yield from segment.words
        if self.label is not None:
            yield from self.label.words
        if self.initial is not None:
            yield from self.initial.para.words()


@dataclass(slots=True)
class Initialled:
    """How a paragraph is set where there is room for an initial: the letter, the marks before it, and the paragraph
    without them; `characters` is the length of the whole."""

    letter: str
    marks: str
    characters: int
    para: Para


@dataclass(slots=True)
class ShapedText:
    """Paragraphs in order, and the elements they are part of. A note is a shaped text of its own, with its own tree."""

    nodes: list[Node] = field(default_factory=list)
    paras: list[Para] = field(default_factory=list)
    lang: str = ""
    _glyphs: dict[int, set[int]] = field(default_factory=dict)

    def glyphs(self) -> dict[int, set[int]]:
        """Which glyphs of which files its words are made of."""
        if not self._glyphs:
            for word in {word for para in self.paras for word in para.words()}:
                for part in word.stretches:
                    self._glyphs.setdefault(part.run.cut, set()).update(part.run.glyphs)
        return self._glyphs
