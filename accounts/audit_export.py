"""Exports of the audit log: CSV for spreadsheets, JSON Lines for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from accounts.models import AuditEntry
from common.csv_cells import csv_lines
from common.hash_chain import moment

_COLUMNS = (
    "entry",
    "at",
    "actor",
    "about",
    "verb",
    "subject_kind",
    "subject_id",
    "facts",
    "position",
    "facts_hash",
    "hash",
)


def as_csv(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """Yield one line for each entry, with people as public ids. No cell can start a formula."""
    yield from csv_lines([_COLUMNS])
    yield from csv_lines({**row, "facts": json.dumps(row["facts"])}.values() for row in map(_row, entries))


def as_json_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """Yield one JSON object a line with the same columns."""
    return (json.dumps(_row(entry)) + "\n" for entry in entries)


def _row(entry: AuditEntry) -> dict[str, Any]:
    link = getattr(entry, "link", None)
    values = (
        entry.pk,
        moment(entry.at),
        entry.actor.public_id if entry.actor else "",
        entry.about.public_id if entry.about else "",
        entry.verb,
        entry.subject_kind,
        entry.subject_id,
        entry.facts,
        link.position if link else None,
        link.facts_hash if link else "",
        link.hash if link else "",
    )
    return dict(zip(_COLUMNS, values, strict=True))
