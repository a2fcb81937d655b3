"""What authors make."""

from publishing.models.contributor import Contributor, ContributorRole, SplitAgreement, SplitShare
from publishing.models.edition import Edition, EditionState, FindingOverride
from publishing.models.manuscript import Manuscript
from publishing.models.price import Price
from publishing.models.work import Subject, Work

__all__ = [
    "Contributor",
    "ContributorRole",
    "Edition",
    "EditionState",
    "FindingOverride",
    "Manuscript",
    "Price",
    "SplitAgreement",
    "SplitShare",
    "Subject",
    "Work",
]
