"""Models of warnings, suspensions and the end of authors' accounts."""

from storefront.suspensions.models.ending import AccountEnding, EndedBundle, EndedSale, EndingGround
from storefront.suspensions.models.grounds import Unfounded
from storefront.suspensions.models.suspension import PriorWarning, Suspension

__all__ = [
    "AccountEnding",
    "EndedBundle",
    "EndedSale",
    "EndingGround",
    "PriorWarning",
    "Suspension",
    "Unfounded",
]
