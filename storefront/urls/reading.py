"""Addresses of the web reader."""

from __future__ import annotations

from django.urls import path

from storefront.views import reading

urlpatterns = [
    path("read/<slug:slug>/", reading.read, name="read"),
    path("read/<slug:slug>/position/", reading.position, name="reading-position"),
    path("read/<slug:slug>/files/<slug:edition_id>/<path:path>", reading.file, name="reading-file"),
    path("read/<slug:slug>/sample/", reading.sample, name="sample"),
    path("read/<slug:slug>/sample/files/assets/<str:name>", reading.sample_picture, name="sample-picture"),
    path("read/<slug:slug>/sample/files/<slug:edition_id>/<path:path>", reading.sample_file, name="sample-file"),
    path("read/<slug:slug>/sample/<slug:chapter_id>/", reading.sample_chapter, name="sample-chapter"),
    path("read/<slug:slug>/<slug:chapter_id>/", reading.chapter, name="read-chapter"),
]
