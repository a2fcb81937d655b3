"""Moves what a guest left in books to the person who claims the guest's purchases."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from common import clock
from storefront.reading.models import Device, FurthestPlace, LastPlace, Note, ReaderSetting, SyncState
from storefront.reading.services import notes, places, reader_settings, sync_states
from storefront.reading.services.note_merge import merge_copy


def move_to_person(guest: User, person: User) -> None:
    """Move devices, places, notes and settings; where both have something, the later wins, as between two devices.

    No note is lost: bodies written apart both stay.
    """
    states = {user.pk: sync_states.lock(user) for user in sorted((guest, person), key=lambda user: user.pk)}
    _move_devices(guest, person)
    for place in FurthestPlace.objects.filter(user=guest).select_related("work", "edition"):
        place.user = person
        places.raise_furthest(place)
    _move_notes(guest, person, states[person.pk])
    _move_settings(guest, person, states[person.pk])
    FurthestPlace.objects.filter(user=guest).delete()
    SyncState.objects.filter(user=guest).delete()


def _move_devices(guest: User, person: User) -> None:
    """Move the guest's devices; the places of one that the person has, too, move to that."""
    own = {device.key: device for device in Device.objects.filter(user=person)}
    for device in Device.objects.filter(user=guest).prefetch_related("places__work", "places__edition"):
        twin = own.get(device.key)
        if twin is None:
            Device.objects.filter(pk=device.pk).update(user=person)
            continue
        _move_places(device.places.all(), twin)
        device.delete()


def _move_places(found: Iterable[LastPlace], device: Device) -> None:
    for place in found:
        places.save_last(
            device=device,
            work=place.work,
            edition=place.edition,
            block=place.block,
            offset=place.offset,
            page=place.page,
            share_bps=place.share_bps,
            words=place.words,
            at=place.at,
        )


def _move_notes(guest: User, person: User, state: SyncState) -> None:
    """Move the guest's notes; one that the person has, too, is merged. They get cursors of the person's count."""
    at = clock.now()
    theirs = list(Note.objects.filter(user=guest))
    own = {note.uid: note for note in Note.objects.filter(user=person, uid__in=[note.uid for note in theirs])}
    changed = []
    for note in theirs:
        twin = own.get(note.uid)
        if twin is None:
            note.user = person
            changed.append(note)
        elif merge_copy(twin, note, at=at):
            changed.append(twin)
    Note.objects.filter(user=guest, uid__in=own).delete()
    Note.objects.filter(user=guest).update(user=person)
    notes.save(state, changed, at=at)


def _move_settings(guest: User, person: User, state: SyncState) -> None:
    own = {setting.name: setting for setting in ReaderSetting.objects.filter(user=person)}
    changed = []
    for setting in ReaderSetting.objects.filter(user=guest):
        twin = own.get(setting.name) or ReaderSetting(user=person, name=setting.name)
        if (twin.stamp, twin.value) < (setting.stamp, setting.value):
            twin.value, twin.stamp = setting.value, setting.stamp
            changed.append(twin)
    ReaderSetting.objects.filter(user=guest).delete()
    reader_settings.save(state, changed)
