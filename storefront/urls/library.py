"""Addresses of the library and of its files."""

from __future__ import annotations

from django.urls import path

from storefront.views import library, owners

urlpatterns = [
    path("library/", library.library, name="library"),
    path("library/owned/", owners.owned, name="owned"),
    path("library/<str:work_id>/<str:artifact_id>/", library.choose_file, name="library-file"),
    path("download/<str:token>/", library.download, name="download"),
]
