"""Models of reviews, shelves, reports, and the decisions about them."""

from storefront.community.models.case import (
    AppealOutcome,
    CaseOutcome,
    CaseSource,
    CaseState,
    Reported,
    ReviewCase,
    ReviewFlag,
    ReviewVouch,
)
from storefront.community.models.collapse import Collapse
from storefront.community.models.flag_rule import FlagRule
from storefront.community.models.report import Report
from storefront.community.models.report_rule import ReportRule
from storefront.community.models.review import Fold, Review, Uncounted
from storefront.community.models.shelf import Shelf, ShelfBook, Visibility
from storefront.community.models.standing import HelpfulVote, ReviewReply, Standing
from storefront.community.models.stop import CaseBundle, Remedy, Stop

__all__ = [
    "AppealOutcome",
    "CaseBundle",
    "CaseOutcome",
    "CaseSource",
    "CaseState",
    "Collapse",
    "FlagRule",
    "Fold",
    "HelpfulVote",
    "Remedy",
    "Report",
    "ReportRule",
    "Reported",
    "Review",
    "ReviewCase",
    "ReviewFlag",
    "ReviewReply",
    "ReviewVouch",
    "Shelf",
    "ShelfBook",
    "Standing",
    "Stop",
    "Uncounted",
    "Visibility",
]
