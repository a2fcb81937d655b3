"""What allauth tells of: a password that was reset by email."""

from __future__ import annotations

from typing import Any

from allauth.account import signals

from accounts.models import User
from storefront.devices.services import app_passwords


def connect() -> None:
    """Connect the receivers. Called once, when the app is ready."""
    signals.password_reset.connect(_password_reset, dispatch_uid="devices.password_reset")


def _password_reset(user: User, **_told: Any) -> None:
    """Revoke all app passwords: whoever resets a password may have lost the account to somebody who made some."""
    app_passwords.revoke_all(actor=user)
