"""URLs of files, wish lists, followed authors, email settings and recommendations.

`storefront/shelf/urls.py` includes them in one namespace with the pages of the library.
"""

from __future__ import annotations

from django.urls import path

from storefront.library.views import edition_mails, follows, for_you, library, owned_books, wishlists

app_name = "library"

urlpatterns = [
    path("library/owned/", owned_books.owned, name="owned"),
    path("library/<str:work_id>/line/", library.line, name="line"),
    path("library/<str:work_id>/<str:artifact_id>/", library.choose_file, name="file"),
    path("download/<str:token>/", library.download, name="download"),
    path("wishlist/", wishlists.wishlist, name="wishlist"),
    path("wishlist/add/", wishlists.add, name="wish-add"),
    path("wishlist/remove/", wishlists.remove, name="wish-remove"),
    path("wishlist/put-back/", wishlists.put_back, name="wish-restore"),
    path("wishlist/mail/", wishlists.alerts, name="wish-mail"),
    path("wishlist/<str:work_id>/below/", wishlists.below, name="wish-below"),
    path("following/", follows.following, name="following"),
    path("following/mail/", follows.mail, name="following-mail"),
    path("authors/<str:public_id>/follow/", follows.follow, name="follow"),
    path("authors/<str:public_id>/unfollow/", follows.unfollow, name="unfollow"),
    path("mails/stop/<str:token>/", follows.stop_mail, name="unsubscribe"),
    path("mails/editions/stop/<str:token>/", edition_mails.stop, name="edition-mail-stop"),
    path("desk/edition-mail/<str:public_id>/", edition_mails.preview, name="edition-mail"),
    path("for-you/", for_you.for_you, name="for-you"),
]
