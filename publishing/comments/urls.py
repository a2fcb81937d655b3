"""URLs of comments, under /desk/works/<id>/text/."""

from __future__ import annotations

from django.urls import path

from publishing.comments.views import blocks, chapters, threads

app_name = "comments"

urlpatterns = [
    path("comments/", threads.threads, name="threads"),
    path("comments/<str:thread_id>/", threads.at, name="at"),
    path("comments/<str:thread_id>/<str:action>/", threads.change, name="thread"),
    path("comments/<str:thread_id>/<str:comment_id>/<str:action>/", threads.change_comment, name="comment"),
    path("<str:chapter_id>/comments/", chapters.chapter, name="in-chapter"),
    path("<str:chapter_id>/comments/<str:block_id>/", blocks.block, name="block"),
]
