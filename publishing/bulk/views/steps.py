"""Going on at once where few books are concerned, so that nobody waits for a worker."""

from __future__ import annotations

from publishing.bulk.models import BulkEdit
from publishing.bulk.services import stepping

_MAX_AT_ONCE = 12


def go_on(edit: BulkEdit) -> None:
    """Go through a small bulk edit now. The worker that was woken finds nothing left to do."""
    if edit.rows.count() <= _MAX_AT_ONCE:
        stepping.go_on(edit_id=edit.pk)
