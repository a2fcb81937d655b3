"""Staff without a second factor reach nothing but the page that sets one up."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User

_STAFF_PREFIXES = ("/finance/", "/moderation/", "/operations/", "/payments/sandbox/simulate/")


class StaffSecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_SECOND_FACTOR_REQUIRED and request.path.startswith(_STAFF_PREFIXES):
            user = request.user
            if isinstance(user, User) and user.is_staff_member and not is_mfa_enabled(user):
                return redirect("mfa_activate_totp")
        return self.get_response(request)
