"""Old slugs of books lead to the book by one redirect, in the same region."""

from __future__ import annotations

import pytest
from django.test import Client

from common import clock
from publishing.models import OldAddress
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _renamed_book() -> None:
    edition = make_published_edition(slug="lamp")
    OldAddress.objects.create(work=edition.work, slug="candle", left_at=clock.now())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/books/candle/", "/books/lamp/"),
        ("/de-at/books/candle/?a=1", "/de-at/books/lamp/?a=1"),
        ("/read/candle/sample/", "/read/lamp/sample/"),
        ("/read/de-AT/candle/sample/plain/", "/read/de-AT/lamp/sample/plain/"),
        ("/de-at/read/candle/sample/?a=1", "/read/de-AT/lamp/sample/?a=1"),
        ("/de-at/read/candle/sample/c1/", "/read/de-AT/lamp/sample/c1/"),
    ],
)
def test_one_redirect_leads_to_the_book(client: Client, old: str, new: str) -> None:
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, new)
    assert client.get(new).status_code == 200


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/de-at/read/lamp/sample/", "/read/de-AT/lamp/sample/"),
        ("/de-at/read/", "/read/de-AT/"),
        ("/de-at/read/nothing/at/all/here/", "/read/de-AT/nothing/at/all/here/"),
    ],
)
def test_the_readers_own_redirect_stays(client: Client, path: str, there: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (308, there)


def test_what_was_sent_is_not_lost(client: Client) -> None:
    assert client.post("/de-at/read/candle/sample/").status_code == 308
