"""Carts, orders, rights to read, refunds and disputes."""

from storefront.checkout.models.access import AccessKind, AccessRecord
from storefront.checkout.models.buyer_trace import BuyerTrace, GoodwillDay, TraceKind
from storefront.checkout.models.cart import Cart, CartLine
from storefront.checkout.models.coupon import Coupon, CouponRedemption, Funding, RedemptionState
from storefront.checkout.models.deferred import Gift, Preorder
from storefront.checkout.models.dispute import (
    ANSWERABLE,
    Dispute,
    DisputeQuerySet,
    DisputeStatus,
    EvidencePack,
    EvidenceState,
    FraudWarning,
)
from storefront.checkout.models.entitlement import Entitlement
from storefront.checkout.models.guest import LinkRequest
from storefront.checkout.models.order import (
    ARRIVED,
    Landing,
    Order,
    OrderLine,
    OrderState,
    Payment,
    PaymentState,
    TaxEvidence,
)
from storefront.checkout.models.refund import CLAIMING_STATES, Refund, RefundOrigin, RefundState
from storefront.checkout.models.saved_card import SavedCard
from storefront.checkout.models.withdrawal import Withdrawal, WithdrawalOutcome, WithdrawnLine

__all__ = [
    "ANSWERABLE",
    "ARRIVED",
    "CLAIMING_STATES",
    "AccessKind",
    "AccessRecord",
    "BuyerTrace",
    "Cart",
    "CartLine",
    "Coupon",
    "CouponRedemption",
    "Dispute",
    "DisputeQuerySet",
    "DisputeStatus",
    "Entitlement",
    "EvidencePack",
    "EvidenceState",
    "FraudWarning",
    "Funding",
    "Gift",
    "GoodwillDay",
    "Landing",
    "LinkRequest",
    "Order",
    "OrderLine",
    "OrderState",
    "Payment",
    "PaymentState",
    "Preorder",
    "RedemptionState",
    "Refund",
    "RefundOrigin",
    "RefundState",
    "SavedCard",
    "TaxEvidence",
    "TraceKind",
    "Withdrawal",
    "WithdrawalOutcome",
    "WithdrawnLine",
]
