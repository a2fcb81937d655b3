"""Detect what is wrong on pages from what is printed on them. Severities are assigned elsewhere, in `findings.py`.

Each check sees one page with the pages around it, so that a source is read in a single pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..targets import Target
from .pages import Box, Line, OutlineEntry, Page, Picture, around, body_of, text_area

# How far a line may stick out before it is visible: a hanging mark or the tail of an italic does not count.
_MARGIN_MM = 1.2
_EDGE_MM = 0.3
_SMALL_PT = 0.15
_LADDER_LINES = 3
_COARSE_DPI = 150
_MM_PER_INCH = 25.4
_FEW_LINES = 2
_SAME_MM = 0.8
_SAME_PT = 0.5
_FULL = 0.15  # share of the text width that a line inside a paragraph may leave empty, where lines are not justified
_INDENT_MM = (1.5, 12.0)
_SMALL_LETTERS = 4
_NO_GLYPH = re.compile("[\ufffd\x00\x01]")
_ENDS = tuple(".!?…:;”’\"'»«)]—")
_HUNG = re.compile(r"[\"'“”„‟«»‹›‘’‚—–¿¡(\[]+\s*\w?")
_READING = re.compile(r"[\u3041-\u30ff\s]+")  # ruby kana are half as large as their characters
_FOLIO = re.compile(r"[\divxlcdm\s\u0660-\u0669\u06f0-\u06f9–-]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem on one page; `index` counts pages from 0."""

    code: str
    index: int
    box: Box
    quote: str = ""
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Traits:
    """What the checks must know about a book: the heading of its printed contents; whether lines or columns run from
    right to left; whether its pages were drawn by their author, so that margins are not ours to judge."""

    contents: str = ""
    is_rtl: bool = False
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class PageContext:
    """A page with its context. `body` and `before_body` are lines of running text, `area` their position."""

    page: Page
    area: Box
    body: list[Line]
    before: PageContext | None
    target: Target
    openings: frozenset[int]
    is_rtl: bool = False
    is_contents: bool = False

    @property
    def is_prose(self) -> bool:
        """Whether indents mean paragraphs here: not in a printed table of contents, and not where lines run from right
        to left, whose indents are at the other end."""
        return not (self.is_contents or self.is_rtl)

    @property
    def is_cover(self) -> bool:
        return self.page.index == 0 and self.target.has_cover

    @property
    def is_opening(self) -> bool:
        return self.page.index in self.openings


type Check = Callable[[PageContext], Iterator[Fault]]


def find_faults(
    pages: Iterator[Page], openings: Sequence[OutlineEntry], target: Target, traits: Traits
) -> Iterator[tuple[Page, list[Fault]]]:
    """Yield every page with its faults. Faults that only become visible on the next page come with that one."""
    starts = frozenset(opening.index for opening in openings)
    checks = OF_DRAWN_PAGES if traits.is_fixed else CHECKS
    before: PageContext | None = None
    is_contents = False
    for page in pages:
        area = text_area(page, target, is_rtl=traits.is_rtl)
        is_contents = page.begins_with(traits.contents) or (is_contents and page.index not in starts)
        sight = PageContext(page, area, body_of(page, area), before, target, starts, traits.is_rtl, is_contents)
        yield page, [fault for check in checks for fault in check(sight)]
        before = replace(sight, before=None)
    if before is not None and not traits.is_fixed:
        yield before.page, list(_short_end(before, is_last=True))


# ---------------------------------------------------------------- out of place


def _outside(sight: PageContext) -> Iterator[Fault]:
    """Yield text that is cut off by the page's edge, or is in the margin."""
    if sight.is_cover:
        return
    page, area = sight.page, sight.area
    for line in page.lines:
        box = line.box
        if not _is_within(box, Box(-_EDGE_MM, -_EDGE_MM, page.width + _EDGE_MM, page.height + _EDGE_MM)):
            yield Fault("page.text-cut", page.index, box, line.shown)
        elif sight.is_opening and box.left < area.left and _HUNG.fullmatch(line.text.strip()):
            continue  # quotation marks before an initial hang in the margin by design
        elif box.left < area.left - _MARGIN_MM or box.right > area.right + _MARGIN_MM:
            over = max(area.left - box.left, box.right - area.right)
            yield Fault("page.line-too-long", page.index, box, line.shown, {"millimetres": max(1, round(over))})
        elif box.middle > area.bottom + 1 and not _FOLIO.fullmatch(line.text):
            yield Fault("page.text-too-low", page.index, box, line.shown)


def _pictures(sight: PageContext) -> Iterator[Fault]:
    page = sight.page
    for picture in page.pictures:
        if not (picture.pixels_across and picture.pixels_down):
            yield Fault("page.picture-broken", page.index, picture.box)
        elif sight.is_cover:
            continue
        elif not _is_within(picture.box, Box(-0.5, -0.5, page.width + 0.5, page.height + 0.5)):
            yield Fault("page.picture-cut", page.index, picture.box)
        elif sight.target.is_facing and (dpi := _dpi(picture)) < _COARSE_DPI:
            yield Fault("page.picture-coarse", page.index, picture.box, facts={"dpi": dpi, "wanted": _COARSE_DPI})


def _is_within(box: Box, area: Box) -> bool:
    return box.left >= area.left and box.right <= area.right and box.top >= area.top and box.bottom <= area.bottom


def _dpi(picture: Picture) -> int:
    """Return the pixels per inch as printed; small ornaments and lines are not judged."""
    if picture.box.width < 15 or picture.box.height < 15:
        return _COARSE_DPI
    return round(picture.pixels_across / picture.box.width * _MM_PER_INCH)


# ---------------------------------------------------------------- hard to read


def _small(sight: PageContext) -> Iterator[Fault]:
    smallest = sight.target.smallest_pt
    for line in sight.body:
        is_small = line.size_pt < smallest - _SMALL_PT and sum(map(str.isalpha, line.text)) >= _SMALL_LETTERS
        if is_small and not _READING.fullmatch(line.text):
            yield Fault(
                "page.text-small",
                sight.page.index,
                line.box,
                line.shown,
                {"size": f"{line.size_pt:.1f}", "smallest": f"{smallest:g}"},
            )


def _no_glyph(sight: PageContext) -> Iterator[Fault]:
    for line in sight.page.lines:
        if _NO_GLYPH.search(line.text):
            yield Fault("page.letter-missing", sight.page.index, line.box, _NO_GLYPH.sub("□", line.text))


def _ladders(sight: PageContext) -> Iterator[Fault]:
    """Yield hyphens under each other at the end of three or more lines."""
    run: list[Line] = []
    for line in [*sight.body, None]:
        if line is not None and line.is_broken:
            run.append(line)
            continue
        if len(run) >= _LADDER_LINES:
            box = around([one.box for one in run])
            at_end = Box(box.right - min(box.width, 12), box.top, box.right, box.bottom)
            quote = " / ".join(one.text.rsplit(" ", 1)[-1] + "-" for one in run)
            yield Fault("page.hyphens", sight.page.index, at_end, quote, {"lines": len(run)})
        run = []


# ---------------------------------------------------------------- broken between pages


def _widow(sight: PageContext) -> Iterator[Fault]:
    """Yield a paragraph's last line alone at the top of a page."""
    body, before = sight.body, sight.before
    if before is None or sight.is_opening or not sight.is_prose or len(body) < 2 or not before.body:
        return
    above = before.body[-1]
    is_same_column = abs(above.box.left - before.area.left - body[0].box.left + sight.area.left) < _SAME_MM
    is_alone = _is_indented(body[1], sight) and not _is_indented(body[0], sight)
    if is_alone and is_same_column and _is_middle(above, before) and _runs_on(above, body[0]):
        yield Fault("page.widow", sight.page.index, body[0].box, body[0].shown)


def _orphan(sight: PageContext) -> Iterator[Fault]:
    """Yield a paragraph's first line alone at the bottom of a page, once the next page is known."""
    before = sight.before
    if before is None or sight.is_opening or not sight.is_prose or len(before.body) < 2 or not sight.body:
        return
    last, above = before.body[-1], before.body[-2]
    is_alone = _is_indented(last, before) and not _is_indented(above, before)
    if (
        is_alone
        and _is_middle(last, before)
        and not _is_indented(sight.body[0], sight)
        and _runs_on(last, sight.body[0])
    ):
        yield Fault("page.orphan", before.page.index, last.box, last.shown)


def _is_indented(line: Line, sight: PageContext) -> bool:
    """Return whether a line has the indent of a first line: more than a hair, less than a quotation or verse."""
    least, most = _INDENT_MM
    return least < line.box.left - sight.area.left < most


def _is_middle(line: Line, sight: PageContext) -> bool:
    """Return whether the line is as long and as large as one in the middle of a paragraph."""
    is_full = sight.area.right - line.box.right < sight.area.width * _FULL
    return is_full and abs(line.size_pt - sight.target.size_pt) < _SAME_PT


def _runs_on(line: Line, following: Line) -> bool:
    """Return whether a sentence continues from one line to the next."""
    return line.is_broken or not line.text.rstrip().endswith(_ENDS) or following.text[:1].islower()


# ---------------------------------------------------------------- hardly or not filled


def _short_end(sight: PageContext, *, is_last: bool = False) -> Iterator[Fault]:
    """Yield a chapter's last page with only a line or two, once the page after it is known."""
    end = sight if is_last else sight.before
    if end is None or not end.body or end.is_opening or end.is_contents or end.page.pictures:
        return
    ends_here = is_last or sight.is_opening or sight.page.is_blank
    is_in_chapter = any(opening < end.page.index for opening in end.openings)
    if ends_here and is_in_chapter and len(end.body) <= _FEW_LINES:
        box = end.body[0].box.joined(end.body[-1].box)
        yield Fault("page.nearly-empty", end.page.index, box, end.body[0].shown, {"lines": len(end.body)})


def _blank(sight: PageContext) -> Iterator[Fault]:
    """Yield an empty page that no right-hand opening required, once the page after it is known."""
    before = sight.before
    if before is None or not before.page.is_blank or before.is_cover:
        return
    is_wanted = sight.target.is_facing and before.page.index % 2 == 1 and not sight.page.is_blank
    if not is_wanted:
        page = before.page
        yield Fault("page.blank", page.index, Box(0, 0, page.width, page.height))


CHECKS: tuple[Check, ...] = (
    _outside,
    _pictures,
    _small,
    _no_glyph,
    _ladders,
    _widow,
    _orphan,
    _short_end,
    _blank,
)
OF_DRAWN_PAGES: tuple[Check, ...] = (_pictures, _blank)
