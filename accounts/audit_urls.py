"""URLs under /audit/, for staff."""

from __future__ import annotations

from django.urls import path, re_path

from accounts.views import audit

urlpatterns = [
    path("", audit.log, name="audit-log"),
    re_path(r"^export/(?P<form>csv|jsonl)/$", audit.export, name="audit-export"),
    path("<int:number>/", audit.entry, name="audit-entry"),
]
