"""Models of publishing."""

from publishing.house_defaults.models import HouseDefaults
from publishing.models.contributor import Contributor, ContributorRole, ShareEnd, SplitAgreement, SplitShare
from publishing.models.cover import FormerCover
from publishing.models.edition import Edition, EditionState, FindingOverride, PlannedRelease, TextComparison
from publishing.models.manuscript import Manuscript
from publishing.models.price import Price
from publishing.models.promotion import Announced, Promotion, PromotionKind
from publishing.models.rights import AiUse, AiUseChange, RightsBasis, RightsStatement, TermsAcceptance
from publishing.models.territory import TerritoryChange
from publishing.models.work import ContentWarning, MatterSetting, OldAddress, Series, Work
from publishing.record.models import Isbn, IsbnFormat

__all__ = [
    "AiUse",
    "AiUseChange",
    "Announced",
    "ContentWarning",
    "Contributor",
    "ContributorRole",
    "Edition",
    "EditionState",
    "FindingOverride",
    "FormerCover",
    "HouseDefaults",
    "Isbn",
    "IsbnFormat",
    "Manuscript",
    "MatterSetting",
    "OldAddress",
    "PlannedRelease",
    "Price",
    "Promotion",
    "PromotionKind",
    "RightsBasis",
    "RightsStatement",
    "Series",
    "ShareEnd",
    "SplitAgreement",
    "SplitShare",
    "TermsAcceptance",
    "TerritoryChange",
    "TextComparison",
    "Work",
]
