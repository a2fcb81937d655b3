"""URLs under /finance/ for staff who answer requests."""

from __future__ import annotations

from django.urls import path

from helpdesk.views import requests

urlpatterns = [
    path("requests/", requests.request_list, name="helpdesk-requests"),
    path("requests/<str:public_id>/", requests.request_page, name="helpdesk-request"),
    path("requests/<str:public_id>/close/", requests.close, name="helpdesk-close"),
]
