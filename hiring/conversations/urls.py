"""URLs of the inbox."""

from __future__ import annotations

from django.urls import path

from hiring.conversations.views import inbox, threads

app_name = "conversations"

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/blocked/", inbox.blocked, name="blocked"),
    path("inbox/to/<str:person_id>/", threads.write, name="write"),
    path("inbox/to/<str:person_id>/block/", threads.block, name="block"),
    path("inbox/<str:public_id>/", threads.thread, name="conversation"),
    path("inbox/<str:public_id>/newer/", threads.newer, name="conversation-newer"),
    path("inbox/<str:public_id>/mute/", threads.mute, name="conversation-mute"),
    path("inbox/<str:public_id>/files/<str:file_id>/", threads.file, name="conversation-file"),
]
