"""What readers see and buy."""

from storefront.models.cart import Cart, CartLine
from storefront.models.entitlement import Entitlement, ReadingPosition
from storefront.models.listing import Catalogue, Listing, SearchVariant
from storefront.models.order import Order, OrderLine, OrderState, Payment, PaymentState
from storefront.models.refund import Refund, RefundState
from storefront.models.review import Review

__all__ = [
    "Cart",
    "CartLine",
    "Catalogue",
    "Entitlement",
    "Listing",
    "Order",
    "OrderLine",
    "OrderState",
    "Payment",
    "PaymentState",
    "ReadingPosition",
    "Refund",
    "RefundState",
    "Review",
    "SearchVariant",
]
