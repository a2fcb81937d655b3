"""Versions of what public pages show, for their ETags (`storefront.views.public`)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.requests import VisitorRequest
from common import clock
from storefront.selectors import book as book_selectors
from storefront.selectors import catalogue
from storefront.views import owners


def of_listings(request: HttpRequest, **_words: Any) -> str:
    """Changes with every listing and every ranking."""
    return catalogue.listed_state().name


def of_front(request: HttpRequest, **_words: Any) -> str:
    """Changes with the turns on the fresh shelf too."""
    return catalogue.shop_state(clock.now()).shown


def of_book(request: VisitorRequest, slug: str) -> str | None:
    """Changes with the shop and with the book's reviews, and for a visitor once they have the book."""
    found = book_selectors.page_version(slug)
    if found is None:
        return None
    return f"{found.name}-owned" if owners.owned_works(request, [found.work_id]) else found.name
