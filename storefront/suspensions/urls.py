"""URLs of warnings, suspensions and endings: for the person concerned, and for moderators."""

from __future__ import annotations

from django.urls import path

from storefront.suspensions.views import moderation, own

app_name = "suspensions"

urlpatterns = [
    path("account/suspensions/", own.record, name="own"),
    path("account/suspensions/<str:suspension_id>/", own.suspension, name="suspension"),
    path("account/suspensions/author/<str:ending_id>/", own.ending, name="ending"),
    path("moderation/suspensions/", moderation.queue, name="queue"),
    path("moderation/suspensions/unfounded/<str:about_id>/", moderation.unfounded, name="call-unfounded"),
    path("moderation/suspensions/people/<str:user_id>/", moderation.person, name="person"),
    path("moderation/suspensions/people/<str:user_id>/warn/", moderation.warn, name="warn"),
    path("moderation/suspensions/people/<str:user_id>/suspend/", moderation.suspend, name="suspend"),
    path("moderation/suspensions/people/<str:user_id>/end/", moderation.propose_end, name="propose-end"),
    path("moderation/suspensions/endings/<str:ending_id>/", moderation.ending, name="decide-ending"),
    path("moderation/suspensions/<str:suspension_id>/", moderation.suspension, name="decide-suspension"),
]
