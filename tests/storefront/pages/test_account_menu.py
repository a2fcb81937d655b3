from __future__ import annotations

import pytest
from django.test import Client

from common import clock
from publishing.collaboration.models import Collaborator
from tests.factories.accounts import make_author, make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.publishing import make_edition, make_published_edition

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

    def test_leads_who_works_on_a_shared_text_back_to_it(self, client: Client) -> None:
        shared = make_collaborator(make_edition().work)
        client.force_login(shared.person)
        assert b"/desk/shared/" in client.get(ADDRESS).content
        Collaborator.objects.update(ended_at=clock.now(), ending="left")
        assert b"/desk/shared/" not in client.get(ADDRESS).content

    def test_counts_the_cart(self, client: Client) -> None:
        edition = make_published_edition()
        headers = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
        client.post("/cart/add/", {"edition": edition.public_id}, headers=headers)
        assert b'<span class="badge">1</span>' in client.get(ADDRESS).content
