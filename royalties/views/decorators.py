"""Decorators that decide who may open a page.

People who may not know that a page exists get a 404; everybody else without the right gets a 403.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.views.decorators.cache import never_cache

from accounts import permissions as account_permissions
from accounts import services as account_services
from accounts.requests import PersonRequest
from accounts.staff_sessions import recent_login_to_change
from common.errors import HiddenPage, NotAllowed, NotFound
from royalties import permissions

_MAX_LENGTH = 100

type View = Callable[..., HttpResponseBase]


def for_contributors(view: View) -> View:
    """Admit contributors to their own pages. Moderators and finance staff get a 403, everybody else a 404."""

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_have_earnings(request.user):
            if account_permissions.is_moderator(request.user) or permissions.may_read_finance(request.user):
                raise NotAllowed
            raise NotFound
        return view(request, *args, **kwargs)

    return never_cache(login_required(checked))


def for_finance(view: View) -> View:
    """Admit finance staff and operators. Anything that changes data requires a recent log-in."""
    return in_office(recent_login_to_change(view))


def in_office(view: View) -> View:
    """Admit the same people without a recent log-in, for actions that move no money.

    Everybody else gets a 404, logged in or not. Each page that is shown is noted in the audit log.
    """

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_read_finance(request.user):
            raise HiddenPage
        response = view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and response.status_code == 200:
            _note_read(request, kwargs)
        return response

    return never_cache(checked)


def judge_finance(request: PersonRequest) -> None:
    """Check the right to upload before a bank statement's file is read. Raises HiddenPage, as `for_finance` does."""
    if not permissions.may_read_finance(request.user):
        raise HiddenPage


def _note_read(request: PersonRequest, about: dict[str, Any]) -> None:
    """Note in the audit log who saw which page about whom, by identifiers only.

    Looking at these pages is finance's daily work, so no reason is asked for.
    """
    match = request.resolver_match
    facts: dict[str, str | int] = {"page": match.view_name or "" if match else ""}
    if about:
        facts["what"] = " ".join(str(value) for value in about.values())[:_MAX_LENGTH]
    account_services.record_audit(actor=request.user, verb="finance.read", subject=request.user, facts=facts)


def hidden_from_strangers(view: View) -> View:
    """Answer visitors who are not logged in with 404, so that they do not learn that the page exists."""

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"} and not request.user.is_authenticated:
            raise NotFound
        return view(request, *args, **kwargs)

    return checked


def known_to_moderators(view: View) -> View:
    """Answer moderators with 403 rather than 404: they may know that the page exists."""

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if account_permissions.is_moderator(user) and not permissions.may_read_finance(user):
            raise NotAllowed
        return view(request, *args, **kwargs)

    return checked
