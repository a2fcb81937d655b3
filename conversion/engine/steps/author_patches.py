"""An author's patches: applied to the Book after the fixes, and the base that the next ones count in."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from .. import fixes
from ..book.model import Asset, Figure
from ..book.page import Page
from ..book.page_text import take_descriptions
from ..contract import ArtifactKind, Stage
from ..findings.model import Finding
from ..findings.registry import severity
from ..patches import Base, Fit, FitState, Reason, apply_patches, base_of
from ..patches.leaves import block_numbers, leaves_of
from .run import Run

BASE = "base.json.gz"
_FAILED = "patch.failed"


def apply(run: Run) -> None:
    """Apply the request's patches and note how each fits. Pages that are drawn have none, but descriptions."""
    request = run.request
    patches = (*request.patches, *request.suggestions)
    unpatched = copy.deepcopy(run.book) if request.proposals and not run.book.is_fixed else None
    if run.book.is_fixed:
        run.fits = [Fit(patch.identity, FitState.CONFLICT, reason=Reason.GONE) for patch in patches]
        _describe_pages(run)
    elif request.patches or request.suggestions:
        bases = [Base.from_bytes(path.read_bytes()) for path in request.bases]
        known = {base.identity: base for base in bases if base is not None}
        applied = apply_patches(
            run.book, known, request.patches, suggested=request.suggestions, pictures=_pictures(run)
        )
        run.fits, run.base = applied.fits, applied.base
        run.findings += _failures(applied.fits)
        run.numbers = block_numbers(applied.leaves)
        for chapter in run.book.chapters:
            take_descriptions(chapter)
    elif "base" in request.formats:
        leaves = leaves_of(run.book)
        run.base, run.numbers = base_of(run.book, leaves), block_numbers(leaves)
    if unpatched is not None:
        of_name = {patch.identity: patch for patch in patches}
        fits = [(of_name[fit.patch], fit) for fit in run.fits]
        run.proposals = fixes.propose_fixes(unpatched, request.proposals, fits, failed=run.note_failed_fix)


def _describe_pages(run: Run) -> None:
    """Give drawn pages the descriptions of the request: those of their pictures, wherever these stand now."""
    given = {one.asset: one for one in run.request.descriptions}
    for chapter in run.book.chapters if given else ():
        shown: list[Page | Figure] = [*chapter.pages]
        shown += (block for block in chapter.blocks if isinstance(block, Figure))
        for picture in shown:
            if (one := given.get(picture.asset)) is not None:
                picture.alt, picture.decorative = one.alt, one.decorative


def _failures(fits: Iterable[Fit]) -> list[Finding]:
    """Return the finding that patches failed through a fault of ours, where some did."""
    count = sum(fit.reason is Reason.FAILED for fit in fits)
    return [Finding(_FAILED, severity(_FAILED), facts={"count": count})] if count else []


_MAX_PLACES = 500


def with_blocks(finding: Finding, numbers: Mapping[int, int]) -> Finding:
    """Return a finding with the numbers of the blocks of its places."""
    found: dict[int, None] = {}
    for node in finding.nodes:
        number = numbers.get(id(getattr(node, "inlines", None)), numbers.get(id(node)))
        if number is not None and len(found) < _MAX_PLACES:
            found[number] = None
    return replace(finding, blocks=tuple(found), nodes=())


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
