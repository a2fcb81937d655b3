"""Bulk edits, ready to apply."""

from __future__ import annotations

from accounts.models import User
from common import clock
from publishing.bulk.models import Aim, BulkEdit
from publishing.bulk.services import editing, stepping
from publishing.models import Work


def make_bulk_edit(user: User, work: Work, imprint: str = "Wharf House") -> BulkEdit:
    """A bulk edit of one work that would change its imprint, with its table."""
    edit = editing.begin(actor=user, works=[work], at=clock.now())
    editing.check(actor=user, edit=edit, aims=[Aim("imprint", "set", (imprint[:120],))], at=clock.now())
    stepping.go_on(edit_id=edit.pk)
    edit.refresh_from_db()
    return edit
