"""URLs of what authors see of pre-orders, under those of the desk."""

from __future__ import annotations

from django.urls import path

from storefront.checkout.preorders import views

urlpatterns = [
    path("desk/preorders/<str:work_id>/", views.waiting, name="preorders-waiting"),
]
