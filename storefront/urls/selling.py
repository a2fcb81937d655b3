"""Addresses of what authors and finance staff do with offers: beside the desk's and the finance office's own."""

from __future__ import annotations

from django.urls import path

from storefront.views import bundles, coupons, gifts, preorders

urlpatterns = [
    path("desk/coupons/", coupons.author_coupons, name="author-coupons"),
    path("desk/coupons/<str:coupon_id>/stop/", coupons.stop_author_coupon, name="author-coupon-stop"),
    path("desk/bundles/", bundles.bundles, name="bundles"),
    path("desk/bundles/<str:bundle_id>/", bundles.edit_bundle, name="bundle-edit"),
    path("desk/bundles/<str:bundle_id>/works/", bundles.change_works, name="bundle-works"),
    path("desk/bundles/<str:bundle_id>/list/", bundles.list_bundle, name="bundle-list"),
    path("desk/bundles/<str:bundle_id>/answer/", bundles.answer, name="bundle-answer"),
    path("desk/preorders/<str:work_id>/", preorders.waiting, name="preorders-waiting"),
    path("finance/coupons/", coupons.platform_coupons, name="platform-coupons"),
    path("finance/coupons/<str:coupon_id>/stop/", coupons.stop_platform_coupon, name="platform-coupon-stop"),
    path("finance/gifts/", gifts.open_gifts, name="open-gifts"),
]
