"""The holders for whom a request accesses purchases: its person, and guests whose links this browser has opened.

A link is stored in the session as its guest and the version of the link, and checked at each request: it stops working
once the link is renewed or the guest is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Concatenate

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseBase

from accounts.models import User
from accounts.requests import VisitorRequest
from common.errors import DomainError, NotFound
from storefront.checkout.entitlements.selectors.entitlements import entitled_works
from storefront.checkout.guests import selectors as guest_selectors

_SESSION_KEY = "guests"
_CLAIMS_KEY = "claims"  # by guest until when this browser may claim it; "" as long as the session lasts
_MAX_REMEMBERED = 20


def remember_guest(request: VisitorRequest, guest: User, *, claims_until: datetime | None = None) -> None:
    """Let this browser see what the guest bought: it has opened the link, or has just ordered.

    Until the given time it may also add that to an account; without one, as long as its session lasts.
    """
    known = request.session.get(_SESSION_KEY, {})
    known.pop(guest.public_id, None)
    known[guest.public_id] = guest.guest.link_version
    request.session[_SESSION_KEY] = dict(list(known.items())[-_MAX_REMEMBERED:])
    claims = request.session.get(_CLAIMS_KEY, {})
    until = claims_until.isoformat() if claims_until is not None else ""
    if claims.get(guest.public_id) != "":  # a browser that paid loses nothing by opening an older link
        claims[guest.public_id] = until
    request.session[_CLAIMS_KEY] = {one: claims[one] for one in request.session[_SESSION_KEY] if one in claims}


def forget_guests(request: VisitorRequest) -> None:
    """Remove all guests from this browser."""
    request.session.pop(_SESSION_KEY, None)
    request.session.pop(_CLAIMS_KEY, None)


def guests_of(request: VisitorRequest) -> list[User]:
    """Return the guests whose links this browser has opened and that are still valid; no query if there are none."""
    known = request.session.get(_SESSION_KEY)
    return guest_selectors.guests_by_links(known) if known else []


def claim_version_of(request: VisitorRequest, guest_id: str, *, at: datetime) -> int | None:
    """Return the version of the guest's links by which this browser may claim it: it has paid, or just opened a new
    link."""
    until = request.session.get(_CLAIMS_KEY, {}).get(guest_id)
    if until is None or (until and at > datetime.fromisoformat(until)):
        return None
    version: int | None = request.session.get(_SESSION_KEY, {}).get(guest_id)
    return version


def holders_of(request: VisitorRequest) -> list[User]:
    """Return the person first, then the guests."""
    person = [request.user] if isinstance(request.user, User) else []
    return [*person, *guests_of(request)]


def for_holders[**P](
    view: Callable[Concatenate[VisitorRequest, list[User], P], HttpResponseBase],
) -> Callable[Concatenate[VisitorRequest, P], HttpResponseBase]:
    """Require at least one holder, like `login_required` but also for guests; the view gets the holders.

    Visitors who are not logged in learn nothing about orders that their links do not open: they are asked to log in.
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
    """Return the result of `attempt` for the first holder for whom it does not fail; otherwise raise the last
    failure."""
    for holder in holders[:-1]:
        with suppress(failure):
            return attempt(holder)
    return attempt(holders[-1])


def owned_works(request: VisitorRequest, work_ids: Iterable[int]) -> set[int]:
    """Return which of the works the visitor has: in their library, or through orders whose links this browser has
    opened. Makers may read a book as well, but see its page as buyers do. Runs no query for a visitor without a
    session."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return set()
    return entitled_works(holders_of(request), work_ids)
