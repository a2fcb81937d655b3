"""The listing of a book on sale, and the version of its page."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Subquery

from common import clock
from storefront.catalogue.models import Catalogue, Listing
from storefront.catalogue.selectors import shop_state


class PageVersion(NamedTuple):
    """`name` changes whenever the shop changes, when a price changes by itself, or something about the book's
    reviews."""

    work_id: int
    name: str
    prices_change_at: datetime | None


def page_version(slug: str) -> PageVersion | None:
    """Return the version of the pages about a book on sale; None if there is no such book."""
    version = Subquery(Catalogue.objects.values("version")[:1])
    rows = Listing.objects.on_sale().filter(slug=slug).annotate(shop=version, **shop_state.price_borders(clock.now()))
    row = rows.values_list("work_id", "shop", "reviews_version", "begins_next", "ends_next").first()
    if row is None:
        return None
    work_id, shop, reviews, *borders = row
    border = shop_state.first_of(borders)
    return PageVersion(work_id, f"{shop}.{reviews}{shop_state.border_mark(border)}", border)


def book_listing(slug: str) -> Listing | None:
    """Return the listing of a book on sale; None if there is none."""
    return Listing.objects.on_sale().filter(slug=slug).first()
