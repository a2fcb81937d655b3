"""The region that an address names; and staff without a second factor, who reach only the page that sets one up."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import regions
from accounts.models import User

_STAFF_PREFIXES = ("/finance/", "/moderation/", "/operations/", "/payments/sandbox/simulate/")


class RegionMiddleware:
    """Makes "/de-at/books/" the page "/books/" for readers in Austria who read German."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        region, rest = regions.split(request.path_info)
        request.path_info = rest
        with regions.active(region or regions.default()):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", regions.current().language)
        return response


class StaffSecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_SECOND_FACTOR_REQUIRED and request.path_info.startswith(_STAFF_PREFIXES):
            user = request.user
            if isinstance(user, User) and user.is_staff_member and not is_mfa_enabled(user):
                return redirect("mfa_activate_totp")
        return self.get_response(request)
