"""Signing in by Basic authentication with an app password: for programs, which have neither cookies nor forms."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from accounts.models import User
from storefront.devices.models import AppPassword, Scope
from storefront.devices.opds import authentication
from storefront.devices.selectors import app_passwords as selectors
from storefront.devices.views.answers import ICON, address
from storefront.devices.views.sign_in import checked


def with_app_password[**P](
    scope: Scope,
) -> Callable[
    [Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Let the view be called with the owner of an app password of this scope; all others are asked to sign in.

    A session does not count, so that a page of another site cannot fetch anything with it. Raises TooManyRequests after
    too many wrong passwords from one network.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, User, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def call(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            password = _app_password_of(request, scope)
            response = view(request, password.user, *args, **kwargs) if password is not None else challenge()
            patch_vary_headers(response, ["Authorization"])
            return response

        return call

    return decorate


def challenge() -> HttpResponse:
    """Return 401 with both ways to say how to sign in: the header, and the document that apps make a form of."""
    response = HttpResponse(document(), status=HTTPStatus.UNAUTHORIZED, content_type=authentication.TYPE)
    response["WWW-Authenticate"] = f'Basic realm="{_realm()}", charset="UTF-8"'
    response["Link"] = f'<{address("opds-authentication")}>; rel="{authentication.REL}"; type="{authentication.TYPE}"'
    response["Cache-Control"] = "no-store"
    return response


def document() -> bytes:
    """Return the document that says how to sign in."""
    found = authentication.document(
        address=address("opds-authentication"),
        title=settings.SITE_NAME,
        about=_(
            "Make an app password in your account, under “Devices and apps”. Your own password does not work here."
        ),
        help_page=address("app-passwords"),
        icon=settings.SITE_URL + ICON,
        labels={"login": _("Name of the app password, or your email address"), "password": _("App password")},
    )
    return json.dumps(found, ensure_ascii=False).encode()


def _realm() -> str:
    """Return the shop's name as a header can have it."""
    return settings.SITE_NAME.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")


def _app_password_of(request: HttpRequest, scope: Scope) -> AppPassword | None:
    """Return the app password that the request was sent with, if it is right; count it if it is wrong."""
    sent = _sent(request)
    if sent is None:
        return None
    login, text = sent
    return checked(request, login=login, find=lambda: selectors.by_password(text), scope=scope)


def _sent(request: HttpRequest) -> tuple[str, str] | None:
    """Return the user name and the password of the header; None without one that can be read."""
    scheme, _space, encoded = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        raw = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # what older programs send
    login, colon, password = text.partition(":")
    return (login, password) if colon else None
