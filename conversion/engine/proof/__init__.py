"""The proof sheet: every page of every PDF is examined automatically, and the interesting ones are drawn with their
problems marked.

Runs after the PDFs are made, in one process per target. Examining a page costs about 1.1 ms of CPU, drawing one 6 ms;
all 2,904 pages of a novel for four targets took 3.4 s to examine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..findings.model import Finding
from ..targets import Target
from . import archive, rivers
from .choice import PageProbe, choose
from .faults import Fault, Traits, find_faults
from .findings import as_findings, worst_first
from .pages import Box, Page, PageSource

__all__ = ["PageSource", "Proof", "Traits", "make_proof", "prove"]

# The number of pages per target on which rivers are searched for.
_RIVER_PAGES = 12
_FEW_WORDS = 60


@dataclass(frozen=True, slots=True)
class Proof:
    """The result for one target: findings, and how many pages were drawn into the archive."""

    findings: list[Finding]
    drawn: int


def prove(source: PageSource, target: Target, out: Path, traits: Traits, *, wanted: Sequence[PageProbe] = ()) -> Proof:
    """Examine all pages, draw the interesting ones into the archive `out`, and return what was found."""
    openings = source.openings()
    pages: list[Page] = []
    faults: list[Fault] = []
    for page, here in find_faults(source.pages(), openings, target, traits):
        if not pages or pages[-1].index != page.index:
            pages.append(page)
        faults += here
    if target.is_justified and not traits.is_fixed:
        faults += _rivers(source, pages)
    faults = worst_first(faults)
    chosen = choose(pages, openings, faults, wanted, contents=traits.contents, has_cover=target.has_cover)
    archive.write(out, target, source, pages=pages, faults=faults, chosen=chosen)
    labels = {fault.index: source.label(fault.index) for fault in faults}
    return Proof(as_findings(faults, openings, labels, target.name), len(chosen.reasons))


def _rivers(source: PageSource, pages: Sequence[Page]) -> list[Fault]:
    """Return the rivers on a sample of full pages of justified lines. Other pages have even spaces and hardly any
    rivers."""
    first = min((opening.index for opening in source.openings()), default=0)
    full = [page for page in pages[first:] if len(page.text.split()) >= _FEW_WORDS]
    step = max(1, len(full) // _RIVER_PAGES)
    found: list[Fault] = []
    for page in full[::step][:_RIVER_PAGES]:
        boxes: list[Box] = rivers.find(source.gaps(page.index))
        if boxes:
            longest = max(boxes, key=lambda box: box.height)
            found.append(Fault("page.rivers", page.index, longest))
    return found
