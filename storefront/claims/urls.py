"""URLs of claims: filing, the claimant's page, the author's on the desk, and the moderators'."""

from __future__ import annotations

from django.urls import path

from storefront.claims.views import claimant, desk, filing, moderation

app_name = "claims"

urlpatterns = [
    path("books/<slug:slug>/claim/", filing.copied, name="file-copied"),
    path("books/<slug:slug>/claim/<str:match_id>/", filing.found, name="file-found"),
    path("claims/sent/", filing.sent, name="sent"),
    path("claims/how/", filing.how, name="how"),
    path("claims/status/<str:token>/", claimant.claim, name="claim"),
    path("claims/conduct/<str:token>/", claimant.conduct, name="conduct"),
    path("account/claims/", claimant.mine, name="mine"),
    path("desk/works/<str:work_id>/claims/", desk.claims, name="work-claims"),
    path("desk/works/<str:work_id>/claims/<str:claim_id>/", desk.claim, name="work-claim"),
    path("moderation/claims/", moderation.queue, name="moderation"),
    path("moderation/claims/<str:claim_id>/", moderation.claim, name="moderation-claim"),
    path("moderation/claims/conduct/<str:notice_id>/", moderation.conduct, name="moderation-conduct"),
]
