"""Versions of what public pages show, for their ETags (`storefront.views.public`)."""

from __future__ import annotations

from accounts.requests import VisitorRequest
from storefront.catalogue.selectors import book as book_selectors
from storefront.checkout.guests.views import holders as owners


def of_book(request: VisitorRequest, slug: str) -> str | None:
    """Changes with the shop and with the book's reviews, and for a visitor once they have the book."""
    found = book_selectors.page_version(slug)
    if found is None:
        return None
    return f"{found.name}-owned" if owners.owned_works(request, [found.work_id]) else found.name
