"""Addresses of wishes, of followed authors, and of mails that readers asked for."""

from __future__ import annotations

from django.urls import path

from storefront.views import follows, wishes

urlpatterns = [
    path("wishlist/", wishes.wishlist, name="wishlist"),
    path("wishlist/add/", wishes.add, name="wish-add"),
    path("wishlist/remove/", wishes.remove, name="wish-remove"),
    path("wishlist/put-back/", wishes.put_back, name="wish-put-back"),
    path("wishlist/mail/", wishes.alerts, name="wish-mail"),
    path("wishlist/<str:work_id>/below/", wishes.below, name="wish-below"),
    path("following/", follows.following, name="following"),
    path("following/mail/", follows.mail, name="following-mail"),
    path("authors/<str:public_id>/follow/", follows.follow, name="follow"),
    path("authors/<str:public_id>/unfollow/", follows.unfollow, name="unfollow"),
    path("mails/stop/<str:token>/", follows.stop_mail, name="stop-mail"),
]
