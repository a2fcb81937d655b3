"""A person's own pages; log-in and its relatives are allauth's, under /accounts/."""

from __future__ import annotations

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("profile/", views.profile, name="profile"),
    path("publish/", views.start_publishing, name="become-author"),
    path("menu/", views.menu, name="account-menu"),
]
