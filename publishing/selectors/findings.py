"""Findings as shown to authors ("remarks"), without those that the work's details have answered since."""

from __future__ import annotations

from dataclasses import dataclass

from conversion import selectors as conversion_selectors
from conversion.engine.api import Severity
from conversion.models import JobState
from conversion.selectors import ReadableFinding
from publishing.models import Edition, Work

# Description and subject are part of the shop, not of the files, so no run over a manuscript sees them.
_ANSWERED_BY = {"description": "metadata.description-", "subject": "metadata.subjects-"}
_NAMED = 5


@dataclass(frozen=True, slots=True)
class FindingSummary:
    """Summary shown before publishing: the number of kinds that readers will notice, a few of them, and the number of
    kinds that are only worth fixing.
    """

    noticed: int
    first: list[ReadableFinding]
    advised: int


def remarks_of(edition: Edition) -> list[ReadableFinding]:
    """Return the open findings of the edition's job, most severe first."""
    answered = _answered(edition.work)
    return [one for one in conversion_selectors.findings_of(edition.job) if not one.code.startswith(answered)]


def open_remarks(edition: Edition) -> FindingSummary:
    """Summarise the findings that do not block publishing, each code once; empty before the files are made."""
    found = remarks_of(edition) if edition.job.state == JobState.DONE else []
    noticed = _once([one for one in found if one.severity == Severity.PROBLEM])
    advised = _once([one for one in found if one.severity == Severity.ADVICE])
    return FindingSummary(len(noticed), noticed[:_NAMED], len(advised))


def _once(findings: list[ReadableFinding]) -> list[ReadableFinding]:
    """Keep the first finding of each code."""
    return list({one.code: one for one in reversed(findings)}.values())[::-1]


def remarks_being_rechecked(edition: Edition) -> list[ReadableFinding]:
    """Return the findings of the last finished run while the next run is under way, without those that it fixes."""
    checked = edition.checked_job
    if checked is None or checked.source_file != edition.manuscript.file:
        return []
    answered, fixes = _answered(edition.work), set(edition.work.fixes)
    found = conversion_selectors.findings_of(checked)
    return [one for one in found if not one.code.startswith(answered) and one.code not in fixes]


def _answered(work: Work) -> tuple[str, ...]:
    return tuple(prefix for name, prefix in _ANSWERED_BY.items() if getattr(work, name))
