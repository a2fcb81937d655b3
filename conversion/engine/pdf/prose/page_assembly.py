"""Pages: what was laid out is divided, drawn page by page, and looked over."""

from __future__ import annotations

from ...findings.model import PageArea
from ...typography.ornaments import ORNAMENTS
from ..page_batch import PageBatch
from ..part import Defect
from .layout import POINTS_PER_MM, Block, Layout, Strip
from .paging import NEVER, Frame, Page, Paginator
from .painting import Canvas
from .pictures import Pictures
from .shaped_text import Side
from .words import Look, Word

_RULE_ABOVE, _RULE_BELOW, _RULE_PT = 0.7, 0.45, 0.4  # between text and notes
_END_RULE, _GREY = 0.5, 0.47  # above the notes at the end, in lines
_LABEL_GAP, _LEADER_GAP = 0.3, 0.4


class PageAssembly:
    """Makes the pages of a layout. `is_verso` pages begin on the left. `defects` are known when they are made."""

    def __init__(self, layout: Layout, *, is_verso: bool = False) -> None:
        self._layout = layout
        self._is_verso = is_verso
        self._shown: dict[Word, None] = {}  # words on the pages that the shaped text has not
        self._links: dict[tuple[int, int], int] = {}
        self._pictures = Pictures()
        self.anchors: dict[str, tuple[int, float, float]] = {}
        self.defects: list[Defect] = []

    def batch(self, name: str = "") -> PageBatch:
        """Return the pages; `name` is the id of the piece's beginning."""
        layout, target = self._layout, self._layout.target
        note_space = (_RULE_ABOVE + _RULE_BELOW) * layout.size + _RULE_PT
        frame = Frame(target.text_height_mm * POINTS_PER_MM, layout.line, note_space, target.is_facing)
        if name:
            self.anchors[name] = (0, round(self._left(0), 2), round(self._top(), 2))
        pages = Paginator(layout.rows, frame).pages() if layout.body.blocks else [Page(0, 0, 0, 0)]
        for number, page in enumerate(pages):
            canvas = Canvas(layout.draft, layout.faces, layout.lexicon, self._links, is_justified=target.is_justified)
            self._paint(canvas, number, page)
            canvas.close()
            self._shown |= dict.fromkeys(canvas.divided)
        self._report(pages)
        batch = layout.draft.batch(layout.faces, self._glyphs())
        self._pictures.add_to(batch)
        batch.anchors = self.anchors
        return batch

    def _glyphs(self) -> dict[int, set[int]]:
        """Which glyphs of which files the pages show, or might: initials stand in the shaped text in two ways."""
        glyphs: dict[int, set[int]] = {}
        for shaped in self._layout.shaped_texts:
            for cut, used in shaped.glyphs().items():
                glyphs.setdefault(cut, set()).update(used)
        for part in (part for word in self._shown for part in word.stretches):
            glyphs.setdefault(part.run.cut, set()).update(part.run.glyphs)
        for place, codes in glyphs.items():
            face = self._layout.faces.cut(place)
            assert face is not None  # noqa: S101  # something was set in it
            codes.add(face.space_glyph)
        return glyphs

    def _left(self, page: int) -> float:
        """The left margin of a page: on facing pages, every second one is a left page."""
        target = self._layout.target
        is_left = target.is_facing and (page % 2 == 1) != self._is_verso
        return (target.margins.outer if is_left else target.margins.inner) * POINTS_PER_MM

    def _top(self) -> float:
        return self._layout.draft.height - self._layout.target.margins.top * POINTS_PER_MM

    # ------------------------------------------------------------ drawing

    def _paint(self, canvas: Canvas, number: int, page: Page) -> None:
        layout, rows = self._layout, self._layout.rows
        left = self._left(number)
        if page.end > page.start:
            down = self._top() + rows.tops[page.start] - rows.heads[page.start]
            self._paint_rows(canvas, layout.body, range(page.start, page.end), (left, down))
            self._find(layout.body, range(page.start, page.end), number, (left, down))
        if page.note_end > page.note_start:
            foot = layout.target.margins.bottom * POINTS_PER_MM
            top = foot + rows.note_bottoms[page.note_end - 1] - rows.note_tops[page.note_start]
            canvas.end_tag()
            canvas.rule(left, top + _RULE_BELOW * layout.size + _RULE_PT, layout.measure, _RULE_PT)
            down = top + rows.note_tops[page.note_start]
            self._paint_rows(canvas, layout.notes, range(page.note_start, page.note_end), (left, down))
            self._find(layout.notes, range(page.note_start, page.note_end), number, (left, down))

    def _find(self, strip: Strip, rows: range, page: int, corner: tuple[float, float]) -> None:
        """Remember where the anchors of rows have come to stand."""
        if not strip.places:
            return
        for at in rows:
            for name in strip.places.get(at, ()):
                self.anchors.setdefault(name, (page, round(corner[0], 2), round(corner[1] - strip.tops[at], 2)))

    def _paint_rows(self, canvas: Canvas, strip: Strip, rows: range, corner: tuple[float, float]) -> None:
        """Paint rows; one of them has its top as far below the corner as it has below the beginning of its strip."""
        at = rows.start
        while at < rows.stop:
            block = strip.blocks[strip.owners[at]]
            stop = min(block.first + block.count, rows.stop)
            lines = range(at - block.first, stop - block.first)
            self._paint_block(canvas, block, lines, (corner[0], corner[1] - strip.tops[at]))
            at = stop

    def _paint_block(self, canvas: Canvas, block: Block, lines: range, corner: tuple[float, float]) -> None:
        """Paint some lines of a block, the first of them at the corner."""
        layout, para, (left, top) = self._layout, block.para, corner
        x, baseline = left + para.style.left * layout.size, top - block.base
        if lines.start == 0:
            self._begin(canvas, block, x, top)
        if para.picture is not None:
            self._paint_picture(canvas, block, x, top)
            return
        chosen = block.lines[lines.start : lines.stop] if len(lines) < len(block.lines) else block.lines
        canvas.lines(para, chosen, block.element, block.size, (x, baseline, block.height))
        if lines.stop >= block.count:
            last = (len(lines) - 1) * block.height
            self._end(canvas, block, left, top - last)

    def _begin(self, canvas: Canvas, block: Block, x: float, top: float) -> None:
        """Draw what stands before a paragraph's first words."""
        para, layout = block.para, self._layout
        if block is layout.end_rule:
            canvas.rule(x, top + _END_RULE * layout.line, layout.measure, _RULE_PT, _GREY)
        if para.label is not None:
            label = para.label
            width = (sum(word.width for word in label.words) + sum(label.gaps)) * block.size
            start = x - width - _LABEL_GAP * block.size if para.is_label_hung else x
            canvas.words(label.words, label.gaps, block.label, block.size, (start, top - block.base))
        if block.initial is not None:
            self._paint_initial(canvas, block, x, top - block.base)

    def _end(self, canvas: Canvas, block: Block, left: float, top: float) -> None:
        """Draw what stands beside or below a paragraph's last line, whose top is given."""
        if block.para.tail is not None:
            self._paint_tail(canvas, block, left, top - block.base)
        if block.para.ornament:
            self._paint_ornament(canvas, block, left, top)
        if block.para.rule is not None:
            self._paint_rule(canvas, block, left, top)

    def _paint_initial(self, canvas: Canvas, block: Block, x: float, baseline: float) -> None:
        initial, design = block.initial, self._layout.design
        assert initial is not None  # noqa: S101
        x -= initial.bearing_pt
        foot = baseline - initial.drop_pt
        if block.initial_marks:
            marks = self._layout.lexicon[Look(design.text, self._layout.target.weight)][block.initial_marks]
            place = (x - initial.marks_width_pt, foot + initial.marks_rise_pt)
            canvas.words([marks], [0.0], block.element, initial.marks_size_pt, place)
            self._shown[marks] = None
        letter = self._layout.lexicon[Look(design.initial or design.text, initial.weight)][initial.letter]
        canvas.words([letter], [0.0], block.element, initial.size_pt, (x, foot))
        self._shown[letter] = None

    def _paint_tail(self, canvas: Canvas, block: Block, left: float, baseline: float) -> None:
        """Draw figures at the end of the measure, and dots that lead to them."""
        tail, line = block.para.tail, block.lines[-1]
        assert tail is not None  # noqa: S101
        start = left + self._layout.measure - tail.width * block.size
        canvas.words([tail], [0.0], block.element, block.size, (start, baseline))
        self._shown[tail] = None
        end = left + block.para.style.left * self._layout.size + (line.left + line.natural) * block.size
        canvas.dots(end + _LEADER_GAP * block.size, start - _LEADER_GAP * block.size, baseline)

    def _paint_ornament(self, canvas: Canvas, block: Block, left: float, top: float) -> None:
        """Draw the ornament of a scene break in its row, or that of a title in the space below it."""
        para, layout = block.para, self._layout
        drawing, size = ORNAMENTS[para.ornament], layout.size
        if para.is_title:
            top, room = top - block.height, para.style.below * layout.line
        else:
            room = block.height
        start, measure = self._across(block, left)
        middle = start + (measure if para.style.side is Side.CENTER else drawing.width * size) / 2
        canvas.ornament(para.ornament, middle, top - (room - drawing.height * size) / 2, size)

    def _paint_rule(self, canvas: Canvas, block: Block, left: float, top: float) -> None:
        """Draw the rule in the middle of the space below a title."""
        para, layout = block.para, self._layout
        assert para.rule is not None  # noqa: S101
        start, measure = self._across(block, left)
        width = para.rule[0] * layout.size or measure
        x = start + (measure - width) / 2 if para.style.side is Side.CENTER else start
        canvas.rule(x, top - block.height - para.style.below * layout.line / 2, width, para.rule[1])

    def _across(self, block: Block, left: float) -> tuple[float, float]:
        """Where a block begins and how wide it is."""
        style, size = block.para.style, self._layout.size
        return left + style.left * size, self._layout.measure - (style.left + style.right) * size

    def _paint_picture(self, canvas: Canvas, block: Block, x: float, top: float) -> None:
        picture = block.para.picture
        assert picture is not None  # noqa: S101
        width, height = block.picture_size
        style, size = block.para.style, self._layout.size
        room = self._layout.measure - (style.left + style.right) * size
        box = (x + (room - width) / 2, top - (block.height - height) / 2 - height, width, height)
        if picture.is_decorative:
            canvas.decoration(self._pictures.name(picture), box)
        else:
            canvas.picture(self._pictures.name(picture), block.element, box)

    # ------------------------------------------------------------ what is wanting

    def _report(self, pages: list[Page]) -> None:
        """Tell of lines too long or too loose, of ladders and of lone lines, with their places."""
        suspects = iter(sorted(self._layout.suspects, key=lambda suspect: suspect[1]))
        waiting = next(suspects, None)
        for number, page in enumerate(pages, start=1):
            if page.cost >= NEVER and page.end > page.start:
                self._tell("widow", number, page, range(page.end - 1, page.end))
            while waiting is not None and waiting[1] < page.end:
                self._tell(waiting[0], number, page, range(waiting[1], min(waiting[2], page.end)))
                waiting = next(suspects, None)

    def _tell(self, kind: str, number: int, page: Page, found: range) -> None:
        layout, rows = self._layout, self._layout.rows
        origin = rows.tops[page.start] - rows.heads[page.start]
        unit = 10 / POINTS_PER_MM
        area = PageArea(
            layout.target.name,
            number,
            round(self._left(number - 1) * unit),
            round(layout.target.margins.top * 10 + (rows.tops[found.start] - origin) * unit),
            round(layout.measure * unit),
            round((rows.bottoms[found.stop - 1] - rows.tops[found.start]) * unit),
        )
        block = layout.body.blocks[layout.body.owners[found.start]]
        line = block.lines[found.start - block.first] if block.lines else None
        words = line.segment.words[line.start[0] : line.end[0]] if line is not None else []
        self.defects.append(Defect(kind, area, " ".join(word.text for word in words)[:120]))
