"""The remarks that an author sees: what the checks found, without what the work's own details have answered since."""

from __future__ import annotations

from dataclasses import dataclass

from conversion import selectors as conversion_selectors
from conversion.engine.api import Severity
from conversion.models import JobState
from conversion.selectors import ReadableFinding
from publishing.models import Edition, Work

# Description and shelf live in the shop and are no part of the files, so no run over a manuscript sees them.
_ANSWERED_BY = {"description": "metadata.description-", "subject": "metadata.subjects-"}
_NAMED = 5


@dataclass(frozen=True, slots=True)
class OpenRemarks:
    """What is told before publishing: how many kinds readers will notice, a few of them, and how many would only be
    better mended."""

    noticed: int
    first: list[ReadableFinding]
    advised: int


def remarks_of(edition: Edition) -> list[ReadableFinding]:
    """The findings of the edition's job, gravest first, that are still open."""
    answered = _answered(edition.work)
    return [one for one in conversion_selectors.findings_of(edition.job) if not one.code.startswith(answered)]


def open_remarks(edition: Edition) -> OpenRemarks:
    """Those that keep nobody from publishing, each kind once; none before the files are made."""
    found = remarks_of(edition) if edition.job.state == JobState.DONE else []
    noticed = _once([one for one in found if one.severity == Severity.PROBLEM])
    advised = _once([one for one in found if one.severity == Severity.ADVICE])
    return OpenRemarks(len(noticed), noticed[:_NAMED], len(advised))


def _once(findings: list[ReadableFinding]) -> list[ReadableFinding]:
    """The first of each code."""
    return list({one.code: one for one in reversed(findings)}.values())[::-1]


def remarks_being_rechecked(edition: Edition) -> list[ReadableFinding]:
    """What the last finished run over the manuscript found, while the next one goes on; without what that one mends."""
    checked = edition.checked_job
    if checked is None or checked.source_file != edition.manuscript.file:
        return []
    answered, fixes = _answered(edition.work), set(edition.work.fixes)
    found = conversion_selectors.findings_of(checked)
    return [one for one in found if not one.code.startswith(answered) and one.code not in fixes]


def _answered(work: Work) -> tuple[str, ...]:
    return tuple(prefix for name, prefix in _ANSWERED_BY.items() if getattr(work, name))
