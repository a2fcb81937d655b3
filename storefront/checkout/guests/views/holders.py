"""On whose behalf a request asks for what was bought: its person, and guests whose links this browser has opened.

A link is remembered in the session as its guest and the version of the link, and looked up anew at each request: a
link that was renewed, or a guest that was claimed, opens nothing from then on.
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
_MOST_REMEMBERED = 20


def remember_guest(request: VisitorRequest, guest: User, *, claims_until: datetime | None = None) -> None:
    """This browser may see what the guest bought: it has opened the link, or has just ordered.

    Until the given time it may put that into an account, too; without one, as long as its session lasts.
    """
    known = request.session.get(_SESSION_KEY, {})
    known.pop(guest.public_id, None)
    known[guest.public_id] = guest.guest.link_version
    request.session[_SESSION_KEY] = dict(list(known.items())[-_MOST_REMEMBERED:])
    claims = request.session.get(_CLAIMS_KEY, {})
    until = claims_until.isoformat() if claims_until is not None else ""
    if claims.get(guest.public_id) != "":  # what paid loses nothing by an older link
        claims[guest.public_id] = until
    request.session[_CLAIMS_KEY] = {one: claims[one] for one in request.session[_SESSION_KEY] if one in claims}


def forget_guests(request: VisitorRequest) -> None:
    """This browser shows nothing of any guest any more."""
    request.session.pop(_SESSION_KEY, None)
    request.session.pop(_CLAIMS_KEY, None)


def guests_of(request: VisitorRequest) -> list[User]:
    """The guests whose links this browser has opened and that hold now; no query without any."""
    known = request.session.get(_SESSION_KEY)
    return guest_selectors.guests_by_links(known) if known else []


def claim_version_of(request: VisitorRequest, guest_id: str, *, at: datetime) -> int | None:
    """The version of the guest's links by which this browser may claim it: it has paid, or just opened a new link."""
    until = request.session.get(_CLAIMS_KEY, {}).get(guest_id)
    if until is None or (until and at > datetime.fromisoformat(until)):
        return None
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


def owned_works(request: VisitorRequest, work_ids: Iterable[int]) -> set[int]:
    """Those of the works that the visitor has: in their library, or by orders whose links this browser has opened. Its
    makers may read a book as well, but see its page as buyers do. Nothing is asked for a visitor without a session."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return set()
    return entitled_works(holders_of(request), work_ids)
