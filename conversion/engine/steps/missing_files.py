"""Requested files that could not be made: the rest of the book is delivered, and a finding names each missing file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..contract import ArtifactFile, ConversionResult
from ..findings.model import Finding
from ..findings.not_made import FILE, PDF, pdf
from ..findings.registry import severity
from ..targets import TARGETS

if TYPE_CHECKING:
    from .run import Run

_FAULTS = frozenset({PDF, FILE, "pdf.fallback"})
_OWN = "own-pdf"
# By kind of artifact; translations are in `conversion/fact_terms.py`.
_FILES = {
    "print-cover": "printed cover",
    "proof": "proof sheet",
    "preview": "designs to choose from",
    _OWN: "your own PDF",
    "kepub": "EPUB for Kobo",
    "kindle": "EPUB for Kindle",
    "text": "plain text",
    "markdown": "Markdown",
    "docx": "DOCX",
}


def of_step(run: Run, wanted: str, *, is_own: bool = False) -> list[Finding]:
    """Return findings for the files that a failed step should have made and did not."""
    made = {(file.kind.value, file.target) for file in run.artifacts}
    kind = _OWN if is_own else wanted
    if kind == "pdf":
        return [pdf(target) for target in run.request.targets if ("pdf", target) not in made]
    if kind not in _FILES or kind in {name for name, _ in made}:
        return []
    return [Finding(FILE, severity(FILE), facts={"file": _FILES[kind], "format": kind})]


def all_of(run: Run) -> list[Finding]:
    """Return findings for everything that is still to be made, in case it never is."""
    request, book = run.request, run.book
    kinds = [kind for kind in _FILES if kind in request.formats]
    if book.is_fixed:
        kinds = [kind for kind in kinds if kind not in ("kindle", "preview", "docx")]
    if not any(TARGETS[target].is_print for target in request.targets):
        kinds = [kind for kind in kinds if kind != "print-cover"]
    own = [_OWN] if run.source_format == "pdf" else []
    found = of_step(run, "pdf")
    for kind in [*own, *kinds]:
        found += of_step(run, kind)
    return found


def remaining_draft(result: ConversionResult, artifacts: Iterable[ArtifactFile]) -> ConversionResult:
    """Return a draft with the artifacts delivered since, and with findings only about what is missing."""
    files = tuple(artifacts)
    made = {(PDF, file.target) for file in files if file.kind == "pdf"} | {(FILE, file.kind.value) for file in files}
    findings = [
        finding
        for finding in result.findings
        if (finding.code, finding.facts.get("target" if finding.code == PDF else "format")) not in made
    ]
    return replace(result, artifacts=files, findings=tuple(findings))


def faults(result: ConversionResult) -> tuple[str, ...]:
    """Return the finding codes in a result that we must look into."""
    return tuple(sorted({finding.code for finding in result.findings} & _FAULTS))
