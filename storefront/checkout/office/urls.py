"""URLs under /finance/ about readers' money."""

from __future__ import annotations

from django.urls import path, re_path

from storefront.checkout.office.views import disputes, refunds

app_name = "office"

urlpatterns = [
    path("orders/", refunds.order_list, name="orders"),
    path("orders/<str:order_id>/", refunds.order, name="order"),
    path("orders/<str:order_id>/lines/<str:line_id>/give-back/", refunds.give_back, name="give-back"),
    path("orders/<str:order_id>/quarantine/", refunds.decide_quarantine, name="quarantine"),
    path("orders/<str:order_id>/payments/<str:payment_id>/send-back/", refunds.send_back, name="send-back"),
    path("refunds/", refunds.refund_list, name="refunds"),
    path("refunds/<str:refund_id>/decide/", refunds.decide, name="decide"),
    path("refunds/<str:refund_id>/resent/", refunds.resent, name="resent"),
    path("disputes/", disputes.dispute_list, name="disputes"),
    path("disputes/<str:dispute_id>/", disputes.dispute, name="dispute"),
    path("disputes/<str:dispute_id>/answer/", disputes.answer, name="answer"),
    re_path(
        r"^disputes/(?P<dispute_id>\w+)/(?P<number>\d{1,9})/(?P<name>receipt|delivery)\.pdf$",
        disputes.document,
        name="document",
    ),
    path("warnings/", disputes.warning_list, name="warnings"),
    path("warnings/<int:warning_id>/decide/", disputes.decide_warning, name="warning"),
]
