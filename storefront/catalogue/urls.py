"""URLs of the catalogue, its feeds and its rankings, and of bundles and front-page turns on the author's desk."""

from __future__ import annotations

from django.urls import path

from storefront.catalogue.views import bundle_list, bundles, catalogue, price_suggestions, promotions, ranking
from storefront.catalogue.views.feeds import atom_rss, onix

app_name = "catalogue"

urlpatterns = [
    path("books/", catalogue.catalogue, name="books"),
    path("bundles/", bundle_list.bundles, name="bundles-on-sale"),
    path("feeds/onix.xml", onix.catalogue, name="onix"),
    path("books/<slug:slug>/onix.xml", onix.book, name="book-onix"),
    path("feeds/new.<str:kind>", atom_rss.newest, name="feed-newest"),
    path("feeds/subjects/<slug:code>.<str:kind>", atom_rss.subject, name="feed-subject"),
    path("feeds/languages/<slug:tag>.<str:kind>", atom_rss.language, name="feed-language"),
    path("authors/<str:public_id>/new.<str:kind>", atom_rss.author, name="feed-author"),
    path("series/<slug:slug>/new.<str:kind>", atom_rss.series, name="feed-series"),
    path("ranking/", ranking.overview, name="ranking"),
    path("ranking/inputs.json", ranking.inputs, name="ranking-inputs"),
    path("ranking/recompute_ranking.py", ranking.script, name="ranking-script"),
    path("ranking/fresh/<slug:slug>/", ranking.fresh, name="ranking-fresh"),
    path("ranking/<slug:shelf>/<slug:slug>/", ranking.place, name="ranking-place"),
    path("desk/turns/<str:work_id>/", ranking.turns, name="fresh-turns"),
    path("desk/works/<str:work_id>/price/suggestions/", price_suggestions.suggest, name="price-suggestions"),
    path("desk/works/<str:work_id>/promotions/", promotions.promotions, name="promotions"),
    path("desk/works/<str:work_id>/promotions/fixed/", promotions.fixed, name="promotions-fixed"),
    path("desk/works/<str:work_id>/promotions/<str:promotion_id>/end/", promotions.end, name="promotion-end"),
    path("desk/bundles/", bundles.bundles, name="bundles"),
    path("desk/bundles/<str:bundle_id>/", bundles.edit_bundle, name="bundle-edit"),
    path("desk/bundles/<str:bundle_id>/works/", bundles.change_works, name="bundle-works"),
    path("desk/bundles/<str:bundle_id>/list/", bundles.list_bundle, name="bundle-list"),
    path("desk/bundles/<str:bundle_id>/delete/", bundles.delete, name="bundle-delete"),
    path("desk/bundles/<str:bundle_id>/answer/", bundles.answer, name="bundle-answer"),
]
