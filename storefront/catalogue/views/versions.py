"""Version strings of public pages, for their ETags (`accounts.page_cache`)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from common import clock
from storefront.catalogue.selectors import shop_state


def of_listings(request: HttpRequest, **_words: Any) -> str:
    """Return a version that changes with every listing and every ranking."""
    return shop_state.listed_state().name


def of_front(request: HttpRequest, **_words: Any) -> str:
    """Return a version that also changes with the turns on the fresh shelf."""
    return shop_state.shop_state(clock.now()).shown
