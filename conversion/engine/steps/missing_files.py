"""Requested files that could not be made: the rest of the book is delivered, and a finding names each missing file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..contract import ArtifactFile, ConversionResult
from ..errors import ConversionError
from ..findings.model import Finding
from ..findings.not_made import FILE, PDF, cause_of, file, pdf
from ..targets import TARGETS

if TYPE_CHECKING:
    from .run import Run

_FAULTS = frozenset(
    {
        *(PDF, FILE, "pdf.fallback", "pdf.plain", "pdf.incomplete", "epub.chapter-plain", "epub.incomplete"),
        *("check.failed", "source.part-plain", "cover.not-drawn", "matter.not-made", "fix.failed", "patch.failed"),
    }
)
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


def of_step(run: Run, wanted: str, error: Exception | None = None, *, is_own: bool = False) -> list[Finding]:
    """Return findings for the files that a step should have made and did not, without those it reported itself. An
    `error` is why."""
    cause = cause_of(error)
    made = {(artifact.kind.value, artifact.target) for artifact in run.artifacts}
    kind = _OWN if is_own else wanted
    if kind == "pdf":
        told = {finding.facts["target"] for finding in run.findings if finding.code == PDF}
        missing = [target for target in run.request.targets if ("pdf", target) not in made and target not in told]
        return [pdf(target, cause) for target in missing]
    if kind not in _FILES or kind in {name for name, _ in made}:
        return []
    return [file(_FILES[kind], kind, cause)]


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


def remaining_draft(
    result: ConversionResult, artifacts: Iterable[ArtifactFile], error: ConversionError
) -> ConversionResult:
    """Return a draft with the artifacts delivered since, and with findings only about what is missing because of the
    error."""
    files, cause = tuple(artifacts), cause_of(error)
    made = {(PDF, one.target) for one in files if one.kind == "pdf"} | {(FILE, one.kind.value) for one in files}
    findings = [
        replace(finding, facts={**finding.facts, "cause": cause}) if finding.code in (PDF, FILE) else finding
        for finding in result.findings
        if (finding.code, finding.facts.get("target" if finding.code == PDF else "format")) not in made
    ]
    return replace(result, artifacts=files, findings=tuple(findings))


def faults(result: ConversionResult) -> tuple[str, ...]:
    """Return the finding codes in a result that we must look into."""
    return tuple(sorted({finding.code for finding in result.findings} & _FAULTS))
