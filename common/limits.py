"""Rate limits: the only place where attempts are counted.

There are two kinds, each with its numbers in the settings:

- `limited("checkout")` for what costs us or others something, by `ACCOUNT_RATE_LIMITS`, which allauth's own pages use
  too. Counted across all web processes.
- `rate_limited_by_network("search")` for pages that are requested often, by `NETWORK_RATE_LIMITS`; and in
  `LimitMiddleware` for every request that changes something. Counted by each web process, or in Redis if there is one:
  a count in the database would cost more than most of these pages. If Redis is down, nobody is counted.

The second kind goes by network, an IPv4 address or an IPv6 network of 64 bits, because public pages do not look up an
account. The first kind goes by account, or by network for those without one, or as its rate says.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.core.internal import ratelimit as allauth_counts
from django.conf import settings
from django.core.cache import cache, caches
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.client_ip import client_network
from common.errors import DomainError

_MINUTE, _HOUR = 60, 3600
_APP = "allauth.account"  # the limits are in its setting


class TooManyRequests(DomainError):
    """The action may be tried again `seconds` from now."""

    code = "too_many_requests"
    message = _("You have done this too often in a short time. Try again in {wait}.")
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


def rate_limited_by_network[View: Callable[..., HttpResponseBase]](action: str) -> Callable[[View], View]:
    """Count each time the page is requested. Raises TooManyRequests instead of calling the view."""

    def wrapper(view: View) -> View:
        @wraps(view)
        def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            consume_lightly(request, action)
            return view(request, *args, **kwargs)

        return cast("View", call)

    return wrapper


def consume(request: HttpRequest, action: str, *, key: str = "", counts_reads: bool = False) -> None:
    """Count one submitted form, or with `counts_reads` a request of any method. Raises TooManyRequests.

    `key` is what a limit per "key" counts by; by default that is the account or network.
    """
    key = key or _who(request)
    if not allauth_counts.consume(request, app=_APP, action=action, key=key, limit_get=counts_reads):
        raise TooManyRequests(seconds=_wait(request, action, key))


def require_room(request: HttpRequest, action: str, *, key: str) -> None:
    """Refuse a request of any method without counting it, where only what fails is counted. Raises TooManyRequests."""
    if not allauth_counts.consume(request, app=_APP, action=action, key=key, limit_get=True, dry_run=True):
        raise TooManyRequests(seconds=_wait(request, action, key))


def consume_before_body(request: HttpRequest, action: str) -> None:
    """Count one submitted form before its large body is read, so that the view does not count it again. Raises
    TooManyRequests.
    """
    consume(request, action)
    request.counted_unread = action  # type: ignore[attr-defined]


def was_counted(request: HttpRequest, action: str) -> bool:
    """Return whether the request was counted before its body was read."""
    return getattr(request, "counted_unread", "") == action


def consume_lightly(request: HttpRequest, action: str) -> None:
    """Count one request within its minute. Raises TooManyRequests."""
    most = settings.NETWORK_RATE_LIMITS.get(action)
    if most is None:
        return
    minute, passed = divmod(time.time(), _MINUTE)
    name = f"limits:{action}:{client_network(request)}:{minute:.0f}"
    counts = caches["counts"]
    if counts.add(name, 1, timeout=_MINUTE):
        return
    try:
        count = counts.incr(name)
    except ValueError:  # dropped meanwhile to make room
        return
    if count is not None and count > most:  # None if the cache server is down: then nobody is limited
        raise TooManyRequests(seconds=_MINUTE - passed)


def unlimited[Marked: Callable[..., Any]](view: Marked) -> Marked:
    """Mark a view that our own or the payment provider's machines call, and that authenticates them itself."""
    view.is_unlimited = True  # type: ignore[attr-defined]  # as csrf_exempt marks a view
    return view


def counted_as[Marked: Callable[..., Any]](action: str) -> Callable[[Marked], Marked]:
    """Have `LimitMiddleware` count requests to the view as this action, not as "write": scripts send them often."""

    def mark(view: Marked) -> Marked:
        view.write_action = action  # type: ignore[attr-defined]  # as csrf_exempt marks a view
        return view

    return mark


def in_words(seconds: float) -> str:
    """Return a waiting time, rounded up to seconds, minutes or hours."""
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
    """Return the seconds until the oldest counted attempt expires."""
    now, waits = time.time(), [1.0]
    for rate in allauth_counts.get_rates(app=_APP, action=action):
        tries = cache.get(allauth_counts.get_cache_key(request, app=_APP, action=action, rate=rate, key=key), [])
        if rate.amount and len(tries) >= rate.amount:
            waits.append(tries[rate.amount - 1] + rate.duration - now)
    return max(waits)
