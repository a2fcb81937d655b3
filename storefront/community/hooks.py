"""Hooks for apps above: what follows when moderators have decided a case or an appeal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from storefront.community.models import ReviewCase

type CaseHandler = Callable[[ReviewCase, datetime], None]

_decided: list[CaseHandler] = []


def when_decided(handler: CaseHandler) -> CaseHandler:
    """Call `handler(case, at)` in the transaction in which a case or its appeal is decided."""
    _decided.append(handler)
    return handler


def announce_decided(case: ReviewCase, at: datetime) -> None:
    for handler in _decided:
        handler(case, at)
