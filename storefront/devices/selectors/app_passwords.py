"""A person's app passwords, and whose password a device has sent."""

from __future__ import annotations

import hashlib

from accounts.models import User
from common.errors import NotFound
from storefront.devices.models import AppPassword


def app_passwords_of(user: User) -> list[AppPassword]:
    return list(AppPassword.objects.filter(user=user))


def app_password_by_public_id(public_id: str) -> AppPassword:
    """Return the app password. Raises NotFound."""
    found = AppPassword.objects.filter(public_id=public_id).select_related("user").first()
    if found is None:
        raise NotFound
    return found


def sha256_hex(text: str) -> str:
    """Return the digest under which a password, or its MD5 in hex, is kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def by_password(password: str) -> AppPassword | None:
    """Return the app password with its owner, as Basic authentication sends it; one query."""
    return _active(sha256=sha256_hex(password))


def by_md5(md5_hex: str) -> AppPassword | None:
    """Return the app password with its owner, as KOReader's sync sends it: the MD5 of the password in hex."""
    return _active(md5_sha256=sha256_hex(md5_hex.lower()))


def is_login_of(password: AppPassword, login: str) -> bool:
    """Return whether a device may name this password so: by its name, or by its owner's email address."""
    asked = login.strip().casefold()
    return asked in (password.name.casefold(), password.user.email.casefold())


def _active(**digest: str) -> AppPassword | None:
    return AppPassword.objects.filter(user__is_active=True, **digest).select_related("user").first()
