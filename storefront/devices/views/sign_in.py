"""Checks what devices sign in with, whichever way they send it: wrong ones are counted by network, and noted."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from accounts.services import refused_attempts
from accounts.services.refused_attempts import RefusedAttempt
from common import clock, limits
from common.client_ip import client_address, client_network
from storefront.devices.models import AppPassword, Scope
from storefront.devices.selectors import app_passwords as selectors
from storefront.devices.services import app_passwords


def checked(
    request: HttpRequest, *, login: str, find: Callable[[], AppPassword | None], scope: Scope
) -> AppPassword | None:
    """Return the app password that was sent if it is right and has the scope; count it if not.

    Raises TooManyRequests after too many wrong ones from one network, before anything is looked up.
    """
    place = f"place:{client_network(request)}"
    limits.require_room(request, "app_password", key=place)
    password = find()
    if password is not None and selectors.is_login_of(password, login) and scope in password.scopes:
        app_passwords.note_used(password=password, at=clock.now())
        return password
    about = password.user if password is not None else None
    refused_attempts.note(RefusedAttempt("app_password.refused", client_address(request) or "", about=about))
    limits.consume(request, "app_password", key=place, counts_reads=True)
    return None
