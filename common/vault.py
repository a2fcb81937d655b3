"""Secrets at rest: what is kept here can be read with the vault's keys only, which are no other keys of ours.

`settings.VAULT_KEYS` are newest first. What is put in is encrypted with the newest; what was put in under an older key
is still read. An altered or foreign token is refused.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class VaultClosed(Exception):
    """What is kept cannot be read: its key is gone, or it was altered."""


def keep(secret: bytes) -> bytes:
    """The secret as a token that may be stored anywhere."""
    return _keys().encrypt(secret)


def read(token: bytes | memoryview) -> bytes:
    """The secret in the token. Raises VaultClosed."""
    try:
        return _keys().decrypt(bytes(token))
    except InvalidToken as error:
        raise VaultClosed("no key of the vault opens this") from error


def renew(token: bytes | memoryview) -> bytes:
    """The same secret under the newest key. Raises VaultClosed."""
    try:
        return _keys().rotate(bytes(token))
    except InvalidToken as error:
        raise VaultClosed("no key of the vault opens this") from error


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.VAULT_KEYS])
