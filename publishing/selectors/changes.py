"""What changed from one text to another, as a worker has found it (publishing.services.comparisons)."""

from __future__ import annotations

from conversion.engine.api import edition_diff
from conversion.models import ConversionJob
from publishing.models import TextComparison

MAX_ATTEMPTS = 5


def changes_between(before: ConversionJob, after: ConversionJob) -> edition_diff.EditionDiff | None:
    """Return what changed; None while no worker has compared the two, or if it cannot be known."""
    row = TextComparison.objects.filter(before=before, after=after, version=edition_diff.VERSION).first()
    return edition_diff.EditionDiff.from_bytes(bytes(row.data)) if row is not None else None


def is_being_compared(before: ConversionJob, after: ConversionJob) -> bool:
    """Return whether a worker is expected to compare the two."""
    rows = TextComparison.objects.filter(before=before, after=after, attempts__lt=MAX_ATTEMPTS)
    return rows.exclude(version=edition_diff.VERSION).exists()
