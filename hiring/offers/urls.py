"""URLs of offers: the public pages under /hire/, the provider's under /desk/services/."""

from __future__ import annotations

from django.urls import path

from hiring.offers.views import mine, public

app_name = "offers"

urlpatterns = [
    path("hire/", public.search, name="search"),
    path("hire/offers/<str:offer_id>/", public.offer, name="offer"),
    path("hire/offers/<str:offer_id>/pictures/<str:sample_id>/", public.picture, name="picture"),
    path("hire/people/<str:public_id>/", public.person, name="person"),
    path("hire/people/<str:public_id>/services/", public.fragment, name="fragment"),
    path("desk/services/", mine.mine, name="mine"),
    path("desk/services/provider/", mine.provider, name="provider"),
    path("desk/services/new/", mine.new, name="new"),
    path("desk/services/<str:offer_id>/", mine.edit, name="edit"),
    path("desk/services/<str:offer_id>/pictures/", mine.add_picture, name="add-picture"),
    path("desk/services/<str:offer_id>/samples/<slug:kind>/", mine.add_sample, name="add-sample"),
    path("desk/services/<str:offer_id>/samples/<str:sample_id>/remove/", mine.remove_sample, name="remove-sample"),
    path("desk/services/<str:offer_id>/<slug:action>/", mine.act, name="act"),
]
