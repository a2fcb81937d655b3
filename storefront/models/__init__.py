"""What readers see and buy."""

from storefront.models.bundle import Bundle, BundlePrice, BundleState, BundleWork
from storefront.models.cart import Cart, CartLine
from storefront.models.coupon import Coupon, CouponRedemption, Funding, RedemptionState
from storefront.models.deferred import Gift, Preorder
from storefront.models.entitlement import Entitlement, ReadingPosition
from storefront.models.listing import Catalogue, Listing, SearchVariant
from storefront.models.order import Order, OrderLine, OrderState, Payment, PaymentState
from storefront.models.refund import Refund, RefundState
from storefront.models.review import Review

__all__ = [
    "Bundle",
    "BundlePrice",
    "BundleState",
    "BundleWork",
    "Cart",
    "CartLine",
    "Catalogue",
    "Coupon",
    "CouponRedemption",
    "Entitlement",
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
    "RefundState",
    "Review",
    "SearchVariant",
]
