"""Who comes in. For people who may not know of a page there is none (404); for others there is a refusal (403)."""

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

_LONGEST = 100

type View = Callable[..., HttpResponseBase]


def for_contributors(view: View) -> View:
    """A contributor's own pages. Moderators know of them but may not look; staff of finance have pages of their own."""

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_have_earnings(request.user):
            if account_permissions.is_moderator(request.user) or permissions.may_read_finance(request.user):
                raise NotAllowed
            raise NotFound
        return view(request, *args, **kwargs)

    return never_cache(login_required(checked))


def for_finance(view: View) -> View:
    """The finance office. Whatever changes something takes a recent log-in."""
    return in_office(recent_login_to_change(view))


def in_office(view: View) -> View:
    """The same without one, for what moves no money. 404 for everybody else, logged in or not. Every look is
    logged."""

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
    """Before a statement's file is taken in: as `for_finance`."""
    if not permissions.may_read_finance(request.user):
        raise HiddenPage


def _note_read(request: PersonRequest, about: dict[str, Any]) -> None:
    """Who saw which page of whom: identifiers alone. It is finance's daily work, so nobody is asked why."""
    match = request.resolver_match
    facts: dict[str, str | int] = {"page": match.view_name or "" if match else ""}
    if about:
        facts["what"] = " ".join(str(value) for value in about.values())[:_LONGEST]
    account_services.record_audit(actor=request.user, verb="finance.read", subject=request.user, facts=facts)


def hidden_from_strangers(view: View) -> View:
    """404 for visitors who are not logged in: they do not learn that there is such a thing."""

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"} and not request.user.is_authenticated:
            raise NotFound
        return view(request, *args, **kwargs)

    return checked


def known_to_moderators(view: View) -> View:
    """Moderators hear that they may not do this (403), rather than that there is no such page."""

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if account_permissions.is_moderator(user) and not permissions.may_read_finance(user):
            raise NotAllowed
        return view(request, *args, **kwargs)

    return checked
