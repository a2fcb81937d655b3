"""The step that lays out the opening of the body in every design."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from ..contract import ArtifactKind, Stage
from ..proof.preview import opening_of, write_design
from ..support.reproducible_zip import FixedArchive
from ..targets import TARGETS
from ..typography.designs import DESIGNS
from .run import Run


def make_preview(run: Run) -> None:
    """Write one archive with the opening in each design, for each of the request's targets."""
    if run.book.is_fixed:
        return  # its pages have their author's own design
    targets = [TARGETS[name] for name in run.request.targets]
    book, jobs = opening_of(run.book), run.request.jobs

    def write(path: Path) -> None:
        with FixedArchive(path) as out, tempfile.TemporaryDirectory(dir=run.request.out) as folder:
            made = [write_design(out, book, design, targets, Path(folder), jobs=jobs) for design in DESIGNS.values()]
            chapter = book.chapters[0].title if book.chapters else ""
            out.write("index.json", json.dumps({"format": 1, "chapter": chapter, "designs": made}, ensure_ascii=False))

    run.file(Stage.PDF, ArtifactKind.PREVIEW, "preview.zip", "application/zip", write)
