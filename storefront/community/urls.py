"""URLs of reviews, decisions, standing and the moderators' queue; of readers' shelves, public and for their owners; of
reports, the rules and the public log of decisions."""

from __future__ import annotations

from django.urls import path

from storefront.community.views import (
    book_reviews,
    moderation,
    my_review,
    passages,
    reports,
    shelf_editing,
    shelves,
    standing,
    transparency,
)
from storefront.community.views.shelf_feed import ShelfFeed

app_name = "community"

urlpatterns = [
    path("books/<slug:slug>/review/", my_review.review, name="review"),
    path("books/<slug:slug>/reviews/", book_reviews.reviews, name="reviews"),
    path("reviews/<str:review_id>/", book_reviews.review, name="review-page"),
    path("reviews/<str:review_id>/helpful/", book_reviews.helpful, name="review-helpful"),
    path("reviews/<str:review_id>/flag/", book_reviews.flag, name="review-flag"),
    path("reviews/<str:review_id>/vouch/", book_reviews.vouch, name="review-vouch"),
    path("reviews/<str:review_id>/reply/", book_reviews.reply, name="review-reply"),
    path("reviews/<str:review_id>/reply/flag/", book_reviews.flag_reply, name="review-reply-flag"),
    path("account/standing/", standing.own, name="standing"),
    path("standing/", standing.how, name="standing-how"),
    path("standing/inputs.json", standing.inputs, name="standing-inputs"),
    path("standing/recompute_standing.py", standing.script, name="standing-script"),
    path("account/decisions/<str:case_id>/", book_reviews.case, name="review-case"),
    path("moderation/reviews/", moderation.cases, name="moderation-cases"),
    path("moderation/reviews/<str:case_id>/", moderation.case, name="moderation-case"),
    path("moderation/reviews/<str:case_id>/stop/", moderation.stop, name="moderation-stop"),
    path("moderation/passages/", passages.unanswered, name="moderation-passages"),
    path("moderation/passages/<str:match_id>/", passages.match, name="moderation-passage"),
    path("shelves/", shelves.shelf_list, name="shelves"),
    path("shelves/<slug:slug>/", shelves.shelf, name="shelf"),
    path("shelves/<slug:slug>/feed/", ShelfFeed(), name="shelf-feed"),
    path("account/shelves/", shelf_editing.mine, name="my-shelves"),
    path("account/shelves/add/<slug:slug>/", shelf_editing.add, name="shelf-add"),
    path("account/shelves/<str:shelf_id>/", shelf_editing.edit, name="shelf-edit"),
    path("account/shelves/<str:shelf_id>/books/", shelf_editing.books, name="shelf-books"),
    path("account/shelves/<str:shelf_id>/delete/", shelf_editing.delete, name="shelf-delete"),
    path("account/shelves/<str:shelf_id>/editors/", shelf_editing.editors, name="shelf-editors"),
    path("books/<slug:slug>/report/", reports.book, name="book-report"),
    path("shelves/<slug:slug>/report/", reports.shelf, name="shelf-report"),
    path("report/sent/", reports.sent, name="report-sent"),
    path("reports/<str:token>/", reports.report, name="report"),
    path("report/<slug:kind>/<str:thing_id>/", reports.thing, name="thing-report"),
    path("account/reports/", reports.mine, name="my-reports"),
    path("transparency/", transparency.page, name="transparency"),
    path("transparency.json", transparency.figures, name="transparency-json"),
    path("transparency/statements.json", transparency.statements, name="statements-of-reasons"),
    path("rules/", reports.rules, name="rules"),
    path("rules/decisions/", reports.log, name="decisions"),
]
