"""Secrets at rest: what is stored here can be read only with the vault's keys, which are used for nothing else.

`settings.VAULT_KEYS` are newest first. Secrets are encrypted with the newest key; those encrypted with an older one can
still be read. An altered or foreign token is refused.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class DecryptionFailed(Exception):
    """The secret cannot be read: its key is gone, or it was altered."""


def encrypt(secret: bytes) -> bytes:
    """Return the secret as a token that may be stored anywhere."""
    return _keys().encrypt(secret)


def decrypt(token: bytes | memoryview) -> bytes:
    """Return the secret in the token. Raises DecryptionFailed."""
    try:
        return _keys().decrypt(bytes(token))
    except InvalidToken as error:
        raise DecryptionFailed("no key of the vault opens this") from error


def reencrypt(token: bytes | memoryview) -> bytes:
    """Return the same secret under the newest key. Raises DecryptionFailed."""
    try:
        return _keys().rotate(bytes(token))
    except InvalidToken as error:
        raise DecryptionFailed("no key of the vault opens this") from error


def is_key(text: str) -> bool:
    """Return whether the text can be one of the vault's keys."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.VAULT_KEYS])
