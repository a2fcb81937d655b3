"""The step that makes a proof sheet for each PDF."""

from __future__ import annotations

from ..contract import ArtifactKind, Stage
from ..markup.terms import terms_for
from ..proof import Proof, prove
from ..proof.choice import needles
from ..proof.faults import Traits
from ..proof.pdfium import PdfiumPages
from ..support.workers import WorkerPool
from .run import Run, described


def make_proof(run: Run) -> None:
    """Write a proof sheet for each PDF of the run, and add its findings."""
    made = {file.target: run.request.out / file.path for file in run.artifacts if file.kind is ArtifactKind.PDF}
    # In the order requested, whichever was ready first: equal books give equal results.
    names = [name for name in run.request.targets if name in made]
    if not names:
        return
    wanted, book = needles(run.analysis.nodes), run.book
    contents = terms_for(book.metadata.language).contents
    traits = Traits(contents, is_rtl=book.is_bound_right, is_fixed=book.is_fixed)

    def work(name: str) -> Proof:
        with PdfiumPages(made[name]) as source:
            return prove(source, run.set_for[name], run.request.out / f"proof-{name}.zip", traits, wanted=wanted)

    found: dict[str, Proof] = {}
    with WorkerPool(work, min(run.request.jobs, len(names))) as pool:
        for name in names:
            pool.submit(name)
        for name, proof in pool.results():
            found[name] = proof
            path = run.request.out / f"proof-{name}.zip"
            run.add(Stage.PROOF, described(ArtifactKind.PROOF, name, path, "application/zip", pages=proof.drawn))
    run.findings += [finding for name in names for finding in found[name].findings]
    run.artifacts.sort(key=lambda file: names.index(file.target) if file.kind is ArtifactKind.PROOF else -1)
