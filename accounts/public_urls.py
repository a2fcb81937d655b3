"""URLs for everyone: logging out, the legal notice, the privacy page and the choice of a region."""

from __future__ import annotations

from django.urls import path

from accounts.views import legal_notice, log_out, privacy, regions

urlpatterns = [
    path("accounts/logout/", log_out.log_out, name="account_logout"),  # before allauth's
    path("legal-notice/", legal_notice.legal_notice, name="legal-notice"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("region/", regions.choose, name="region"),
]
