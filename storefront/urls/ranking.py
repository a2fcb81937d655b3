"""Addresses of the rankings in the open, of books for one reader, and of a book's turns on its author's desk."""

from __future__ import annotations

from django.urls import path

from storefront.views import for_you, ranking

urlpatterns = [
    path("ranking/", ranking.overview, name="ranking"),
    path("ranking/inputs.json", ranking.inputs, name="ranking-inputs"),
    path("ranking/recompute_ranking.py", ranking.script, name="ranking-script"),
    path("ranking/fresh/<slug:slug>/", ranking.fresh, name="ranking-fresh"),
    path("ranking/<slug:shelf>/<slug:slug>/", ranking.place, name="ranking-place"),
    path("desk/turns/<str:work_id>/", ranking.turns, name="fresh-turns"),
    path("for-you/", for_you.for_you, name="for-you"),
]
