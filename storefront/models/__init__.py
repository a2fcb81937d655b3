"""What readers see and buy."""

from storefront.models.access import AccessKind, AccessRecord
from storefront.models.bundle import Bundle, BundlePrice, BundleState, BundleWork
from storefront.models.cart import Cart, CartLine
from storefront.models.coupon import Coupon, CouponRedemption, Funding, RedemptionState
from storefront.models.deferred import Gift, Preorder
from storefront.models.dispute import (
    ANSWERABLE,
    Dispute,
    DisputeQuerySet,
    DisputeStatus,
    EvidencePack,
    EvidenceState,
    FraudWarning,
)
from storefront.models.entitlement import Entitlement, ReadingPosition
from storefront.models.facet_total import FacetTotal
from storefront.models.flag import (
    AppealOutcome,
    CaseOutcome,
    CaseState,
    Reported,
    ReviewCase,
    ReviewFlag,
    ReviewVouch,
)
from storefront.models.flag_rule import FlagRule
from storefront.models.follow import Follow, FollowNotice, NewBookMail, ReaderMail
from storefront.models.guest import LinkRequest
from storefront.models.listing import Catalogue, FacetCount, Listing
from storefront.models.order import ARRIVED, Order, OrderLine, OrderState, Payment, PaymentState
from storefront.models.price_change import PriceChange
from storefront.models.ranking import FreshBook, FreshDay, RankedBook, RankingSnapshot
from storefront.models.refund import CLAIMING_STATES, Refund, RefundOrigin, RefundState
from storefront.models.related import (
    FEWEST_TOGETHER,
    BoughtTogether,
    RecommendationRun,
    SubjectPick,
    readers_at_least,
)
from storefront.models.report import Report
from storefront.models.report_rule import ReportRule
from storefront.models.review import Fold, Review, Uncounted
from storefront.models.shelf import Shelf, ShelfBook, Visibility
from storefront.models.trace import BuyerTrace, GoodwillDay, TraceKind
from storefront.models.trust import HelpfulVote, ReviewReply, Standing
from storefront.models.wish import AlertKind, ListingCheck, Wish, WishAlert
from storefront.models.withdrawal import Withdrawal, WithdrawalOutcome, WithdrawnLine
from storefront.search.models import SearchCredit, SearchDocument, SearchWord

__all__ = [
    "ANSWERABLE",
    "ARRIVED",
    "CLAIMING_STATES",
    "FEWEST_TOGETHER",
    "AccessKind",
    "AccessRecord",
    "AlertKind",
    "AppealOutcome",
    "BoughtTogether",
    "Bundle",
    "BundlePrice",
    "BundleState",
    "BundleWork",
    "BuyerTrace",
    "Cart",
    "CartLine",
    "CaseOutcome",
    "CaseState",
    "Catalogue",
    "Coupon",
    "CouponRedemption",
    "Dispute",
    "DisputeQuerySet",
    "DisputeStatus",
    "Entitlement",
    "EvidencePack",
    "EvidenceState",
    "FacetCount",
    "FacetTotal",
    "FlagRule",
    "Fold",
    "Follow",
    "FollowNotice",
    "FraudWarning",
    "FreshBook",
    "FreshDay",
    "Funding",
    "Gift",
    "GoodwillDay",
    "HelpfulVote",
    "LinkRequest",
    "Listing",
    "ListingCheck",
    "NewBookMail",
    "Order",
    "OrderLine",
    "OrderState",
    "Payment",
    "PaymentState",
    "Preorder",
    "PriceChange",
    "RankedBook",
    "RankingSnapshot",
    "ReaderMail",
    "ReadingPosition",
    "RecommendationRun",
    "RedemptionState",
    "Refund",
    "RefundOrigin",
    "RefundState",
    "Report",
    "ReportRule",
    "Reported",
    "Review",
    "ReviewCase",
    "ReviewFlag",
    "ReviewReply",
    "ReviewVouch",
    "SearchCredit",
    "SearchDocument",
    "SearchWord",
    "Shelf",
    "ShelfBook",
    "Standing",
    "SubjectPick",
    "TraceKind",
    "Uncounted",
    "Visibility",
    "Wish",
    "WishAlert",
    "Withdrawal",
    "WithdrawalOutcome",
    "WithdrawnLine",
    "readers_at_least",
]
