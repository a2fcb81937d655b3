"""URLs under /payments/: the provider's webhooks, and the pages of the simulated provider."""

from __future__ import annotations

from django.conf import settings
from django.urls import path, re_path

from payments import sandbox_views, views

urlpatterns = [
    re_path(r"^webhooks/(?P<endpoint>platform|connect|thin)/$", views.webhook, name="webhook"),
]

if settings.PAYMENTS_SANDBOX:
    urlpatterns += [
        path("sandbox/pay/<str:session_id>/", sandbox_views.pay, name="sandbox-pay"),
        path("sandbox/simulate/", sandbox_views.simulate_panel, name="sandbox-simulate"),
        path("sandbox/simulate/<slug:verb>/", sandbox_views.simulate_happening, name="sandbox-simulate-event"),
        path("sandbox/onboard/<str:link_id>/", sandbox_views.onboard, name="sandbox-onboard"),
    ]
