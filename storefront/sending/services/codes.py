"""Codes that people read from one screen and type on another."""

from __future__ import annotations

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

from storefront.sending.models import Device

LENGTH = 6
# Sixteen letters that cannot be taken for each other, nor make words.
_LETTERS = "BCDFGHJKLMNPRTVX"


def code_of(device: Device) -> str:
    """Return the newest code of a device."""
    digest = salted_hmac("sending.device", f"{device.public_id}:{device.code_number}", algorithm="sha256").digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:LENGTH])


def is_right(device: Device, typed: str) -> bool:
    return constant_time_compare(code_of(device), cleaned(typed))


def random_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))


def cleaned(typed: str) -> str:
    """Return what was typed without what keyboards and eyes add."""
    return "".join(letter for letter in typed.upper() if letter.isalpha())
