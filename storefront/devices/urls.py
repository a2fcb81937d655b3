"""URLs of app passwords, of the OPDS catalogues and of KOReader's sync.

None of the latter redirects, since some programs do not follow. So no address of a catalogue ends in a slash, but for
the first one, which people type.
"""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from storefront.devices.views import app_passwords, catalogue, kosync, shelf


class _Version(StringConverter):
    regex = r"v1\.2|v2"


class _Suffix(StringConverter):
    regex = r"kepub\.epub|epub|pdf"


register_converter(_Version, "opds_version")
register_converter(_Suffix, "book_suffix")

app_name = "devices"

urlpatterns = [
    path("account/devices/", app_passwords.app_passwords, name="app-passwords"),
    path("account/devices/<str:password_id>/revoke/", app_passwords.revoke, name="app-password-revoke"),
    path("account/devices/files/<str:place_id>/", app_passwords.answer_offer, name="answer-offer"),
    path("koreader/users/create", kosync.create, name="kosync-create"),
    path("koreader/users/auth", kosync.authorize, name="kosync-auth"),
    path("koreader/syncs/progress", kosync.update, name="kosync-update"),
    path("koreader/syncs/progress/<str:document>", kosync.progress, name="kosync-progress"),
    path("opds/search.xml", catalogue.search_description, name="opds-search-description"),
    path("opds/authentication.json", shelf.authentication, name="opds-authentication"),
    path("opds/buy/<slug:slug>.html", catalogue.buy, name="opds-buy"),
    path("opds/samples/<slug:slug>.epub", catalogue.sample, name="opds-sample"),
    path("opds/files/<str:work_id>/<str:artifact_id>/<slug:slug>.<book_suffix:suffix>", shelf.file, name="opds-file"),
    path("opds/covers/<str:work_id>.jpg", shelf.own_cover, name="opds-own-cover"),
    path("opds/<opds_version:version>", catalogue.start, name="opds-start"),
    path("opds/<opds_version:version>/", catalogue.start, name="opds-start-with-slash"),
    path("opds/<opds_version:version>/books", catalogue.books, name="opds-books"),
    path("opds/<opds_version:version>/subjects", catalogue.subjects, name="opds-subjects"),
    path("opds/<opds_version:version>/languages", catalogue.languages, name="opds-languages"),
    path("opds/<opds_version:version>/search", catalogue.search, name="opds-search"),
    path("opds/<opds_version:version>/shelf", shelf.shelf, name="opds-shelf"),
]
