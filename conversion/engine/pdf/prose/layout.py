"""One piece for one target: rows of lines, pages of rows, and what is drawn on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ...book import PageArea
from ...designs import Design
from ...initials import Initial, Initials
from ...targets import Target
from ..part import Defect
from ..sheaf import Sheaf
from .faces import Faces
from .galley import Galley, Para, Side
from .lines import Breaker, Line
from .painting import Canvas
from .sheaves import Draft
from .paging import NEVER, Frame, Page, Paginator, Rows
from .words import Lexicon, Look, Word

_POINTS_PER_MM = 72 / 25.4
_NOTE_SIZE, _NOTE_LEADING, _NOTE_GAP = 0.8, 1.32, 0.25
_END_SIZE, _END_LEADING = 0.84, 1.34
_RULE_ABOVE, _RULE_BELOW, _RULE_PT = 0.7, 0.45, 0.4
_LABEL_GAP = 0.5
_AFTER_HYPHEN, _IN_STANZA = 30.0, 20.0
_LADDER = 3
_LEADER_GAP = 0.4
_LOOSEST = 2.0  # times the space between words, added to it
_TIGHTEST, _TOLERANCE = 0.31, 0.02


@dataclass(slots=True)
class Block:
    """A paragraph in lines: `first` is the number of its first row; `size`, `height` of a line and `base` (of the
    baseline in it) in points. One that is an ornament has a row and no lines."""

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


@dataclass(slots=True)
class Material:
    """A piece ready to be laid out. `notes` are by their ids in the book, `targets` the ids that links lead to."""

    galley: Galley
    notes: dict[str, Galley] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)


class Layout:
    """Lays out one piece. `foot` tells which notes may stand at the foot; `order` lists those that nobody refers to."""

    def __init__(
        self,
        material: Material,
        faces: Faces,
        lexicon: Lexicon,
        design: Design,
        target: Target,
        *,
        initials: Initials,
        sink_pt: float,
        lang: str = "",
    ) -> None:
        self._material = material
        self._faces = faces
        self._lexicon = lexicon
        self._design = design
        self._target = target
        self._sink = sink_pt
        self._initials = initials
        self._size = design.size_pt(target)
        self._line = design.line_pt(target)
        self._measure = target.measure_mm * _POINTS_PER_MM
        self._galleys: list[Galley] = []
        self._blocks: list[Block] = []
        self._owners: list[int] = []  # the block of each row
        self._notes: list[Block] = []
        self._note_owners: list[int] = []
        self._sums = Rows()
        self._below = 0.0
        self._y = 0.0
        self._elements_of: dict[tuple[int, int], int] = {}
        self._breaker = Breaker(
            lexicon,
            self._measure / self._size,
            is_justified=target.is_justified,
            is_hyphenated=target.is_hyphenated,
        )
        text = faces.first(design.text, target.weight, is_italic=False)
        self._base = (self._line + (text.ascent - text.descent) * self._size) / 2
        self._draft = Draft(round(target.width_mm * _POINTS_PER_MM, 4), round(target.height_mm * _POINTS_PER_MM, 4))
        self._draft.new_element("Sect", -1, lang)
        self.anchors: dict[str, tuple[int, float, float]] = {}
        self.defects: list[Defect] = []
        self.is_verso = False
        self._divided: dict[Word, None] = {}  # words that lines end or begin inside of
        self._suspects: list[tuple[str, int, int]] = []
        self._places: dict[int, list[str]] = {}  # anchors of rows
        self._note_places: dict[int, list[str]] = {}

    # ------------------------------------------------------------ rows

    def add(self, galley: Galley, foot: Iterable[str]) -> None:
        """Add the paragraphs of the piece. Of the notes they refer to, those in `foot` stand at the foot."""
        self._galleys.append(galley)
        allowed = set(foot)
        for para in galley.paras:
            self._add_para(galley, para)
            self._add_notes(para, allowed)

    def _add_para(self, galley: Galley, para: Para, scale: float = 1.0, leading: float = 0.0) -> None:
        style = para.style
        size = self._size * style.size * scale
        height = (leading or style.leading_em) * self._size or style.leading * self._line
        initial, marks = self._initial(para), ""
        if initial is not None and para.initial is not None:
            marks, para = para.initial.marks, para.initial.para
            room = (self._measure - (style.left + style.right) * self._size - initial.width_pt) / size
            lines = self._breaker.break_para(para, scale, first=(room,) * initial.lines)
        else:
            lines = self._breaker.break_para(para, scale)
        element, label = self._element(galley, para.node), self._label_element(galley, para)
        base = self._base if height == self._line else self._own_base(para, size, height)
        self._space_above(para)
        block = Block(para, lines, len(self._owners), element, size, base, height, label, initial, marks)
        self._add_rows(block)
        self._round(para, height * len(lines))
        self._place_anchors(block, self._places)
        self._watch(block)

    def _add_rows(self, block: Block) -> None:
        sums, style = self._sums, block.para.style
        count = max(len(block.lines), 1)
        y, height = self._y, block.height
        sums.tops += [y + number * height for number in range(count)]
        sums.bottoms += [y + number * height for number in range(1, count + 1)]
        sums.heads += [style.top * self._line] + [0.0] * (count - 1)
        sums.notes += [sums.notes[-1]] * count
        sums.costs += self._costs(block, count)
        if not self._blocks:
            sums.heads[0] = self._sink
        self._owners += [len(self._blocks)] * count
        self._blocks.append(block)
        self._y = y + count * height

    def _space_above(self, para: Para) -> None:
        if self._blocks:
            self._y += max(para.style.above, self._below) * self._line
        self._below = para.style.below

    def _round(self, para: Para, height: float) -> None:
        """Let what follows a title stand on the grid again."""
        if para.style.leading_em:
            self._y += -height % self._line

    def _own_base(self, para: Para, size: float, height: float) -> float:
        words = [word for segment in para.segments for word in segment.words if word.stretches]
        cut = self._faces.cut(words[0].stretches[0].run.cut) if words else None
        return (height + (cut.ascent - cut.descent) * size) / 2 if cut is not None else self._base

    def _costs(self, block: Block, count: int) -> list[float]:
        """What it costs to end a page before each line of a block."""
        para, lines = block.para, block.lines
        before = self._blocks[-1].para.style if self._blocks else None
        first = NEVER if para.style.is_bound or (before is not None and before.is_kept) else 0.0
        if count == 1:
            return [first]
        least = max(para.style.orphans, block.initial.lines if block.initial is not None else 0)
        most = count - para.style.orphans
        if para.style.is_whole or most < least:
            return [first] + [NEVER] * (count - 1)
        inside = [NEVER if not least <= number <= most else self._cost(lines, number) for number in range(1, count)]
        return [first, *inside]

    @staticmethod
    def _cost(lines: list[Line], number: int) -> float:
        before, line = lines[number - 1], lines[number]
        if before.segment.hang:
            return NEVER if line.segment is before.segment else _IN_STANZA
        return _AFTER_HYPHEN if before.end[1] > 0 else 0.0

    def _initial(self, para: Para) -> Initial | None:
        about = para.initial
        if about is None:
            return None
        return self._initials.of(about.letter, self._target, about.characters, marks=about.marks)

    # ------------------------------------------------------------ notes

    def _add_notes(self, para: Para, allowed: set[str]) -> None:
        if not para.notes:
            return
        block = self._blocks[-1]
        for note_id, segment, word in para.notes:
            if note_id in allowed:
                allowed.discard(note_id)
                self._add_note(note_id, block.first + _line_of(block, segment, word))

    def _add_note(self, note_id: str, row: int) -> None:
        sums = self._sums
        galley = self._material.notes[note_id]
        self._galleys.append(galley)
        scale = max(_NOTE_SIZE, self._target.smallest_pt / self._size)
        size, height = self._size * scale, self._size * scale * _NOTE_LEADING
        parent = self._draft.elements[self._blocks[self._owners[row]].element].parent
        note = self._draft.new_element("Note", parent, galley.lang, self._material.targets[note_id])
        self._elements_of[id(galley), -1] = note
        y = sums.note_bottoms[-1] + _NOTE_GAP * size if sums.note_bottoms else 0.0
        first = len(sums.note_tops)
        sums.note_starts.append(first)
        self._note_places[first] = [self._material.targets[note_id]]
        for para in galley.paras:
            lines = self._breaker.break_para(para, scale)
            element, label = self._element(galley, para.node), self._label_element(galley, para)
            own = size * para.style.size
            block = Block(para, lines, len(sums.note_tops), element, own, 0.0, height, label)
            block.base = self._own_base(para, own, height)
            self._note_owners += [len(self._notes)] * len(lines)
            self._notes.append(block)
            sums.note_tops += [y + number * height for number in range(len(lines))]
            sums.note_bottoms += [y + number * height for number in range(1, len(lines) + 1)]
            y += height * len(lines)
            self._place_anchors(block, self._note_places)
        for at in range(row + 1, len(sums.notes)):
            sums.notes[at] = len(sums.note_tops)

    def add_end_notes(self, title: Galley, notes: Iterable[str]) -> None:
        """Add the notes that stand at the end, below a title and a rule."""
        self._galleys.append(title)
        for para in title.paras:
            para.style = replace(para.style, above=2.5)
            self._add_para(title, para, _END_SIZE, _END_SIZE * _END_LEADING)
        for note_id in notes:
            galley = self._material.notes[note_id]
            self._galleys.append(galley)
            note = self._draft.new_element("Note", 0, galley.lang, self._material.targets[note_id])
            self._elements_of[id(galley), -1] = note
            first = len(self._owners)
            for para in galley.paras:
                self._add_para(galley, para, _END_SIZE, _END_SIZE * _END_LEADING)
            self._places.setdefault(first, []).append(self._material.targets[note_id])

    # ------------------------------------------------------------ the tree

    def _element(self, galley: Galley, node: int) -> int:
        """The element of a node, made when it is first needed, after those it is in."""
        key = (id(galley), node)
        found = self._elements_of.get(key)
        if found is None:
            if node < 0:
                return 0
            about = galley.nodes[node]
            found = self._draft.new_element(about.tag, self._element(galley, about.parent), about.lang)
            self._elements_of[key] = found
        return found

    def _label_element(self, galley: Galley, para: Para) -> int:
        return self._element(galley, para.label_node) if para.label is not None else -1

    # ------------------------------------------------------------ places and defects

    @staticmethod
    def _place_anchors(block: Block, places: dict[int, list[str]]) -> None:
        for name, segment, word in block.para.anchors:
            places.setdefault(block.first + _line_of(block, segment, word), []).append(name)

    def _watch(self, block: Block) -> None:
        """Look for lines that are too long or too loose, and for hyphens at the ends of several in a row."""
        run = 0
        is_justified = block.para.style.side is Side.TEXT and self._target.is_justified
        for row, line in enumerate(block.lines, start=block.first):
            left = line.room - line.natural
            if left < -(line.spaces * _TIGHTEST + _TOLERANCE):
                self._suspects.append(("overfull", row, row + 1))
            elif is_justified and not line.is_last and left > _LOOSEST * line.spaces:
                self._suspects.append(("loose", row, row + 1))
            if line.end[1] > 0:
                run += 1
                continue
            if run >= _LADDER:
                self._suspects.append(("ladder", row - run, row))
            run = 0

    # ------------------------------------------------------------ pages

    def finish(self, name: str) -> Sheaf:
        """Make the pages; `name` is the id of the piece's beginning."""
        target = self._target
        note_space = (_RULE_ABOVE + _RULE_BELOW) * self._size + _RULE_PT
        frame = Frame(target.text_height_mm * _POINTS_PER_MM, self._line, note_space, target.is_facing)
        links: dict[tuple[int, int], int] = {}
        left, top = target.margins.inner * _POINTS_PER_MM, target.margins.top * _POINTS_PER_MM
        if name:
            self.anchors[name] = (0, left, self._draft.height - top)
        pages = Paginator(self._sums, frame).pages() if self._blocks else [Page(0, 0, 0, 0)]
        for number, page in enumerate(pages):
            canvas = Canvas(self._draft, self._faces, self._lexicon, links, is_justified=target.is_justified)
            self._paint(canvas, number, page)
            canvas.close()
            self._divided |= dict.fromkeys(canvas.divided)
        self._report(pages)
        sheaf = self._draft.sheaf(self._faces, self._glyphs())
        sheaf.anchors = self.anchors
        return sheaf

    def _glyphs(self) -> dict[int, set[int]]:
        """Which glyphs of which files the pages show, or may show on other pages: that is nearly the same."""
        glyphs: dict[int, set[int]] = {}
        for galley in self._galleys:
            for cut, used in galley.glyphs().items():
                glyphs.setdefault(cut, set()).update(used)
        for part in (part for word in self._divided for part in word.stretches):
            glyphs.setdefault(part.run.cut, set()).update(part.run.glyphs)
        for place, used in glyphs.items():
            cut = self._faces.cut(place)
            assert cut is not None  # noqa: S101
            used.add(cut.space_glyph)
        return glyphs

    def _left(self, page: int) -> float:
        margins = self._target.margins
        is_second = self._target.is_facing and page % 2 == 1
        return (margins.outer if is_second != self.is_verso else margins.inner) * _POINTS_PER_MM

    def _paint(self, canvas: Canvas, number: int, page: Page) -> None:
        sums = self._sums
        left = self._left(number)
        head = self._draft.height - self._target.margins.top * _POINTS_PER_MM
        if page.end > page.start:
            down = head + sums.tops[page.start] - sums.heads[page.start]
            self._paint_rows(canvas, self._blocks, self._owners, page.start, page.end, left, down, sums.tops)
            self._found(self._places, page.start, page.end, number, left, down, sums.tops)
        if page.note_end > page.note_start:
            foot = self._target.margins.bottom * _POINTS_PER_MM
            top = foot + sums.note_bottoms[page.note_end - 1] - sums.note_tops[page.note_start]
            canvas.end_tag()
            canvas.rule(left, top + _RULE_BELOW * self._size + _RULE_PT, self._measure, _RULE_PT)
            down = top + sums.note_tops[page.note_start]
            start, end, tops = page.note_start, page.note_end, sums.note_tops
            self._paint_rows(canvas, self._notes, self._note_owners, start, end, left, down, tops)
            self._found(self._note_places, start, end, number, left, down, tops)

    def _found(
        self, places: dict[int, list[str]], start: int, end: int, page: int, left: float, down: float, tops: list[float]
    ) -> None:
        """Remember where the anchors of rows have come to stand."""
        if places:
            for at in range(start, end):
                for name in places.get(at, ()):
                    self.anchors.setdefault(name, (page, round(left, 2), round(down - tops[at], 2)))

    def _paint_rows(
        self, canvas: Canvas, blocks: list[Block], owners: list[int], start: int, end: int,
        left: float, down: float, tops: list[float],
    ) -> None:  # fmt: skip
        """Paint rows from one to before another; row r has its top at `down - tops[r]`."""
        at = start
        while at < end:
            block = blocks[owners[at]]
            count = max(len(block.lines), 1)
            stop = min(block.first + count, end)
            self._paint_block(canvas, block, at - block.first, stop - block.first, left, down - tops[at])
            at = stop

    def _paint_block(self, canvas: Canvas, block: Block, start: int, stop: int, left: float, top: float) -> None:
        """Paint the lines of a block from one to before another."""
        para = block.para
        x, baseline = left + para.style.left * self._size, top - block.base
        if start == 0 and para.label is not None:
            self._paint_label(canvas, block, x, baseline)
        if start == 0 and block.initial is not None:
            self._paint_initial(canvas, block, x, baseline)
        lines = block.lines[start:stop] if start or stop < len(block.lines) else block.lines
        canvas.lines(para, lines, block.element, block.size, (x, baseline, block.height))
        if para.tail is not None and stop >= len(block.lines):
            self._paint_tail(canvas, block, left, baseline - (stop - start - 1) * block.height)
        if (para.ornament or para.rule) and stop >= len(block.lines):
            self._decorate(canvas, block, left, top - (stop - start - 1) * block.height)

    def _paint_label(self, canvas: Canvas, block: Block, x: float, baseline: float) -> None:
        label = block.para.label
        assert label is not None  # noqa: S101
        width = (sum(word.width for word in label.words) + sum(label.gaps)) * block.size
        start = x - width - _LABEL_GAP * block.size if block.para.is_label_hung else x
        canvas.words(label.words, label.gaps, block.label, block.size, (start, baseline))

    def _paint_initial(self, canvas: Canvas, block: Block, x: float, baseline: float) -> None:
        initial = block.initial
        assert initial is not None  # noqa: S101
        x -= initial.bearing_pt
        foot = baseline - initial.drop_pt
        look = Look(self._design.text, self._target.weight)
        if initial.marks_width_pt and block.initial_marks:
            marks = self._lexicon[look][block.initial_marks]
            place = (x - initial.marks_width_pt, foot + initial.marks_rise_pt)
            canvas.words([marks], [0.0], block.element, initial.marks_size_pt, place)
            self._divided[marks] = None
        large = self._lexicon[Look(self._design.initial or self._design.text, initial.weight)]
        letter = large[initial.letter]
        canvas.words([letter], [0.0], block.element, initial.size_pt, (x, foot))
        self._divided[letter] = None

    def _paint_tail(self, canvas: Canvas, block: Block, left: float, baseline: float) -> None:
        """Draw figures at the end of the measure, and dots that lead to them."""
        tail, line = block.para.tail, block.lines[-1]
        assert tail is not None  # noqa: S101
        start = left + self._measure - tail.figures.width * block.size
        canvas.words([tail.figures], [0.0], block.element, block.size, (start, baseline))
        self._divided[tail.figures] = None
        end = left + block.para.style.left * self._size + (line.left + line.natural) * block.size
        canvas.dots(end + _LEADER_GAP * block.size, start - _LEADER_GAP * block.size, baseline)

    def _decorate(self, canvas: Canvas, block: Block, left: float, top: float) -> None:
        """Draw the ornament of a scene break, or the rule and ornament below a title."""
        para, style = block.para, block.para.style
        measure = self._measure - (style.left + style.right) * self._size
        x = left + style.left * self._size
        below = top - block.height
        if para.ornament:
            from ...ornaments import ORNAMENTS

            height = ORNAMENTS[para.ornament].height * self._size
            room = style.below * self._line if para.segments[0].words else block.height
            start = below if para.segments[0].words else top
            is_centered = style.side is Side.CENTER
            middle = x + measure / 2 if is_centered else x + ORNAMENTS[para.ornament].width * self._size / 2
            canvas.ornament(para.ornament, middle, start - (room - height) / 2, self._size)
        if para.rule is not None:
            width = para.rule[0] * self._size or measure
            start = x + (measure - width) / 2 if style.side is Side.CENTER else x
            canvas.rule(start, below - style.below * self._line / 2, width, para.rule[1])

    # ------------------------------------------------------------ what is wanting

    def _report(self, pages: list[Page]) -> None:
        """Tell of lines too long or too loose, of ladders and of lone lines, with their places."""
        for number, page in enumerate(pages, start=1):
            if page.cost >= NEVER and page.end > page.start:
                self._tell("widow", number, page, page.end - 1, page.end)
            for kind, first, end in self._suspects:
                if page.start <= first < page.end:
                    self._tell(kind, number, page, first, min(end, page.end))

    def _tell(self, kind: str, number: int, page: Page, first: int, end: int) -> None:
        sums = self._sums
        origin = sums.tops[page.start] - sums.heads[page.start]
        margins = self._target.margins
        unit = 10 / _POINTS_PER_MM
        area = PageArea(
            self._target.name,
            number,
            round(self._left(number - 1) * unit),
            round(margins.top * 10 + (sums.tops[first] - origin) * unit),
            round(self._measure * unit),
            round((sums.bottoms[end - 1] - sums.tops[first]) * unit),
        )
        block = self._blocks[self._owners[first]]
        line = block.lines[first - block.first] if block.lines else None
        words = line.segment.words[line.start[0] : line.end[0]] if line is not None else []
        self.defects.append(Defect(kind, area, " ".join(word.text for word in words)[:120]))


def _line_of(block: Block, segment: int, word: int) -> int:
    """Return the number of the line of a block that holds a word."""
    for number, line in enumerate(block.lines):
        if line.segment is block.para.segments[segment] and word < line.end[0]:
            return number
    return max(len(block.lines) - 1, 0)
