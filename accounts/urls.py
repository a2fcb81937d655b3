"""URLs of a person's own pages. Log-in and related pages are allauth's, under /accounts/."""

from __future__ import annotations

from django.urls import path

from accounts.views import audit, mails, own_data, pages

urlpatterns = [
    path("", pages.account, name="account"),
    path("profile/", pages.profile, name="profile"),
    path("publish/", pages.start_publishing, name="become-author"),
    path("sign-up-again/", pages.sign_up_again, name="sign-up-again"),
    path("emails/", mails.choices, name="mail-choices"),
    path("emails/stop/<str:token>/", mails.stop, name="mail-stop"),
    path("activity/", audit.activity, name="activity"),
    path("data/", own_data.your_data, name="your-data"),
    path("data/copies/", own_data.ask_for_copy, name="data-copy-ask"),
    path("data/copies/<str:copy_id>/", own_data.download_copy, name="data-copy"),
    path("data/delete/", own_data.delete_account, name="delete-account"),
    path("data/keep/", own_data.keep_account, name="cancel-own-deletion"),
    path("keep/<str:token>/", own_data.keep_by_link, name="cancel-deletion"),
]
