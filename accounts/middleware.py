"""The region that an address names; where people are logged in; staff without a second factor, who reach only the page
that sets one up."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import blake2b

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers

from accounts import regions
from accounts.models import User
from accounts.services import refusals
from common.errors import DomainError
from common.recent import Recent
from common.visitors import client_address

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


class OwnPagesMiddleware:
    """Public pages for somebody with a session are theirs: in the currency and with the tax of the country they live
    in, where the address names no region, and kept by no cache that others use. Who logs in finds no page from before
    in their browser, since pages vary on cookies; most visitors send none, and share them.
    """

    _NOBODYS = (settings.STATIC_URL, settings.MEDIA_URL)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(self._NOBODYS):
            return self.get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        with regions.active(_region_of(request) if has_session else regions.current()):
            response = self.get_response(request)
        is_public = "public" in response.get("Cache-Control", "")
        if is_public and response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
            if has_session:
                response["Cache-Control"] = "private, no-cache"
        return response


def _region_of(request: HttpRequest) -> regions.Region:
    here, user = regions.current(), request.user
    if here.country or not isinstance(user, User):
        return here
    return regions.at_home(user.country)


class ActivityMiddleware(UserSessionsMiddleware):
    """Notes when and from where a session was last used, as allauth does for every request: here once a minute, and at
    once from another place. Three queries and a write of each request are not worth the seconds.
    """

    _NOTED_EVERY_S = 60
    _MOST_SESSIONS = 10_000  # of those, what a web process noted lately

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self._noted: Recent[str, tuple[bytes, float]] = Recent(most=self._MOST_SESSIONS, size=lambda _noted: 1)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session_key, now = request.session.session_key, time.monotonic()
        if not session_key:
            return self.get_response(request)  # type: ignore[no-any-return]
        place, noted = _place(request), self._noted.get(session_key)
        is_noted = noted is not None and noted[0] == place and now - noted[1] < self._NOTED_EVERY_S
        # Asked in this order: a page for everybody, shown to somebody who was noted, reads neither session nor person.
        if is_noted or not request.user.is_authenticated:
            return self.get_response(request)  # type: ignore[no-any-return]
        self._noted.put(session_key, (place, now))  # a session is one person's: who logs in gets another key
        response: HttpResponse = super().__call__(request)
        return response


def _place(request: HttpRequest) -> bytes:
    """A digest, because a visitor may send headers of any length."""
    told = [client_address(request) or "", request.META.get("HTTP_USER_AGENT", "")]
    return blake2b("\n".join(told).encode("utf-8", "surrogatepass"), digest_size=16).digest()


class StaffSecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_SECOND_FACTOR_REQUIRED and request.path_info.startswith(_STAFF_PREFIXES):
            user = request.user
            if isinstance(user, User) and user.is_staff_member and not is_mfa_enabled(user):
                return redirect("mfa_activate_totp")
        return self.get_response(request)


class RefusalMiddleware:
    """Notes in the audit log what somebody who is logged in was refused. Stands behind the one that answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, DomainError) and exception.is_refusal and isinstance(request.user, User):
            match = request.resolver_match
            facts = {"page": match.view_name if match else "", "code": exception.code}
            place = client_address(request) or ""
            refusals.note(refusals.Try("permission.refused", place=place, actor=request.user, facts=facts))
