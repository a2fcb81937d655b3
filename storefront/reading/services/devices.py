"""The devices of a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from storefront.reading.models import Device, DeviceKind

# The plain pages have no script that could tell one browser from another.
PLAIN_KEY = "plain"

MAX_DEVICES = 100
_SEEN_AGAIN = timedelta(hours=1)


def browser(person: User, *, key: str, name: str, at: datetime) -> Device:
    """Return the person's device with that key, and note its name and that it was seen."""
    return _device(person, key, DeviceKind.BROWSER, name, at)


def ereader(person: User, *, key: str, name: str, at: datetime) -> Device:
    """Return the person's e-reader, or program for reading, with that key, and note its name and that it was seen."""
    return _device(person, key, DeviceKind.EREADER, name, at)


def plain_pages(person: User, *, at: datetime) -> Device:
    """Return what stands for the plain pages, in whatever browser."""
    return _device(person, PLAIN_KEY, DeviceKind.PLAIN, "", at)


def _device(person: User, key: str, kind: DeviceKind, name: str, at: datetime) -> Device:
    fields = {"kind": kind, "name": name, "seen_at": at}
    device, is_new = Device.objects.get_or_create(user=person, key=key, defaults=fields)
    if is_new:
        _drop_oldest(person)
    elif device.name != name or device.seen_at < at - _SEEN_AGAIN:
        device.name, device.seen_at = name, at
        device.save(update_fields=["name", "seen_at"])
    return device


def _drop_oldest(person: User) -> None:
    """Delete the devices that were not used for longest: each private window is a new one."""
    older = Device.objects.filter(user=person).order_by("-seen_at", "-pk")[MAX_DEVICES:]
    Device.objects.filter(pk__in=[device.pk for device in older]).delete()
