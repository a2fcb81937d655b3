"""URLs of coupons for authors and finance staff, under those of the desk and the finance office."""

from __future__ import annotations

from django.urls import path

from storefront.checkout.coupons import views

urlpatterns = [
    path("desk/coupons/", views.author_coupons, name="author-coupons"),
    path("desk/coupons/<str:coupon_id>/stop/", views.stop_author_coupon, name="author-coupon-stop"),
    path("finance/coupons/", views.platform_coupons, name="platform-coupons"),
    path("finance/coupons/<str:coupon_id>/stop/", views.stop_platform_coupon, name="platform-coupon-stop"),
]
