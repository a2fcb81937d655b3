"""Mounts each app's URLs under its prefix."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

handler400 = "common.views.bad_request"
handler429 = "common.views.too_many_requests"
handler500 = "common.views.server_error"

urlpatterns = [
    # First, because Django tries them in order and most visitors want these.
    path("", include("storefront.urls")),
    path("", include("accounts.public_urls")),
    path("", include("common.urls")),
    path("", include("helpdesk.urls")),
    path("", include("hiring.urls")),
    path("", include("insight.urls")),
    path("accounts/", include("allauth.urls")),
    path("account/", include("accounts.urls")),
    path("audit/", include("accounts.audit_urls")),
    path("staff/", include("accounts.staff_urls")),
    path("desk/", include("publishing.urls")),
    path("desk/", include("publishing.collaboration.urls")),
    path("desk/", include("publishing.digests.urls")),
    path("desk/", include("publishing.bulk.urls")),
    path("desk/", include("publishing.passages.urls")),
    path("desk/works/<str:public_id>/text/", include("publishing.comments.urls")),
    path("desk/works/<str:public_id>/text/", include("publishing.editing.urls")),
    path("earnings/", include("royalties.urls.earnings")),
    path("finance/", include("storefront.checkout.office.urls")),
    path("finance/", include("helpdesk.office_urls")),
    path("finance/", include("royalties.urls.finance")),
    path("ledger/", include("royalties.urls.ledger")),
    path("payments/", include("payments.urls")),
    path("operations/", include("operations.console.urls")),
    path("operations/", include("operations.maintenance.urls")),
]

if settings.ALLOW_TIME_TRAVEL:
    urlpatterns.insert(0, path("demo/", include("demo.urls")))
