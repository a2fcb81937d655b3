"""Version strings of public pages, for their ETags (`accounts.page_cache`)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts import page_cache
from common import clock
from storefront.catalogue.selectors import shop_state
from storefront.catalogue.selectors.shop_state import CatalogueState


def of_listings(request: HttpRequest, **_words: Any) -> str:
    """Return a version that changes with every listing, every ranking and the next change of any price."""
    return _noted(shop_state.listed_state()).name


def of_front(request: HttpRequest, **_words: Any) -> str:
    """Return a version that also changes with the turns on the fresh shelf."""
    state = shop_state.shop_state(clock.now())
    _noted(state.listed)
    return state.shown


def _noted(state: CatalogueState) -> CatalogueState:
    """Let no cache keep the page beyond the moment when a price next changes, also where it is "not modified"."""
    if state.prices_change_at is not None:
        page_cache.limit_to(state.prices_change_at)
    return state
