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
from storefront.community.models.flag_rule import FlagRule
from storefront.community.models.report import Report
from storefront.community.models.report_rule import ReportRule
from storefront.community.models.review import Fold, Review, Uncounted
from storefront.community.models.shelf import Shelf, ShelfBook, Visibility
from storefront.community.models.standing import HelpfulVote, ReviewReply, Standing

__all__ = [
    "AppealOutcome",
    "CaseOutcome",
    "CaseSource",
    "CaseState",
    "FlagRule",
    "Fold",
    "HelpfulVote",
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
    "Uncounted",
    "Visibility",
]
