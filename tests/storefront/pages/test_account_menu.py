from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db

ADDRESS = "/account/menu/"


class TestMenu:
    def test_a_stranger_may_log_in(self, client: Client) -> None:
        response = client.get(ADDRESS)
        assert b"/accounts/login/" in response.content
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies

    def test_shows_each_role_its_places(self, client: Client) -> None:
        client.force_login(make_reader())
        assert b"/desk/" not in client.get(ADDRESS).content
        client.force_login(make_author())
        assert b"/desk/" in client.get(ADDRESS).content

    def test_counts_the_cart(self, client: Client) -> None:
        edition = make_published_edition()
        headers = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
        client.post("/cart/add/", {"edition": edition.public_id}, headers=headers)
        assert b'<span class="badge">1</span>' in client.get(ADDRESS).content
