"""URLs of figures, under /desk/."""

from __future__ import annotations

from django.urls import path

from insight.figures.views import owner, work

app_name = "figures"

urlpatterns = [
    path("desk/figures/", owner.owner, name="owner"),
    path("desk/works/<str:public_id>/figures/", work.work, name="work"),
    path("desk/works/<str:public_id>/figures/days.csv", work.work_csv, name="work-csv"),
    path("desk/works/<str:public_id>/figures/links/", work.make_link, name="make-link"),
]
