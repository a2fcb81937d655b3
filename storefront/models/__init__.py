"""What readers see and buy."""

from storefront.models.access import AccessKind, AccessRecord
from storefront.models.bundle import Bundle, BundlePrice, BundleState, BundleWork
from storefront.models.cart import Cart, CartLine
from storefront.models.coupon import Coupon, CouponRedemption, Funding, RedemptionState
from storefront.models.deferred import Gift, Preorder
from storefront.models.dispute import (
    ANSWERABLE,
    Dispute,
    DisputeStatus,
    EvidencePack,
    EvidenceState,
    FraudWarning,
)
from storefront.models.entitlement import Entitlement, ReadingPosition
from storefront.models.facet_total import FacetTotal
from storefront.models.listing import Catalogue, FacetCount, Listing, SearchVariant
from storefront.models.order import Order, OrderLine, OrderState, Payment, PaymentState
from storefront.models.refund import CLAIMING_STATES, Refund, RefundOrigin, RefundState
from storefront.models.review import Review

__all__ = [
    "ANSWERABLE",
    "CLAIMING_STATES",
    "AccessKind",
    "AccessRecord",
    "Bundle",
    "BundlePrice",
    "BundleState",
    "BundleWork",
    "Cart",
    "CartLine",
    "Catalogue",
    "Coupon",
    "CouponRedemption",
    "Dispute",
    "DisputeStatus",
    "Entitlement",
    "EvidencePack",
    "EvidenceState",
    "FacetCount",
    "FacetTotal",
    "FraudWarning",
    "Funding",
    "Gift",
    "Listing",
    "Order",
    "OrderLine",
    "OrderState",
    "Payment",
    "PaymentState",
    "Preorder",
    "ReadingPosition",
    "RedemptionState",
    "Refund",
    "RefundOrigin",
    "RefundState",
    "Review",
    "SearchVariant",
]
