"""Findings that block publishing, and the author's written decisions about them."""

from __future__ import annotations

from dataclasses import dataclass

from conversion import localized_messages, rules
from conversion.engine.api import Severity
from conversion.models import FindingRecord
from publishing.models import Edition, FindingOverride


@dataclass(frozen=True, slots=True)
class Blocker:
    """A finding code that blocks publishing: its texts, the number of places, and the author's written override, if
    any.
    """

    code: str
    title: str
    advice: str
    places: int
    is_overridable: bool
    override: FindingOverride | None

    @property
    def is_open(self) -> bool:
        return self.override is None


def blockers_of(edition: Edition) -> list[Blocker]:
    """Return every blocking code of the edition's files, in the order of its findings, using two queries in total."""
    decided = {override.code: override for override in edition.overrides.select_related("decided_by")}
    found: dict[str, list[FindingRecord]] = {}
    for record in edition.job.findings.filter(severity=Severity.BLOCKER):
        found.setdefault(record.code, []).append(record)
    return [_blocker(code, records, decided.get(code)) for code, records in found.items()]


def open_blockers(edition: Edition) -> list[Blocker]:
    """Return the blocking codes that have no valid override."""
    return [blocker for blocker in blockers_of(edition) if blocker.is_open]


def _blocker(code: str, records: list[FindingRecord], override: FindingOverride | None) -> Blocker:
    message = localized_messages.explain(code, records[0].facts)
    may_override = rules.may_override(code)
    places = max(len(records), int(records[0].facts.get("places", 0)))
    # An old override no longer counts when the current rules forbid overriding this code.
    return Blocker(code, message.title, message.advice, places, may_override, override if may_override else None)
