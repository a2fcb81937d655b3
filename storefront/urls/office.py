"""Addresses under /finance/ that deal with readers' money."""

from __future__ import annotations

from django.urls import path, re_path

from storefront.views.office import disputes, refunds

urlpatterns = [
    path("orders/", refunds.order_list, name="office-orders"),
    path("orders/<str:order_id>/", refunds.order, name="office-order"),
    path("orders/<str:order_id>/lines/<str:line_id>/give-back/", refunds.give_back, name="office-give-back"),
    path("orders/<str:order_id>/quarantine/", refunds.decide_quarantine, name="office-quarantine"),
    path("orders/<str:order_id>/payments/<str:payment_id>/send-back/", refunds.send_back, name="office-send-back"),
    path("refunds/", refunds.refund_list, name="office-refunds"),
    path("refunds/<str:refund_id>/decide/", refunds.decide, name="office-decide"),
    path("refunds/<str:refund_id>/resent/", refunds.resent, name="office-resent"),
    path("disputes/", disputes.dispute_list, name="office-disputes"),
    path("disputes/<str:dispute_id>/", disputes.dispute, name="office-dispute"),
    path("disputes/<str:dispute_id>/answer/", disputes.answer, name="office-answer"),
    re_path(
        r"^disputes/(?P<dispute_id>\w+)/(?P<number>\d{1,9})/(?P<name>receipt|delivery)\.pdf$",
        disputes.document,
        name="office-document",
    ),
    path("warnings/", disputes.warning_list, name="office-warnings"),
    path("warnings/<int:warning_id>/decide/", disputes.decide_warning, name="office-warning"),
]
