"""Addresses around reviews: a book's, one, what was decided of it; standing; and the moderators' queue."""

from __future__ import annotations

from django.urls import path

from storefront.views import moderation, reviews

urlpatterns = [
    path("books/<slug:slug>/reviews/", reviews.reviews, name="reviews"),
    path("reviews/<str:review_id>/", reviews.review, name="review-page"),
    path("reviews/<str:review_id>/helpful/", reviews.helpful, name="review-helpful"),
    path("reviews/<str:review_id>/flag/", reviews.flag, name="review-flag"),
    path("reviews/<str:review_id>/vouch/", reviews.vouch, name="review-vouch"),
    path("reviews/<str:review_id>/reply/", reviews.reply, name="review-reply"),
    path("reviews/<str:review_id>/reply/flag/", reviews.flag_reply, name="review-reply-flag"),
    path("account/standing/", reviews.standing, name="standing"),
    path("account/decisions/<str:case_id>/", reviews.case, name="review-case"),
    path("moderation/reviews/", moderation.cases, name="moderation-reviews"),
    path("moderation/reviews/<str:case_id>/", moderation.case, name="moderation-review"),
    path("refund-policy/", reviews.refund_policy, name="refund-policy"),
]
