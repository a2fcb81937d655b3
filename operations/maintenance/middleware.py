"""Answers in place of views while the shop is not open."""

from __future__ import annotations

import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts import permissions
from common import clock
from common.error_pages import error_response, is_for_script, typed_values
from operations.maintenance import selectors
from operations.maintenance.errors import ShopClosed, ShopReadOnly
from operations.maintenance.models import Mode
from operations.maintenance.selectors import State

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# For probes, and for operators: how they get in, and open the shop again.
_ALWAYS_OPEN = frozenset(
    {
        "health", "favicon", "apple-touch-icon", "account_login", "account_logout", "account_reauthenticate",
        "mfa_authenticate", "mfa_reauthenticate", "maintenance",
    }
)  # fmt: skip
_RETRY_AFTER_S = 120
_MAX_RETRY_AFTER_S = 3600


class MaintenanceMiddleware:
    """Answers 503 with `Retry-After` to changes while the shop is read-only, and to all but operators while closed.

    The payment provider's webhooks are refused, too: it sends them again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Return the answer in place of the view's."""
        state = selectors.cached_state()
        if state.mode == Mode.OPEN or request.resolver_match is None:
            return None
        if request.resolver_match.view_name in _ALWAYS_OPEN or _may_pass(request, state.mode):
            return None
        return _refusal(request, state)


def _may_pass(request: HttpRequest, mode: Mode) -> bool:
    if mode == Mode.CLOSED:
        return permissions.is_operator(request.user)
    return request.method in _SAFE_METHODS


def _refusal(request: HttpRequest, state: State) -> HttpResponse:
    is_closed = state.mode == Mode.CLOSED
    if is_for_script(request):
        response = error_response(request, ShopClosed() if is_closed else ShopReadOnly())
    else:
        facts = {
            "heading": _("Closed for maintenance") if is_closed else _("Nothing can be changed for the moment"),
            "is_closed": is_closed,
            "message": state.message,
            "ends_at": state.ends_at,
            "typed": list(typed_values(request)),
            "has_files": bool(request.FILES),
        }
        response = render(request, "maintenance/visitor.html", facts, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(_retry_after_s(state))
    response["Cache-Control"] = "no-store"
    return response


def _retry_after_s(state: State) -> int:
    if state.ends_at is None:
        return _RETRY_AFTER_S
    return min(max(_RETRY_AFTER_S, math.ceil((state.ends_at - clock.now()).total_seconds())), _MAX_RETRY_AFTER_S)
