"""The proof sheet: every page of every PDF looked at by machine, the telling ones drawn with what is wrong on them.

Runs after the PDFs are made, a process for each target at a time. To look at a page costs about 1.1 ms of CPU, to draw
one 6; all 2,904 pages of a novel for four targets took 3.4 s to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..book import Finding
from ..contract import ArtifactKind, Stage
from ..pdf.forks import Crew
from ..run import Run, described
from ..targets import TARGETS, Target
from ..terms import terms_for
from . import archive, rivers
from .choice import Needle, choose, needles
from .faults import Fault, look
from .findings import as_findings, worst_first
from .pages import Box, Page, PageSource
from .pdfium import PdfiumPages

__all__ = ["PageSource", "Proof", "make_proof", "prove"]

# On how many pages of a target rivers are looked for.
_RIVER_PAGES = 12
_FEW_WORDS = 60


@dataclass(frozen=True, slots=True)
class Proof:
    """What looking at one target gave: findings, and how many pages were drawn into the archive."""

    findings: list[Finding]
    drawn: int


def make_proof(run: Run) -> None:
    """A proof sheet for each PDF of the run, and its findings."""
    made = {file.target: run.request.out / file.path for file in run.artifacts if file.kind is ArtifactKind.PDF}
    targets = [TARGETS[name] for name in made if name in TARGETS]
    wanted = needles(run.looked.nodes)
    language, is_rtl = run.book.metadata.language, run.book.direction == "rtl"

    def work(name: str) -> Proof:
        out = run.request.out / f"proof-{name}.zip"
        with PdfiumPages(made[name]) as source:
            return prove(source, TARGETS[name], out, wanted=wanted, language=language, is_rtl=is_rtl)

    found: dict[str, Proof] = {}
    with Crew(work, min(run.request.jobs, len(targets))) as crew:
        for target in targets:
            crew.submit(target.name)
        for name, proof in crew.results():
            found[name] = proof
            path = run.request.out / f"proof-{name}.zip"
            run.add(Stage.PROOF, described(ArtifactKind.PROOF, name, path, "application/zip", pages=proof.drawn))
    # In the order of the targets, whichever was ready first: equal books give equal results.
    run.findings += [finding for target in targets for finding in found[target.name].findings]
    order = {target.name: number for number, target in enumerate(targets)}
    run.artifacts.sort(key=lambda file: order[file.target] if file.kind is ArtifactKind.PROOF else -1)


def prove(
    source: PageSource, target: Target, out: Path, *, wanted: Sequence[Needle], language: str, is_rtl: bool = False
) -> Proof:
    """Look at all pages, draw the telling ones into the archive `out`, return what was found."""
    openings, contents = source.openings(), terms_for(language).contents
    pages: list[Page] = []
    faults: list[Fault] = []
    for page, here in look(source.pages(), openings, target, contents=contents, is_rtl=is_rtl):
        if not pages or pages[-1].index != page.index:
            pages.append(page)
        faults += here
    faults = worst_first([*faults, *_rivers(source, pages, target)])
    chosen = choose(pages, openings, faults, wanted, contents=contents, has_cover=target.has_cover)
    archive.write(out, target, source, pages=pages, faults=faults, chosen=chosen)
    labels = {fault.index: source.label(fault.index) for fault in faults}
    return Proof(as_findings(faults, openings, labels, target.name), len(chosen.reasons))


def _rivers(source: PageSource, pages: Sequence[Page], target: Target) -> list[Fault]:
    """Rivers on a sample of full pages. Lines that are not justified have even spaces, and no rivers to speak of."""
    if not target.is_justified:
        return []
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
