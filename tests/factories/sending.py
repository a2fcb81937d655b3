"""Devices that books are sent to."""

from __future__ import annotations

from accounts.models import User
from common import clock
from storefront.sending.models import Device
from storefront.sending.services import codes, devices


def make_device(owner: User, *, address: str = "kobold@kindle.com", name: str = "Kindle") -> Device:
    """A device that waits for its code."""
    return devices.add(actor=owner, address=address, name=name, at=clock.now())


def make_confirmed_device(owner: User, *, address: str = "kobold@kindle.com", name: str = "Kindle") -> Device:
    device = make_device(owner, address=address, name=name)
    device.refresh_from_db()
    devices.confirm(actor=owner, device_id=device.public_id, code=codes.code_of(device), at=clock.now())
    device.refresh_from_db()
    return device
