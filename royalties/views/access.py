"""Who comes in. For people who may not know of a page there is none (404); for others there is a refusal (403)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.views.decorators.cache import never_cache

from accounts import permissions as account_permissions
from accounts.requests import PersonRequest
from common.errors import HiddenPage, NotAllowed, NotFound
from royalties import permissions

logger = logging.getLogger(__name__)

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
    """The finance office: 404 for everybody else, logged in or not. Every look is logged."""

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_read_finance(request.user):
            raise HiddenPage
        logger.info("finance.read user=%s path=%s", request.user.public_id, request.path)
        return view(request, *args, **kwargs)

    return never_cache(checked)


def judge_finance(request: PersonRequest) -> None:
    """Before a statement's file is taken in: as `for_finance`."""
    if not permissions.may_read_finance(request.user):
        raise NotFound
