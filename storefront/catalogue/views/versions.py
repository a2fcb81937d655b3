"""Version strings of public pages, for their ETags (`accounts.public`)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from common import clock
from storefront.catalogue.selectors import catalogue


def of_listings(request: HttpRequest, **_words: Any) -> str:
    """Return a version that changes with every listing and every ranking."""
    return catalogue.listed_state().name


def of_front(request: HttpRequest, **_words: Any) -> str:
    """Return a version that also changes with the turns on the fresh shelf."""
    return catalogue.shop_state(clock.now()).shown
