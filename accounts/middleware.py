"""Middleware for the region in the URL, session activity, staff sessions and refused requests."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from allauth.account.middleware import AccountMiddleware
from allauth.core.exceptions import ReauthenticationRequired
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import permissions as account_permissions
from accounts import regions, staff_sessions
from accounts.access_reasons import ReasonNeeded
from accounts.models import User
from accounts.services import refused_attempts
from accounts.staff_sessions import SessionState
from common.client_ip import client_address
from common.error_pages import error_shown_by


class RegionMiddleware:
    """Serves "/de-at/books/" as "/books/" for readers in Austria who read German.

    "/de-at/read/lighthouse/" is an old address, or one that `reverse` has made: it is redirected to the reader's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        region, rest = regions.split(request.path_info)
        if region is not None and (there := regions.reader_path(request.path_info)) != request.path_info:
            query = request.META.get("QUERY_STRING", "")
            address = iri_to_uri(there) + (f"?{query}" if query else "")
            return HttpResponsePermanentRedirect(address, preserve_request=True)
        request.path_info = rest
        with regions.active(region or regions.default()):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", regions.current().language)
        return response


class PrivateCacheMiddleware:
    """Makes public pages private for visitors with a session.

    If the URL names no region, they see the currency and tax of the country they live in, and no shared cache may keep
    the page. After log-in the browser does not reuse earlier pages, because pages vary on cookies. Most visitors send
    no cookies and share cached pages.
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
        # A 304 has no content type, and its caching headers replace those of the cached page.
        is_unchanged = response.status_code == HTTPStatus.NOT_MODIFIED
        if is_public and (is_unchanged or response.get("Content-Type", "").startswith("text/html")):
            patch_vary_headers(response, ["Cookie"])
            if has_session:
                response["Cache-Control"] = "private, no-cache"
        return response


def _region_of(request: HttpRequest) -> regions.Region:
    here, user = regions.current(), request.user
    if here.country or not isinstance(user, User):
        return here
    return regions.region_of_resident(user.country)


class ActivityMiddleware(UserSessionsMiddleware):
    """Records when and from where a session was last used.

    allauth does so on every request, at the cost of three queries and a write. This records it once a minute, and at
    once when the IP address or browser changes.
    """

    _NOTED_EVERY_S = 60

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session_key = request.session.session_key
        if not session_key:
            return self.get_response(request)  # type: ignore[no-any-return]
        noted, key, place = caches["process"], f"active:{session_key}", _place(request)
        # The order matters: while the activity is recorded, a public page reads neither the session nor the user.
        if noted.get(key) == place or not request.user.is_authenticated:
            return self.get_response(request)  # type: ignore[no-any-return]
        noted.set(key, place, self._NOTED_EVERY_S)  # a session belongs to one user: logging in changes its key
        response: HttpResponse = super().__call__(request)
        return response


def _place(request: HttpRequest) -> bytes:
    """Return a digest, because a visitor may send headers of any length."""
    told = [client_address(request) or "", request.META.get("HTTP_USER_AGENT", "")]
    return blake2b("\n".join(told).encode("utf-8", "surrogatepass"), digest_size=16).digest()


class StaffMiddleware:
    """Ends staff sessions early, and tells staff without two-factor authentication why their role is not active yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._allauth: Any = AccountMiddleware(get_response)  # type: ignore[no-untyped-call]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_refusal = response.status_code in {403, 404} and response.get("Content-Type", "").startswith("text/html")
        if is_refusal and _has_session(request) and account_permissions.lacks_second_factor(request.user):
            return render(request, "errors/second_factor.html", status=response.status_code)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Check the staff session. allauth's views stay open: they ask for the password and log out."""
        user = request.user if _has_session(request) and not view.__module__.startswith("allauth.") else None
        if not isinstance(user, User) or not user.is_staff_member:
            return None
        state = staff_sessions.session_state(request, user)
        if state == SessionState.FRESH:
            return None
        if not _is_page(request):
            return HttpResponse(status=403, headers={"HX-Refresh": "true"})
        return self._ask_password(request) if state == SessionState.IDLE else _ask_login(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ReauthenticationRequired) and request.method == "POST":
            # allauth keeps the request and later resolves its path in the URLconf, which knows no regions. The redirect
            # it then makes is in the region again.
            request.path = request.path_info
        if isinstance(exception, ReasonNeeded):
            return _ask_why(request, exception.key)
        return None

    def _ask_password(self, request: HttpRequest) -> HttpResponse:
        """Let allauth ask for the password. It keeps the submitted data and continues with it."""
        self.process_exception(request, required := ReauthenticationRequired())
        answer: HttpResponse = self._allauth.process_exception(request, required)
        return answer


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _is_page(request: HttpRequest) -> bool:
    """Return whether a person opens the URL; a script that fetches part of a page could not show a form instead."""
    return "HX-Request" not in request.headers and request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _ask_why(request: HttpRequest, key: str) -> HttpResponse:
    """Redirect to the page that asks for the reason. Parts of pages get a 403."""
    if not _is_page(request):
        return HttpResponse(status=403)
    query = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse('staff-why', args=[key])}?{query}")


def _ask_login(request: HttpRequest) -> HttpResponse:
    logout(request)
    hours = int(settings.STAFF_SESSION_MAX_AGE.total_seconds() // 3600)
    messages.warning(
        request,
        _("You were logged out because staff sessions last %(hours)d hours. Log in again to continue.")
        % {"hours": hours},
    )
    return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("account"))


class RefusalMiddleware:
    """Records in the audit log what a logged-in user was refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        error = error_shown_by(response)
        if error is not None and error.is_refusal and isinstance(request.user, User):
            match = request.resolver_match
            facts = {"page": match.view_name if match else "", "code": error.code}
            place = client_address(request) or ""
            refused_attempts.note(
                refused_attempts.RefusedAttempt("permission.refused", place=place, actor=request.user, facts=facts)
            )
        return response
