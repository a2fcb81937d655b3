"""URLs of reviews, decisions, standing and the moderators' queue; of readers' shelves, public and for their owners; of
reports, the rules and the public log of decisions."""

from __future__ import annotations

from django.urls import path

from storefront.community.views import moderation, reports, review, reviews, shelf_keeping, shelves
from storefront.community.views.shelf_feed import ShelfFeed

app_name = "community"

urlpatterns = [
    path("books/<slug:slug>/review/", review.review, name="review"),
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
    path("shelves/", shelves.shelf_list, name="shelves"),
    path("shelves/<slug:slug>/", shelves.shelf, name="shelf"),
    path("shelves/<slug:slug>/feed/", ShelfFeed(), name="shelf-feed"),
    path("account/shelves/", shelf_keeping.mine, name="my-shelves"),
    path("account/shelves/add/<slug:slug>/", shelf_keeping.add, name="shelf-add"),
    path("account/shelves/<str:shelf_id>/", shelf_keeping.edit, name="shelf-edit"),
    path("account/shelves/<str:shelf_id>/books/", shelf_keeping.books, name="shelf-books"),
    path("account/shelves/<str:shelf_id>/delete/", shelf_keeping.delete, name="shelf-delete"),
    path("account/shelves/<str:shelf_id>/editors/", shelf_keeping.editors, name="shelf-editors"),
    path("books/<slug:slug>/report/", reports.book, name="book-report"),
    path("shelves/<slug:slug>/report/", reports.shelf, name="shelf-report"),
    path("account/reports/", reports.mine, name="my-reports"),
    path("rules/", reports.rules, name="rules"),
    path("rules/decisions/", reports.log, name="decisions"),
]
