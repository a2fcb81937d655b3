"""What follows from the secret token of a copy: one mark for each place, none of which reveals the others.

Version 1. Whatever changes the bytes of a stamped file is a new version; copies keep the version they were made with.
"""

from __future__ import annotations

import hashlib
import secrets

VERSION = 1
_MARK_BYTES = 16
_TOKEN_BYTES = 32


def new_token() -> str:
    """Return a token for a new copy: random, so that it says nothing about anybody."""
    return secrets.token_hex(_TOKEN_BYTES)


def cover_mark(token: str) -> str:
    """Return the mark in the cover of this copy."""
    return _derived(token, b"cover")


def package_mark(token: str, artifact_sha256: str) -> str:
    """Return the mark in the package document: another one in each file of the copy."""
    return _derived(token, b"package", artifact_sha256.encode("ascii"))


def joiner_key(token: str) -> bytes:
    """Return the key that decides before which dashes of this copy a word joiner stands."""
    return bytes.fromhex(_derived(token, b"joiners"))


def has_joiner(key: bytes, letters: str) -> bool:
    """Return whether a joiner stands before the dash that follows these letters."""
    return bool(hashlib.blake2b(letters.encode("utf-8"), key=key, digest_size=1).digest()[0] & 1)


def _derived(token: str, place: bytes, data: bytes = b"") -> str:
    return hashlib.blake2b(data, key=bytes.fromhex(token), person=place, digest_size=_MARK_BYTES).hexdigest()
