"""URLs of returns, of withdrawals from the contract, and of the refund policy."""

from __future__ import annotations

from django.urls import path

from storefront.checkout.refunds.views import refunds, withdrawals

urlpatterns = [
    path("orders/<str:order_id>/withdraw/", withdrawals.withdraw, name="order-withdraw"),
    path("orders/<str:order_id>/lines/<str:line_id>/refund/", refunds.refund, name="order-refund"),
    path("refund-policy/", refunds.refund_policy, name="refund-policy"),
]
