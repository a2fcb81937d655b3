"""How often somebody may do something: the one place where tries are counted.

Two ways, each with its numbers in the settings:

- `limited("checkout")` for what costs us or others something, by `ACCOUNT_RATE_LIMITS`, which allauth's own pages use,
  too. Counted where all web processes see it.
- `lightly_limited("search")` for pages that many ask for, by `LIGHT_LIMITS`; and in `LimitMiddleware` for every request
  that changes something. Counted by each web process, or on Redis where there is one: a count in the database would
  cost more than most of these pages. While Redis is away, nobody is counted.

The second goes by the place on the network, an IPv4 address or an IPv6 network of 64 bits: pages for everybody do not
look for an account. The first goes by the account, or the place of who has none, or as its rate says.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as allauth_counts
from django.conf import settings
from django.core.cache import cache, caches
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.errors import DomainError
from common.visitors import client_network

_MINUTE, _HOUR = 60, 3600
_APP = "allauth.account"  # whose setting the limits are kept in


class TooManyRequests(DomainError):
    """`seconds` from now it may be tried again."""

    code = "too_many_requests"
    message = _("This was done too often in a short time. You can try again in {wait}.")
    status = 429

    def __init__(self, *, seconds: float, **facts: object) -> None:
        self.seconds = max(seconds, 1.0)
        super().__init__(wait=in_words(self.seconds), **facts)


def limited[View: Callable[..., HttpResponseBase]](action: str) -> Callable[[View], View]:
    """Count each time the view's form is sent. Raises TooManyRequests instead of calling the view."""

    def wrapper(view: View) -> View:
        @wraps(view)
        def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST" and not was_counted(request, action):
                consume(request, action)
            return view(request, *args, **kwargs)

        return cast("View", call)

    return wrapper


def lightly_limited[View: Callable[..., HttpResponseBase]](action: str) -> Callable[[View], View]:
    """Count each time the page is asked for. Raises TooManyRequests instead of calling the view."""

    def wrapper(view: View) -> View:
        @wraps(view)
        def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            consume_lightly(request, action)
            return view(request, *args, **kwargs)

        return cast("View", call)

    return wrapper


def consume(request: HttpRequest, action: str, *, key: str = "") -> None:
    """Count one try of a form that was sent; `key` is what a limit per "key" goes by, who asks unless given. Raises
    TooManyRequests."""
    key = key or _who(request)
    if not ratelimit.consume(request, action=action, key=key):
        raise TooManyRequests(seconds=_wait(request, action, key))


def consume_unread(request: HttpRequest, action: str) -> None:
    """The same before a large body is taken in. The view's own count of this request is then no second one. Raises
    TooManyRequests."""
    consume(request, action)
    request.counted_unread = action  # type: ignore[attr-defined]


def was_counted(request: HttpRequest, action: str) -> bool:
    """Whether that was done before its body was taken in."""
    return getattr(request, "counted_unread", "") == action


def consume_lightly(request: HttpRequest, action: str) -> None:
    """Count one request within the minute it falls into. Raises TooManyRequests."""
    most = settings.LIGHT_LIMITS.get(action)
    if most is None:
        return
    minute, passed = divmod(time.time(), _MINUTE)
    name = f"limits:{action}:{client_network(request)}:{minute:.0f}"
    counts = caches["counts"]
    if counts.add(name, 1, timeout=_MINUTE):
        return
    try:
        count = counts.incr(name)
    except ValueError:  # dropped meanwhile, for want of room
        return
    if count is not None and count > most:  # None from a cache server that is away: nobody is held up for that
        raise TooManyRequests(seconds=_MINUTE - passed)


def unlimited[Marked: Callable[..., Any]](view: Marked) -> Marked:
    """Marks a view that machines of ours or of the payment provider call, and that asks for proof itself."""
    view.is_unlimited = True  # type: ignore[attr-defined]  # as csrf_exempt marks a view
    return view


def in_words(seconds: float) -> str:
    """A time to wait, rounded up to what people count in."""
    minutes = math.ceil(seconds / _MINUTE)
    if seconds < _MINUTE:
        count = math.ceil(seconds)
        return ngettext("%(count)d second", "%(count)d seconds", count) % {"count": count}
    if minutes < _MINUTE:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    count = math.ceil(seconds / _HOUR)
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}


def _who(request: HttpRequest) -> str:
    return f"account:{request.user.pk}" if request.user.is_authenticated else f"place:{client_network(request)}"


def _wait(request: HttpRequest, action: str, key: str) -> float:
    """Until the oldest try that stands in the way is forgotten."""
    now, waits = time.time(), [1.0]
    for rate in allauth_counts.get_rates(app=_APP, action=action):
        tries = cache.get(allauth_counts.get_cache_key(request, app=_APP, action=action, rate=rate, key=key), [])
        if rate.amount and len(tries) >= rate.amount:
            waits.append(tries[rate.amount - 1] + rate.duration - now)
    return max(waits)
