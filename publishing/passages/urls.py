"""URLs of passages that a work shares with others, under /desk/."""

from __future__ import annotations

from django.urls import path

from publishing.passages import views

app_name = "passages"

urlpatterns = [
    path("works/<str:public_id>/passages/", views.work, name="work"),
    path("works/<str:public_id>/passages/<str:match_id>/", views.match, name="match"),
]
