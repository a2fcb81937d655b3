"""One piece for one target: its paragraphs in lines, its lines in rows, its notes and pictures with their room.

What is built here stands as on one endless page; `assembling.py` divides it and draws it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...targets import Target
from ...typography.designs import Design
from ..initials import Initial, Initials
from ..style import share
from .faces import Faces
from .lines import Breaker, Line
from .paging import NEVER, Rows
from .painted_pages import Draft
from .pictures import Picture
from .shaped_text import Para, ShapedText, Side
from .words import Lexicon

POINTS_PER_MM = 72 / 25.4
_NOTE_SIZE, _NOTE_LEADING, _NOTE_GAP = 0.8, 1.32, 0.25
_END_SIZE, _END_LEADING = 0.84, 1.34
_AFTER_HYPHEN, _IN_STANZA = 20.0, 20.0
_LADDER = 3
_LOOSEST = 2.5  # times the space between words, added to it
_TIGHTEST, _TOLERANCE = 0.31, 0.02
_MAX_HEIGHT = 0.86  # of a page, for a picture
_POINTS_PER_PIXEL = 0.75


@dataclass(slots=True)
class Block:
    """A paragraph in lines: `first` is the number of its first row; `size`, `height` of a line and `base` (of the
    baseline in it) in points. An ornament has a row and no lines; a picture has one, and is `picture_size` large."""

    para: Para
    lines: list[Line]
    first: int
    element: int
    size: float
    base: float
    height: float
    label: int = -1
    initial: Initial | None = None
    initial_marks: str = ""
    beside: int = 0  # how many of its lines stand beside an initial
    picture_size: tuple[float, float] = (0.0, 0.0)

    @property
    def count(self) -> int:
        """How many rows it has."""
        return max(len(self.lines), 1)

    def line_of(self, segment: int, word: int) -> int:
        """Return the number of the line that holds a word: the last, for what comes after all words of a paragraph."""
        if segment < len(self.para.segments):  # empty lines at a paragraph's end are not set, what stands in them is
            for number, line in enumerate(self.lines):
                if line.segment is self.para.segments[segment] and word < line.end[0]:
                    return number
        return max(len(self.lines) - 1, 0)


@dataclass(slots=True)
class Strip:
    """Blocks one below the other: the block of each row, the tops of rows, and the anchors that stand in them."""

    tops: list[float]
    blocks: list[Block] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    places: dict[int, list[str]] = field(default_factory=dict)

    def add(self, block: Block) -> None:
        """Add a block; its rows' tops are the caller's to add."""
        self.owners += [len(self.blocks)] * block.count
        self.blocks.append(block)
        for name, segment, word in block.para.anchors:
            self.places.setdefault(block.first + block.line_of(segment, word), []).append(name)


@dataclass(slots=True)
class Material:
    """A piece ready to be laid out. `notes` are by their ids in the book, `targets` the ids that links lead to."""

    shaped: ShapedText
    notes: dict[str, ShapedText] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)


class Layout:
    """Lays out one piece. `sink` is the space above its first line, in points."""

    def __init__(
        self,
        material: Material,
        faces: Faces,
        lexicon: Lexicon,
        design: Design,
        target: Target,
        *,
        initials: Initials,
        sink: float,
        lang: str = "",
    ) -> None:
        self.faces = faces
        self.lexicon = lexicon
        self.design = design
        self.target = target
        self.size = design.size_pt(target)
        self.line = design.line_pt(target)
        self.measure = target.measure_mm * POINTS_PER_MM
        self.rows = Rows()
        self.body = Strip(self.rows.tops)
        self.notes = Strip(self.rows.note_tops)
        self.shaped_texts: list[ShapedText] = []
        self.suspects: list[tuple[str, int, int]] = []  # what may be wrong with rows from one to before another
        self.end_rule: Block | None = None  # the block above which a rule is drawn
        self.draft = Draft(round(target.width_mm * POINTS_PER_MM, 4), round(target.height_mm * POINTS_PER_MM, 4))
        self.draft.new_element("Sect", -1, lang)
        self._material = material
        self._sink = sink
        self._initials = initials
        self._below = 0.0
        self._beside = (0, 0.0)  # lines an initial still reaches down, and its width in points
        self._y = 0.0
        self._elements: dict[tuple[int, int], int] = {}
        self._breaker = Breaker(
            lexicon,
            self.measure / self.size,
            is_justified=target.is_justified,
            is_hyphenated=target.is_hyphenated,
        )
        text = faces.first(design.text, target.weight, is_italic=False)
        self._base = (self.line + (text.ascent - text.descent) * self.size) / 2

    # ------------------------------------------------------------ rows

    def add(self, shaped: ShapedText, foot: Iterable[str]) -> None:
        """Add the paragraphs of the piece. Of the notes they refer to, those in `foot` stand at the foot."""
        self.shaped_texts.append(shaped)
        allowed = set(foot)
        for para in shaped.paras:
            block = self._add_picture(shaped, para) if para.picture is not None else self._add_para(shaped, para)
            for note_id, segment, word in para.notes:
                if note_id in allowed:
                    allowed.discard(note_id)
                    self._add_note(note_id, block.first + block.line_of(segment, word))

    def _add_para(self, shaped: ShapedText, para: Para, scale: float = 1.0, leading: float = 0.0) -> Block:
        style = para.style
        size = self.size * style.size * scale
        height = (leading or style.leading_em) * self.size or style.leading * self.line
        initial, marks = self._initial(para), ""
        if initial is not None and para.initial is not None:
            marks, para = para.initial.marks, para.initial.para
            self._beside = (initial.lines, initial.width_pt)
        foot, width = self._beside
        if foot and not initial and (style.above or style.side not in (Side.TEXT, Side.START)):
            self._y += foot * self.line  # nothing but running text stands beside the foot of an initial
            foot = 0
        room = (self.measure - (style.left + style.right) * self.size - width) / size
        indent = style.indent if not initial else 0.0
        first = (room - indent, *[room] * (foot - 1)) if foot else ()
        lines = self._breaker.break_para(para, scale, first=first)
        self._beside = (max(foot - len(lines), 0), width)
        base = self._base if height == self.line else self._own_base(para, size, height)
        block = Block(para, lines, len(self.body.owners), 0, size, base, height, initial=initial, initial_marks=marks)
        block.beside = foot
        self._name(block, shaped)
        self._add_rows(block)
        self._watch(block)
        return block

    def _name(self, block: Block, shaped: ShapedText) -> None:
        """Give a block its place in the tree."""
        block.element = self._element(shaped, block.para.node)
        block.label = self._element(shaped, block.para.label_node) if block.para.label is not None else -1

    def _add_rows(self, block: Block) -> None:
        rows, style, count, height = self.rows, block.para.style, block.count, block.height
        if self.body.blocks:
            self._y += max(style.above, self._below) * self.line
        self._below = style.below
        rows.tops += [self._y + number * height for number in range(count)]
        rows.bottoms += [self._y + number * height for number in range(1, count + 1)]
        rows.heads += [style.top * self.line if self.body.blocks else self._sink] + [0.0] * (count - 1)
        rows.notes += [rows.notes[-1]] * count
        rows.costs += self._costs(block)
        self._y += count * height
        if style.leading_em:  # what follows a title stands on the grid again
            self._y += -count * height % self.line
        self.body.add(block)

    def _own_base(self, para: Para, size: float, height: float) -> float:
        words = [word for segment in para.segments for word in segment.words if word.stretches]
        cut = self.faces.cut(words[0].stretches[0].run.cut) if words else None
        return (height + (cut.ascent - cut.descent) * size) / 2 if cut is not None else self._base

    def _costs(self, block: Block) -> list[float]:
        """What it costs to end a page before each row of a block."""
        para, lines, count = block.para, block.lines, block.count
        before = self.body.blocks[-1].para.style if self.body.blocks else None
        is_bound = para.style.is_bound or (block.beside > 0 and block.initial is None)
        first = NEVER if is_bound or (before is not None and before.is_kept) else 0.0
        if count == 1:
            return [first]
        least = max(para.style.orphans, block.beside)
        most = count - para.style.orphans
        if para.style.is_whole or most < least:
            return [first] + [NEVER] * (count - 1)
        inside = [NEVER if not least <= number <= most else _cost(lines, number) for number in range(1, count)]
        return [first, *inside]

    def _initial(self, para: Para) -> Initial | None:
        about = para.initial
        if about is None:
            return None
        return self._initials.of(about.letter, self.target, about.characters, marks=about.marks)

    def _add_picture(self, shaped: ShapedText, para: Para) -> Block:
        """A picture, as large as it is, but no wider than the text and no higher than most of a page."""
        picture = para.picture
        assert picture is not None  # noqa: S101
        width, height = self._room_for(picture, para)
        rows = -(-height // self.line) * self.line
        block = Block(para, [], len(self.body.owners), 0, self.size, 0.0, rows, picture_size=(width, height))
        self._name(block, shaped)
        self.draft.elements[block.element].alt = picture.alt
        self._add_rows(block)
        return block

    def _room_for(self, picture: Picture, para: Para) -> tuple[float, float]:
        width, height = picture.width * _POINTS_PER_PIXEL, picture.height * _POINTS_PER_PIXEL
        room = self.measure - (para.style.left + para.style.right) * self.size
        most = self.target.text_height_mm * POINTS_PER_MM * _MAX_HEIGHT
        factor = min(1.0, room / width, most / height)
        return width * factor, height * factor

    # ------------------------------------------------------------ notes

    def _add_note(self, note_id: str, row: int) -> None:
        """Add a note at the foot of the page that row comes to stand on."""
        rows, shaped, name = self.rows, self._material.notes[note_id], self._material.targets[note_id]
        scale = share(self.target, self.design, _NOTE_SIZE)
        size, height = self.size * scale, self.size * scale * _NOTE_LEADING
        self._open_note(shaped, name, self.draft.elements[self.body.blocks[self.body.owners[row]].element].parent)
        y = rows.note_bottoms[-1] + _NOTE_GAP * size if rows.note_bottoms else 0.0
        rows.note_starts.append(len(rows.note_tops))
        self.notes.places.setdefault(len(rows.note_tops), []).append(name)
        for para in shaped.paras:
            own = size * para.style.size
            lines = self._breaker.break_para(para, scale)
            block = Block(para, lines, len(rows.note_tops), 0, own, self._own_base(para, own, height), height)
            self._name(block, shaped)
            rows.note_tops += [y + number * height for number in range(block.count)]
            rows.note_bottoms += [y + number * height for number in range(1, block.count + 1)]
            self.notes.add(block)
            y += height * block.count
        rows.notes[row + 1 :] = [len(rows.note_tops)] * (len(rows.notes) - row - 1)

    def add_end_notes(self, title: ShapedText, notes: Iterable[str]) -> None:
        """Add the notes that stand at the end, below a title and a rule."""
        scale = share(self.target, self.design, _END_SIZE)
        self.shaped_texts.append(title)
        for para in title.paras:
            self.end_rule = self._add_para(title, para, scale, scale * _END_LEADING)
        for note_id in notes:
            shaped, name = self._material.notes[note_id], self._material.targets[note_id]
            self._open_note(shaped, name, 0)
            self.body.places.setdefault(len(self.body.owners), []).append(name)
            for para in shaped.paras:
                self._add_para(shaped, para, scale, scale * _END_LEADING)

    def _open_note(self, shaped: ShapedText, name: str, parent: int) -> None:
        self.shaped_texts.append(shaped)
        self._elements[id(shaped), -1] = self.draft.new_element("Note", parent, shaped.lang, name)

    # ------------------------------------------------------------ the tree, and what may be wrong

    def _element(self, shaped: ShapedText, node: int) -> int:
        """The element of a node, made when it is first needed, after those it is in."""
        key = (id(shaped), node)
        found = self._elements.get(key)
        if found is None:
            if node < 0:
                return 0
            about = shaped.nodes[node]
            found = self.draft.new_element(about.tag, self._element(shaped, about.parent), about.lang)
            self._elements[key] = found
        return found

    def _watch(self, block: Block) -> None:
        """Look for lines that are too long or too loose, and for hyphens at the ends of several in a row."""
        run = 0
        is_justified = block.para.style.side is Side.TEXT and self.target.is_justified
        for row, line in enumerate(block.lines, start=block.first):
            left = line.room - line.natural
            if left < -(line.spaces * _TIGHTEST + _TOLERANCE):
                self.suspects.append(("overfull", row, row + 1))
            elif is_justified and not line.is_last and left > _LOOSEST * line.spaces:
                self.suspects.append(("loose", row, row + 1))
            if line.end[1] > 0:
                run += 1
                continue
            if run >= _LADDER:
                self.suspects.append(("ladder", row - run, row))
            run = 0


def _cost(lines: list[Line], number: int) -> float:
    """What it costs to end a page between two lines of a paragraph."""
    before, line = lines[number - 1], lines[number]
    if before.segment.hang:
        return NEVER if line.segment is before.segment else _IN_STANZA
    return _AFTER_HYPHEN if before.end[1] > 0 else 0.0
