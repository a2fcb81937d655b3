from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import FakePayload

from publishing.models import Manuscript
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db
HERE = {"sec-fetch-site": "same-origin"}


class TestPermissionsPolicy:
    @pytest.mark.parametrize("address", ["/", "/accounts/login/", "/books/", "/no/such/"])
    def test_every_answer_says_what_no_page_of_ours_asks_for(self, client: Client, address: str) -> None:
        policy = client.get(address)["Permissions-Policy"].split(", ")
        assert {"camera=()", "microphone=()", "geolocation=()", "payment=()"} <= set(policy)
        assert "publickey-credentials-get=(self)" in policy


class TestNul:
    @pytest.mark.parametrize("address", ["/authors/%00/", "/no/such/%00", "/shelves/?after=a%00b", "/books/?%00=1"])
    def test_in_an_address_is_refused_with_a_page(self, client: Client, address: str) -> None:
        response = client.get(address)
        assert response.status_code == 400
        assert "We cannot read this request" in response.content.decode()

    def test_is_refused_in_the_words_of_the_region(self, client: Client) -> None:
        response = client.get("/de-at/shelves/?after=%00")
        assert (response.status_code, response["Content-Language"]) == (400, "de")

    @pytest.mark.parametrize("form", [{"edition": "a\0"}, {"edi\0tion": "a"}, {"edition": ["a", "\0"]}])
    def test_in_a_form_is_refused(self, client: Client, form: dict[str, object]) -> None:
        make_published_edition()
        assert client.post("/cart/add/", form, headers=HERE).status_code == 400

    def test_in_a_cookie_is_refused(self, client: Client) -> None:
        assert client.get("/account/", HTTP_COOKIE='sessionid="\\000abcdefghij"').status_code == 400

    def test_that_is_escaped_twice_is_an_ordinary_word(self, client: Client) -> None:
        assert client.get("/search/?q=%2500").status_code == 200

    def test_is_not_looked_for_when_the_visitor_is_gone(self) -> None:
        """403 for the token that never came; nobody of ours is told."""

        class Broken(FakePayload):
            def read(self, *args: object) -> bytes:
                raise OSError("gone")

        client, told = Client(enforce_csrf_checks=True), {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
        asked = {"REQUEST_METHOD": "POST", "PATH_INFO": "/account/profile/", "CONTENT_LENGTH": "9", **told}
        client.cookies["csrftoken"] = "a" * 32
        assert client.request(**asked, **{"wsgi.input": Broken(b"a=1234567")}).status_code == 403

    def test_in_an_upload_is_none_of_ours(self, client: Client) -> None:
        client.force_login(make_author())
        client.post("/desk/works/new/", {"manuscript": SimpleUploadedFile("book.txt", b"Once\0upon")})
        assert Manuscript.objects.exists()


class TestRawBody:
    def test_is_left_to_the_view(self, client: Client) -> None:
        """A form where a signed event should be is refused by its signature, and is no failure."""
        assert client.post("/payments/webhooks/platform/", {"event": "\0"}).status_code == 400


class TestPublicFiles:
    @pytest.mark.parametrize("name", ["a" * 300, "covers", "covers/one.webp/x", "../x", "/etc/passwd"])
    def test_what_is_no_file_is_no_page(self, client: Client, settings, tmp_path, name: str) -> None:
        (tmp_path / "covers").mkdir()
        (tmp_path / "covers" / "one.webp").write_bytes(b"")
        backend = "django.core.files.storage.FileSystemStorage"
        settings.STORAGES = {**settings.STORAGES, "public": {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}}
        assert client.get(f"/public/{name}").status_code == 404


class TestContentSecurityPolicy:
    @pytest.mark.parametrize("address", ["/", "/accounts/login/", "/no/such/"])
    def test_every_answer_says_what_a_page_may_load(self, client: Client, address: str) -> None:
        policy = client.get(address)["Content-Security-Policy"].split("; ")
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert not any("unsafe" in part for part in policy)
