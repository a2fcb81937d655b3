"""URLs of reviews of contracts."""

from __future__ import annotations

from django.urls import path

from hiring.reviews.views import reviews

app_name = "hiring-reviews"

urlpatterns = [
    path("contracts/<str:contract_id>/review/", reviews.review, name="review"),
    path("contracts/<str:contract_id>/review/answer/", reviews.answer, name="answer-review"),
]
