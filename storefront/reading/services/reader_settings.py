"""Writes the settings of a person's reader. Whoever calls holds the lock of the person's SyncState."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import User
from storefront.reading.changes import ChangeError, SettingChange
from storefront.reading.models import ReaderSetting, SyncState
from storefront.reading.services import sync_states

MAX_SETTINGS = 200


def write(*, actor: User, state: SyncState, changes: Mapping[int, SettingChange]) -> list[ChangeError]:
    """Apply changes of settings, by their index in the message, the higher stamp wins; return why others were
    skipped."""
    if not changes:
        return []
    known = {setting.name: setting for setting in ReaderSetting.objects.filter(user=actor)}
    touched: dict[str, ReaderSetting] = {}
    errors = []
    for index, change in changes.items():
        setting = known.get(change.name)
        if setting is None and len(known) >= MAX_SETTINGS:
            errors.append(ChangeError(index, "too_many"))
        elif setting is None or (setting.stamp, setting.value) < (change.stamp, change.value):
            setting = known.setdefault(change.name, ReaderSetting(user=actor, name=change.name))
            setting.value, setting.stamp = change.value, change.stamp
            touched[change.name] = setting
    save(state, list(touched.values()))
    return errors


def save(state: SyncState, settings: list[ReaderSetting]) -> None:
    """Store new and changed settings, each with the next cursor."""
    sync_states.count(state, settings)
    new, known = [one for one in settings if one.pk is None], [one for one in settings if one.pk is not None]
    ReaderSetting.objects.bulk_create(new)
    ReaderSetting.objects.bulk_update(known, ["value", "stamp", "cursor"])
