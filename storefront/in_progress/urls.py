"""URLs of chapters in progress: the author's page on the desk, and the pages that everybody reads."""

from __future__ import annotations

from django.urls import path

from storefront.in_progress.views import desk, reading

app_name = "in_progress"

urlpatterns = [
    path("desk/works/<str:work_id>/in-progress/", desk.showing, name="showing"),
    path("desk/works/<str:work_id>/in-progress/newest/", desk.newest, name="newest"),
    path("desk/works/<str:work_id>/in-progress/stop/", desk.stop, name="stop"),
    path("in-progress/<str:showing_id>/", reading.contents, name="shown"),
    path("in-progress/<str:showing_id>/pictures/<str:name>", reading.picture, name="shown-picture"),
    path("in-progress/<str:showing_id>/<str:chapter_id>/", reading.chapter, name="shown-chapter"),
]
