"""URLs of bulk edits, under /desk/."""

from __future__ import annotations

from django.urls import path

from publishing.bulk.views import choosing, table

app_name = "bulk"

urlpatterns = [
    path("bulk/", choosing.choose, name="choose"),
    path("bulk/<str:edit_id>/change/", choosing.change, name="change"),
    path("bulk/<str:edit_id>/", table.table, name="table"),
    path("bulk/<str:edit_id>/apply/", table.apply, name="apply"),
    path("bulk/<str:edit_id>/undo/", table.undo, name="undo"),
]
