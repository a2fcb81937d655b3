"""Recompute derived columns of listings: facets and price history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction

from storefront.catalogue.models import Listing
from storefront.catalogue.models.details import PriceSteps
from storefront.catalogue.models.listing import ListingQuerySet
from storefront.catalogue.selectors.prices import stored_histories
from storefront.catalogue.services import listings

_CHUNK = 1000
_COLUMNS = (
    *("price_band", "length_band", "formats", "features", "warnings", "is_adult", "facet_words", "open_in"),
    "details",
)
_OF_WORK = ("work__warnings", "work__is_adult")
_READ = (
    *("slug", "title", "subtitle", "byline", "language", "subject", "description"),
    *("price_minor", "prices", "words", "cover", "rating_sum", "rating_count", "sales_count", "is_on_sale"),
    *_COLUMNS,
    *_OF_WORK,
)


@transaction.atomic
def rewrite(keys: Sequence[int]) -> list[int]:
    """Recompute the listings with these keys, in order, and write those that changed. Return the keys of those."""
    rows = list(_listings(keys).select_for_update(of=("self",), no_key=True))
    histories = stored_histories([listing.work_id for listing in rows])
    changed = [listing for listing in rows if _fill(listing, histories)]
    Listing.objects.bulk_update(changed, _COLUMNS, batch_size=_CHUNK)
    return [listing.pk for listing in changed]


def _listings(keys: Sequence[int]) -> ListingQuerySet:
    return Listing.objects.filter(pk__in=keys).select_related("work").only(*_READ).order_by("pk")


def _fill(listing: Listing, histories: Mapping[int, Mapping[str, PriceSteps]]) -> bool:
    """Recompute the derived columns of a listing. Return whether any of them changed."""
    before = [getattr(listing, name) for name in _COLUMNS]
    listings.fill_facets(listing)
    listing.open_in = listings.open_in(listing.details.suggested)
    if listing.work_id in histories:  # listings created in bulk have no price changes and keep their history
        listing.details = replace(listing.details, price_history=histories[listing.work_id])
    return before != [getattr(listing, name) for name in _COLUMNS]
