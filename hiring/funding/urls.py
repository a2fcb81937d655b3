"""URLs of milestones' money in the finance office."""

from __future__ import annotations

from django.urls import path, re_path

from hiring.funding.views import disputes, refunds

app_name = "funding"

urlpatterns = [
    path("finance/milestone-disputes/", disputes.dispute_list, name="disputes"),
    path("finance/milestone-disputes/<str:dispute_id>/", disputes.dispute, name="dispute"),
    path("finance/milestone-disputes/<str:dispute_id>/answer/", disputes.answer, name="answer"),
    re_path(
        r"^finance/milestone-disputes/(?P<dispute_id>\w+)/(?P<number>\d{1,9})/(?P<name>receipt|work)\.pdf$",
        disputes.document,
        name="document",
    ),
    path("finance/milestone-refunds/", refunds.refunds, name="refunds"),
    path("finance/milestone-refunds/<str:refund_id>/", refunds.resend, name="resend"),
]
