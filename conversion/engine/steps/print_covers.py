"""Printed covers: back, spine and front on one sheet, for each printed PDF that was made in the same run.

This is the step of `pipeline.py`; `covers/printed/` measures the sheet, makes its front and writes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..book.model import Asset
from ..contract import ArtifactFile, ArtifactKind, Stage
from ..covers.printed.geometry import PAPERS, SPINE_WORDS_PAGES, Sheet
from ..findings.model import Finding, Severity
from ..targets import TARGETS, Target
from ..typography.designs import DESIGNS

if TYPE_CHECKING:
    from .run import Run

_POINTS_PER_MM = 72 / 25.4
_COARSE_DPI = 200


def make_print_covers(run: Run) -> None:
    """Write one sheet for each target that is printed and bound and whose pages were made."""
    made = [artifact for artifact in run.artifacts if artifact.kind is ArtifactKind.PDF]
    printed = [artifact for artifact in made if TARGETS[artifact.target].is_print]
    if not printed:
        return
    from . import outputs

    cover = outputs.cover_of(run)
    sheets = [_sheet(run, artifact) for artifact in printed]
    run.findings += _remarks(cover, sheets)
    for sheet, path in zip(sheets, _written(run, cover, sheets), strict=True):
        _add(run, sheet, path)


def _written(run: Run, cover: Asset, sheets: list[Sheet]) -> list[Path]:
    """Write the sheets in a separate process: see `support/workers.py`."""
    from ..covers.printed.sheet import Writer
    from ..support.workers import WorkerPool

    writer = Writer(run.book, DESIGNS[run.request.design], cover, run.request.out)
    with WorkerPool(writer.write, 1) as pool:
        for sheet in sheets:
            pool.submit(sheet)
        return [path for _, path in pool.results()]


def _sheet(run: Run, artifact: ArtifactFile) -> Sheet:
    target = run.set_for[artifact.target]
    width, height = _trim_mm(run, target)
    paper = PAPERS[run.request.paper]
    is_rtl = run.book.is_bound_right
    return Sheet(target.name, width, height, artifact.pages, paper, is_rtl=is_rtl)


def _trim_mm(run: Run, target: Target) -> tuple[float, float]:
    """Return the size of the pages: the target's, unless the book's pages have a size of their own."""
    if not run.book.is_fixed:
        return target.width_mm, target.height_mm
    from ..pdf.pages import page_size

    width, height = page_size(run.book, run.book.pages[0], target)
    return width / _POINTS_PER_MM, height / _POINTS_PER_MM


def _add(run: Run, sheet: Sheet, path: Path) -> None:
    from .run import described

    run.add(Stage.PDF, described(ArtifactKind.PRINT_COVER, sheet.target, path, "application/pdf"))


def _remarks(cover: Asset, sheets: list[Sheet]) -> list[Finding]:
    """Return findings that the author should know before printing, each only once."""
    found = []
    if any(not sheet.has_spine_words for sheet in sheets):
        facts: dict[str, str | int] = {"least": SPINE_WORDS_PAGES, "pages": min(sheet.pages for sheet in sheets)}
        found.append(Finding("print-cover.spine-narrow", Severity.INFO, facts=facts))
    dpi = min(sheet.dpi(cover) for sheet in sheets)
    if dpi < _COARSE_DPI:
        found.append(Finding("print-cover.coarse", Severity.ADVICE, facts={"dpi": round(dpi), "least": _COARSE_DPI}))
    return found
