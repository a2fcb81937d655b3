"""The lock and the count of a person's changes."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from storefront.reading.models import Note, ReaderSetting, SyncState


class PersonLeft(Exception):
    """The person was a guest, whose purchases somebody has claimed meanwhile."""


def lock(person: User) -> SyncState:
    """Return the person's state, locked until the transaction ends: changes of notes and settings queue here.

    Without the lock, one that is committed late would have a cursor that devices have already passed. Raises
    PersonLeft: what a claim has not moved would be nobody's.
    """
    SyncState.objects.get_or_create(user=person)
    state = SyncState.objects.select_for_update().filter(user=person).first()
    if state is None or not User.objects.filter(pk=person.pk, is_active=True).exists():
        raise PersonLeft
    return state


def count(state: SyncState, rows: Iterable[Note | ReaderSetting]) -> None:
    """Give each changed row the next cursor."""
    before = state.cursor
    for row in rows:
        state.cursor += 1
        row.cursor = state.cursor
    if state.cursor != before:
        state.save(update_fields=["cursor"])
