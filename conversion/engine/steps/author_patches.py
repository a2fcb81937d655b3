"""An author's patches: applied to the Book after the fixes, and the base that the next ones count in."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..book.model import Asset
from ..contract import ArtifactKind, Stage
from ..patches import Base, Fit, FitState, Reason, apply_patches, base_of
from .run import Run

BASE = "base.json.gz"


def apply(run: Run) -> None:
    """Apply the request's patches and note how each fits. Pages that are drawn have none."""
    request = run.request
    patches = (*request.patches, *request.suggestions)
    if run.book.is_fixed:
        run.fits = [Fit(patch.identity, FitState.CONFLICT, reason=Reason.GONE) for patch in patches]
    elif request.patches or request.suggestions:
        bases = [Base.from_bytes(path.read_bytes()) for path in request.bases]
        known = {base.identity: base for base in bases if base is not None}
        applied = apply_patches(
            run.book, known, request.patches, suggested=request.suggestions, pictures=_pictures(run)
        )
        run.fits, run.base = applied.fits, applied.base
    elif "base" in request.formats:
        run.base = base_of(run.book)


def _pictures(run: Run) -> dict[str, Asset]:
    """Return the pictures that patches put in, re-encoded, by the sha256 of their files."""
    if not run.request.pictures:
        return {}
    from ..images import reencode

    found: dict[str, Asset] = {}
    for path in run.request.pictures:
        data = path.read_bytes()
        asset, findings = reencode.reencode(data, name=path.name)
        run.findings += findings
        if asset is not None:
            found[hashlib.sha256(data).hexdigest()] = asset
    return found


def make_base(run: Run) -> None:
    """Write the base. A book of drawn pages has none."""
    base = run.base
    if base is None:
        return

    def write(path: Path) -> None:
        path.write_bytes(base.to_bytes())

    run.file(Stage.READ, ArtifactKind.BASE, BASE, "application/gzip", write)
