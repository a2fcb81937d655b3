"""URLs for everyone: the legal notice, the privacy page and the choice of a region."""

from __future__ import annotations

from django.urls import path

from accounts.views import legal_notice, privacy, regions

urlpatterns = [
    path("legal-notice/", legal_notice.legal_notice, name="legal-notice"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("region/", regions.choose, name="region"),
]
