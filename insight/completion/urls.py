"""URLs of completion: the question at the end of a book, and the setting."""

from __future__ import annotations

from django.urls import path

from insight.completion.views import consent

app_name = "completion"

urlpatterns = [
    path("reading/counted/", consent.setting, name="setting"),
    path("reading/counted/asked/", consent.asked, name="asked"),
]
