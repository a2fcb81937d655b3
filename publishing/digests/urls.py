"""URLs of digests, under /desk/."""

from __future__ import annotations

from django.urls import path

from publishing.digests.views import stop

app_name = "digests"

urlpatterns = [path("text-emails/<str:token>/", stop.stop, name="stop")]
