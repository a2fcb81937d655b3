"""On whose behalf a request asks for what was bought: its person, and guests whose links this browser has opened.

A link is remembered in the session as its guest and the version of the link, and looked up anew at each request: a
link that was renewed, or a guest that was claimed, opens nothing from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseBase

from accounts.models import User
from accounts.requests import VisitorRequest
from common.errors import DomainError, NotFound
from storefront.selectors import guests as guest_selectors

_SESSION_KEY = "guests"
_MOST_REMEMBERED = 20


def remember_guest(request: VisitorRequest, guest: User) -> None:
    """This browser may see what the guest bought: it has opened the link, or has just ordered."""
    known = request.session.get(_SESSION_KEY, {})
    known.pop(guest.public_id, None)
    known[guest.public_id] = guest.guest.link_version
    request.session[_SESSION_KEY] = dict(list(known.items())[-_MOST_REMEMBERED:])


def forget_guests(request: VisitorRequest) -> None:
    """This browser shows nothing of any guest any more."""
    request.session.pop(_SESSION_KEY, None)


def guests_of(request: VisitorRequest) -> list[User]:
    """The guests whose links this browser has opened and that hold now; no query without any."""
    known = request.session.get(_SESSION_KEY)
    return guest_selectors.guests_by_links(known) if known else []


def link_version_of(request: VisitorRequest, guest_id: str) -> int | None:
    """The version of the guest's link that this browser has opened, if it has."""
    version: int | None = request.session.get(_SESSION_KEY, {}).get(guest_id)
    return version


def holders_of(request: VisitorRequest) -> list[User]:
    """The person first, then the guests."""
    person = [request.user] if isinstance(request.user, User) else []
    return [*person, *guests_of(request)]


def for_holders[**P](
    view: Callable[Concatenate[VisitorRequest, list[User], P], HttpResponseBase],
) -> Callable[Concatenate[VisitorRequest, P], HttpResponseBase]:
    """Like `login_required`, but lets guests through; the view is given the holders, and there is one at least.

    Somebody not signed in learns nothing of what their links do not open: they are asked to log in.
    """

    @wraps(view)
    def inner(request: VisitorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        holders = holders_of(request)
        if not holders:
            return redirect_to_login(request.get_full_path())
        try:
            return view(request, holders, *args, **kwargs)
        except NotFound:
            if isinstance(request.user, User):
                raise
            return redirect_to_login(request.get_full_path())

    return inner


def first_holder[T](holders: list[User], attempt: Callable[[User], T], failure: type[DomainError]) -> T:
    """What `attempt` gives for the first holder it does not fail for; the last one's failure is raised."""
    for holder in holders[:-1]:
        with suppress(failure):
            return attempt(holder)
    return attempt(holders[-1])
