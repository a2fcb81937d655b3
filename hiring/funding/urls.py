"""URLs of milestones' money in the finance office."""

from __future__ import annotations

from django.urls import path

from hiring.funding import views

app_name = "funding"

urlpatterns = [
    path("finance/milestone-refunds/", views.refunds, name="refunds"),
    path("finance/milestone-refunds/<str:refund_id>/", views.resend, name="resend"),
]
