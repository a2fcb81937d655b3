"""The addresses that KOReader's sync asks for (plugins/kosync.koplugin in KOReader, api.json).

All answers are JSON, whatever is accepted. A place that is not answered 200 or 401 waits on the device and is sent
again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate

from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from common import clock
from common.body_limits import declared_bytes
from common.client_ip import client_address
from common.error_pages import answers_json
from common.limits import counted_as, rate_limited_by_network
from common.middleware import raw_body
from storefront.devices.kosync.messages import MAX_BYTES, InvalidPush, parse
from storefront.devices.models import Scope
from storefront.devices.selectors import app_passwords as selectors
from storefront.devices.selectors import synced_places as place_selectors
from storefront.devices.services import synced_places
from storefront.devices.views.sign_in import checked

# Codes of koreader/koreader-sync-server.
_UNAUTHORIZED, _INVALID, _REGISTRATION_CLOSED = 2001, 2003, 2005


def with_sync_password[**P](
    view: Callable[Concatenate[HttpRequest, User, P], JsonResponse],
) -> Callable[Concatenate[HttpRequest, P], JsonResponse]:
    """Let the view be called with the owner of an app password for sync, which KOReader sends as its MD5."""

    @wraps(view)
    def call(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> JsonResponse:
        login, key = _header(request, "x-auth-user"), request.headers.get("x-auth-key", "")
        password = None
        if login and key:
            password = checked(request, login=login, find=lambda: selectors.by_md5(key), scope=Scope.SYNC)
        response = view(request, password.user, *args, **kwargs) if password is not None else _unauthorized()
        patch_vary_headers(response, ["X-Auth-User", "X-Auth-Key"])
        return response

    return call


@answers_json
@csrf_exempt  # programs have no cookies; a session counts for nothing here
@counted_as("sync")
@raw_body
@never_cache
@require_POST
def create(request: HttpRequest) -> JsonResponse:
    """Refuse to register: who has an account makes an app password there. KOReader shows the message."""
    message = _("Make an app password in your account, under “Devices and apps”, and log in with it.")
    return _error(_REGISTRATION_CLOSED, message, HTTPStatus.PAYMENT_REQUIRED)


@answers_json
@never_cache
@require_safe
@rate_limited_by_network("sync")
@with_sync_password
def authorize(request: HttpRequest, owner: User) -> JsonResponse:
    """Say that the app password is right."""
    return JsonResponse({"authorized": "OK"})


@answers_json
@csrf_exempt
@counted_as("sync")
@raw_body
@never_cache
@require_http_methods(["PUT", "POST"])
@with_sync_password
def update(request: HttpRequest, owner: User) -> JsonResponse:
    """Keep a place of the device."""
    if declared_bytes(request) > MAX_BYTES:
        return _error(_INVALID, _("This is too large to be saved at once."), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        push = parse(request.body)
    except InvalidPush:
        return _error(_INVALID, _("This is no place in a book."), HTTPStatus.FORBIDDEN)
    at = clock.now()
    synced_places.push(actor=owner, push=push, address=client_address(request), at=at)
    return JsonResponse({"document": push.document, "timestamp": int(at.timestamp())})


@answers_json
@never_cache
@require_safe
@rate_limited_by_network("sync")
@with_sync_password
def progress(request: HttpRequest, owner: User, document: str) -> JsonResponse:
    """Return the newest place in the book of a file: an empty object if nothing is known, as KOReader expects."""
    answer = place_selectors.answer(owner, document)
    if answer is None:
        return JsonResponse({})
    return JsonResponse(
        {
            "document": document,
            "progress": answer.progress,
            "percentage": answer.percentage,
            "device": answer.device,
            "device_id": answer.device_id,
            "timestamp": int(answer.at.timestamp()),
        }
    )


def _header(request: HttpRequest, name: str) -> str:
    """Return a header that may hold a name in UTF-8, which arrives as Latin-1."""
    value = request.headers.get(name, "")
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _unauthorized() -> JsonResponse:
    message = _("Wrong name or app password. Use one that may save places, from “Devices and apps” in your account.")
    return _error(_UNAUTHORIZED, message, HTTPStatus.UNAUTHORIZED)


def _error(code: int, message: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
