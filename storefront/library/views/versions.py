"""The version of a book's page, for its ETag (see `accounts.page_cache`)."""

from __future__ import annotations

from accounts import page_cache
from accounts.requests import VisitorRequest
from storefront.catalogue.selectors import book as book_selectors
from storefront.checkout.guests.views.current_readers import owned_works


def of_book(request: VisitorRequest, slug: str) -> str | None:
    """Return the version: it changes with the shop and the book's reviews, and for a visitor once they have the
    book."""
    found = book_selectors.page_version(slug)
    if found is None:
        return None
    if found.prices_change_at is not None:  # prices of other books, on the same page, change too
        page_cache.limit_to(found.prices_change_at)
    return f"{found.name}-owned" if owned_works(request, [found.work_id]) else found.name
