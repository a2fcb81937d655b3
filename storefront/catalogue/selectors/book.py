"""The listing of a book on sale, and the version of its page."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Subquery

from storefront.catalogue.models import Catalogue, Listing


class PageVersion(NamedTuple):
    """`name` changes whenever the shop changes, or something about the book's reviews."""

    work_id: int
    name: str


def page_version(slug: str) -> PageVersion | None:
    """Return the version of the pages about a book on sale; None if there is no such book."""
    version = Subquery(Catalogue.objects.values("version")[:1])
    rows = Listing.objects.on_sale().filter(slug=slug).annotate(shop=version)
    row = rows.values_list("work_id", "shop", "reviews_version").first()
    return PageVersion(row[0], f"{row[1]}.{row[2]}") if row else None


def book_listing(slug: str) -> Listing | None:
    """Return the listing of a book on sale; None if there is none."""
    return Listing.objects.on_sale().filter(slug=slug).first()
