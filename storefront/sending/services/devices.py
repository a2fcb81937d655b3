"""Adding, confirming and removing the devices that books are sent to."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotFound
from storefront.sending import permissions, rules
from storefront.sending.errors import (
    AddressKnown,
    AddressNotAllowed,
    CodeSpent,
    NotConfirmed,
    TooManyDevices,
    WrongCode,
)
from storefront.sending.models import Device
from storefront.sending.services import codes, deliveries


@transaction.atomic
def add(*, actor: User, address: str, name: str, at: datetime) -> Device:
    """Add a device and send it a code. The account's own address, which is confirmed already, needs none.

    Raises NotAllowed for guests, AddressNotAllowed, AddressKnown, TooManyDevices.
    """
    permissions.require_member(actor)
    User.objects.select_for_update().get(pk=actor.pk)
    address, is_own = address.strip().lower(), _is_own(actor, address)
    if not is_own and not rules.is_known_service(address):
        raise AddressNotAllowed(own=actor.email)
    devices = Device.objects.filter(owner=actor)
    if devices.filter(address=address).exists():
        raise AddressKnown
    if devices.count() >= rules.MAX_DEVICES:
        raise TooManyDevices(limit=rules.MAX_DEVICES)
    device = Device.objects.create(
        owner=actor, address=address, name=name.strip(), made_at=at, confirmed_at=at if is_own else None
    )
    account_services.record_audit(actor=actor, verb="sending.device_added", subject=device)
    if not is_own:
        _send_code(device, at)
    return device


@transaction.atomic
def send_new_code(*, actor: User, device_id: str, at: datetime) -> None:
    """Send another code to a device that is not confirmed; older ones end. Raises NotFound."""
    device = _own(actor, device_id)
    if device.confirmed_at is None:
        _send_code(device, at)


def confirm(*, actor: User, device_id: str, code: str, at: datetime) -> None:
    """Confirm a device by the code it shows. Safe to repeat. Raises NotFound, WrongCode, CodeSpent."""
    if not _confirm(actor, device_id, code, at):
        raise WrongCode


@transaction.atomic
def _confirm(actor: User, device_id: str, code: str, at: datetime) -> bool:
    """Confirm, or count a wrong code, which must be kept when the error is raised."""
    device = _own(actor, device_id)
    if device.confirmed_at is not None:
        return True
    if device.wrong_codes >= rules.MAX_WRONG_CODES:
        raise CodeSpent
    if codes.is_right(device, code):
        device.confirmed_at = at
        device.save(update_fields=["confirmed_at"])
        account_services.record_audit(actor=actor, verb="sending.device_confirmed", subject=device)
        return True
    device.wrong_codes += 1
    device.save(update_fields=["wrong_codes"])
    return False


@transaction.atomic
def set_purchases(*, actor: User, device_id: str, wanted: bool) -> None:
    """Have everything the person buys sent to a device, or no longer. Raises NotFound, NotConfirmed."""
    device = _own(actor, device_id)
    if wanted and device.confirmed_at is None:
        raise NotConfirmed
    device.gets_purchases = wanted
    device.save(update_fields=["gets_purchases"])


@transaction.atomic
def remove(*, actor: User, device_id: str) -> None:
    """Forget a device and what was sent to it. Raises NotFound."""
    device = _own(actor, device_id)
    account_services.record_audit(actor=actor, verb="sending.device_removed", subject=device)
    device.delete()


def _send_code(device: Device, at: datetime) -> None:
    device.code_number += 1
    device.wrong_codes = 0
    device.save(update_fields=["code_number", "wrong_codes"])
    deliveries.enqueue(device=device, work=None, token=None, at=at)


def _is_own(user: User, address: str) -> bool:
    return EmailAddress.objects.filter(user=user, email__iexact=address.strip(), verified=True).exists()


def _own(actor: User, device_id: str) -> Device:
    device = Device.objects.select_for_update().filter(owner=actor, public_id=device_id).first()
    if device is None:
        raise NotFound
    return device
