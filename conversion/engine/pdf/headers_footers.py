"""Running heads and folios, printed onto pages that are set already.

No part of the book knows its page numbers, so that an edit of one chapter leaves all others as they are. The heads
and the ten figures are set once for each target, a page each, and stamped as artifacts: a screen reader passes
over them. A folio is its figures side by side in cells of equal width, which needs no metrics of the face.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..markup.text import escape, language_tag
from ..targets import Target
from ..typography.designs import Case, Position
from .binding import Binder
from .figures import WESTERN
from .markup import document
from .page_batch import PageBatch
from .prose import Display, Look, Side, Stamp, Unsettable
from .renderer import Renderer
from .style import families, share

_POINTS_PER_MM = 72 / 25.4
_CELL_EM = 0.6
_LINE = 1.4


@dataclass(frozen=True, slots=True)
class Slot:
    """What one page carries: its folio and its head, each only if it has one."""

    number: int = 0
    head: str = ""


class HeadersFooters:
    """The stamps of one target, ready to be printed into one document."""

    def __init__(self, renderer: Renderer, target: Target, heads: Sequence[str]) -> None:
        self._target, self._design = target, renderer.design
        self._language, self._figures = renderer.language, renderer.figures
        self._is_bound_right = renderer.book.is_bound_right
        sides = self._sides()
        keys = [(head, is_end) for head in dict.fromkeys(heads) for is_end in sides]
        self._heads = {key: index + 10 for index, key in enumerate(keys)}
        size = self._design.size_pt(target)
        self._head_pt = size * share(target, self._design, self._design.head_size)
        self._folio_pt = size * share(target, self._design, self._design.folio_size)
        self._cell_pt = _CELL_EM * self._folio_pt
        name = f"{target.name}-heads"
        self._part = renderer.set_display(self._stamps, name) or renderer.set_document(
            self._sheet(renderer), target, name, extra_css=self._css(), is_tagged=False
        )

    def _stamps(self, display: Display) -> PageBatch:
        """The ten figures and the heads, as our own engine sets them."""
        design = self._design
        if self._figures != WESTERN:
            raise Unsettable("figures of another script")
        figures = [Stamp(figure, self._cell_pt, self._folio_pt) for figure in WESTERN]
        family = design.heading if design.head_is_heading else design.text
        measure = self._target.measure_mm * _POINTS_PER_MM
        start = Side.START if design.head_position is Position.OUTER else Side.CENTER
        heads = [
            Stamp(head, measure, self._head_pt, Side.END if is_end and start is Side.START else start)
            for head, is_end in self._heads
        ]
        look = Look(
            family, 400, design.head_is_italic, spacing=design.head_spacing_em,
            is_upper=design.head_case is Case.CAPITALS,
        )  # fmt: skip
        return display.stamps([(figures, Look(family, 400, is_tabular=True)), (heads, look)])

    def _sheet(self, renderer: Renderer) -> str:
        stamps = [f'<div class="figure">{figure}</div>' for figure in self._figures]
        stamps += [f'<div class="head{" end" if is_end else ""}">{escape(head)}</div>' for head, is_end in self._heads]
        language = language_tag(renderer.language) or "und"
        return document("\n".join(stamps), title="", language=language, direction=renderer.book.direction)

    def _sides(self) -> tuple[bool, ...]:
        """On which sides heads are needed: False for the start of the line or its middle, True for its end."""
        if self._design.head_position is not Position.OUTER:
            return (False,)
        return (False, True) if self._target.is_facing else (True,)

    def _css(self) -> str:
        """Every stamp is a page of its own; a head too long for the measure ends in an ellipsis."""
        target, design = self._target, self._design
        head, folio = self._head_pt, self._folio_pt
        face = families(design.heading if design.head_is_heading else design.text, self._language)
        return f"""
@page figure {{ size: {self._cell_pt}pt {folio * _LINE}pt; margin: 0; }}
@page head {{ size: {target.measure_mm}mm {head * _LINE}pt; margin: 0; }}
div {{ break-after: page; text-align: center; white-space: nowrap; hyphens: none; line-height: {_LINE}; }}
.figure {{ page: figure; font-size: {folio}pt; direction: ltr; font-variant-numeric: lining-nums tabular-nums; }}
.figure, .head {{ font-family: {face}; font-weight: 400; }}
.head {{
  page: head;
  font-size: {head}pt;
  font-style: {"italic" if design.head_is_italic else "normal"};
  letter-spacing: {design.head_spacing_em}em;
  text-align: {"left" if design.head_position is Position.OUTER else "center"};
  {"text-transform: uppercase;" if design.head_case is Case.CAPITALS else ""}
  overflow: hidden;
  text-overflow: ellipsis;
}}
.head.end {{ text-align: right; }}
"""

    def provide(self, binder: Binder) -> None:
        """Make the stamps known to the file, whose pages may draw them from then on."""
        sheet = PageBatch.read(Path(self._part.path))
        resources = binder.resources_of(sheet)
        binder.stamps |= {f"Stamp{page}": binder.form(sheet, page, resources) for page in range(len(sheet.leaves))}

    def commands(self, slot: Slot, *, is_verso: bool) -> bytes:
        """Return what prints one page's head and folio, b"" where it has neither."""
        commands = [*self._head(slot, is_verso=is_verso), *self._folio(slot, is_verso=is_verso)]
        if not commands:
            return b""
        return ("/Artifact <</Type /Pagination>> BDC\n" + "\n".join(commands) + "\nEMC").encode()

    def _left_pt(self, *, is_verso: bool) -> float:
        margins = self._target.margins
        is_inner = not self._target.is_facing or self._is_end(is_verso=is_verso)
        return (margins.inner if is_inner else margins.outer) * _POINTS_PER_MM

    def _head(self, slot: Slot, *, is_verso: bool) -> list[str]:
        if not slot.head:
            return []
        target = self._target
        height = self._head_pt * _LINE
        top_mm = target.margins.top * 0.5
        y = (target.height_mm - top_mm) * _POINTS_PER_MM - height / 2
        stamp = self._heads[slot.head, self._is_end(is_verso=is_verso) and True in self._sides()]
        return [_place(stamp, self._left_pt(is_verso=is_verso), y)]

    def _is_end(self, *, is_verso: bool) -> bool:
        """Tell whether the outer side of a page is the right one."""
        return is_verso is self._is_bound_right if self._target.is_facing else not self._is_bound_right

    def _folio(self, slot: Slot, *, is_verso: bool) -> list[str]:
        if not slot.number:
            return []
        figures = str(slot.number)
        width = len(figures) * self._cell_pt
        room = self._target.measure_mm * _POINTS_PER_MM - width
        y = self._target.margins.bottom * 0.5 * _POINTS_PER_MM - self._folio_pt * _LINE / 2
        if self._design.folio_position is Position.OUTER:
            room *= 2.0 if self._is_end(is_verso=is_verso) else 0.0
        left = self._left_pt(is_verso=is_verso) + room / 2
        return [_place(int(figure), left + index * self._cell_pt, y) for index, figure in enumerate(figures)]


def _place(stamp: int, x: float, y: float) -> str:
    """Return the commands that draw a stamp."""
    return f"q 1 0 0 1 {x:.2f} {y:.2f} cm /Stamp{stamp} Do Q"
