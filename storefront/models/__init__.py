"""What readers see and buy."""

from storefront.models.access import AccessKind, AccessRecord
from storefront.models.cart import Cart, CartLine
from storefront.models.dispute import (
    Dispute,
    DisputeStatus,
    EvidencePack,
    EvidenceState,
    FraudWarning,
)
from storefront.models.entitlement import Entitlement, ReadingPosition
from storefront.models.listing import Catalogue, Listing, SearchVariant
from storefront.models.order import Order, OrderLine, OrderState, Payment, PaymentState
from storefront.models.refund import CLAIMING_STATES, Refund, RefundOrigin, RefundState
from storefront.models.review import Review

__all__ = [
    "CLAIMING_STATES",
    "AccessKind",
    "AccessRecord",
    "Cart",
    "CartLine",
    "Catalogue",
    "Dispute",
    "DisputeStatus",
    "Entitlement",
    "EvidencePack",
    "EvidenceState",
    "FraudWarning",
    "Listing",
    "Order",
    "OrderLine",
    "OrderState",
    "Payment",
    "PaymentState",
    "ReadingPosition",
    "Refund",
    "RefundOrigin",
    "RefundState",
    "Review",
    "SearchVariant",
]
