"""The list of all bundles in the shop."""

from __future__ import annotations

from dataclasses import dataclass

from accounts import regions
from storefront.catalogue.selectors import cursors
from storefront.catalogue.selectors.bundles import BundleOffer, offers_of, public_bundles

BUNDLES_A_PAGE = 24


@dataclass(frozen=True, slots=True)
class BundleList:
    offers: list[BundleOffer]
    next_cursor: str  # "" at the end


def bundle_list(*, after: str = "") -> BundleList:
    """Return bundles, newest first, each in the first of the region's currencies in which it can be bought."""
    rows = public_bundles()
    if (cursor := cursors.parsed(after)) is not None:
        rows = rows.filter(pk__lt=cursor[1])
    page = list(rows.order_by("-pk")[: BUNDLES_A_PAGE + 1])
    found: dict[int, BundleOffer] = {}
    unpriced = page[:BUNDLES_A_PAGE]
    for currency in regions.currencies():
        offers = {key: one for key, one in offers_of(unpriced, currency=currency).items() if one.is_on_sale}
        found |= {key: one for key, one in offers.items() if one.price is not None}
        unpriced = [bundle for bundle in unpriced if bundle.pk in offers and bundle.pk not in found]
    last = page[BUNDLES_A_PAGE - 1] if len(page) > BUNDLES_A_PAGE else None
    return BundleList(
        [found[bundle.pk] for bundle in page if bundle.pk in found], cursors.text(0, last.pk) if last else ""
    )
