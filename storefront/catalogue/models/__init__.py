"""Models of the catalogue: listings, bundles, price changes, rankings and recommendations."""

from storefront.catalogue.models.bundle import Bundle, BundlePrice, BundleState, BundleWork
from storefront.catalogue.models.listing import Catalogue, Listing
from storefront.catalogue.models.price_change import PriceChange
from storefront.catalogue.models.ranking import FreshBook, FreshDay, RankedBook, RankingSnapshot
from storefront.catalogue.models.related import (
    MIN_COMMON_READERS,
    BoughtTogether,
    RecommendationRun,
    SubjectPick,
    readers_at_least,
)

__all__ = [
    "MIN_COMMON_READERS",
    "BoughtTogether",
    "Bundle",
    "BundlePrice",
    "BundleState",
    "BundleWork",
    "Catalogue",
    "FreshBook",
    "FreshDay",
    "Listing",
    "PriceChange",
    "RankedBook",
    "RankingSnapshot",
    "RecommendationRun",
    "SubjectPick",
    "readers_at_least",
]
