"""The whole text is kept back from who could still return the book unread: taking it would leave no record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.checkout import permissions
from storefront.checkout.guests.services import links
from storefront.checkout.models import Entitlement, Order
from tests.factories.accounts import make_reader
from tests.factories.buying import buy
from tests.factories.conversion import make_artifact, web_zip
from tests.factories.guests import buy_as_guest
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    edition = make_published_edition(slug="lamp")
    edition.job.artifacts.filter(kind="web").delete()
    make_artifact(edition.job, kind="web", content=web_zip(c1="<p>Nobody came.</p>"))
    return edition


@pytest.fixture
def reader(client: Client) -> User:
    reader = make_reader()
    client.force_login(reader)
    return reader


@pytest.fixture
def order(reader: User, edition: Edition) -> Order:
    return buy(reader, edition)


def text(client: Client, edition: Edition) -> int:
    response = client.get(f"/read/lamp/files/{edition.public_id}/text.json")
    assert response.status_code != 204 or (response.content == b"" and response["Cache-Control"] == "no-store")
    return int(response.status_code)


def test_is_kept_back_after_buying_but_found_in(client: Client, edition: Edition, order: Order) -> None:
    assert text(client, edition) == 204
    found = client.get("/read/lamp/search/", {"q": "nobody", "edition": edition.public_id}).json()
    assert found["count"] == 1
    assert not permissions.was_used(order.lines.get()), "a search is not reading"


def test_comes_with_a_tenth_of_the_book(client: Client, edition: Edition, order: Order) -> None:
    Entitlement.objects.update(furthest_bps=999)
    assert text(client, edition) == 204
    Entitlement.objects.update(furthest_bps=1000)
    assert text(client, edition) == 200


def test_comes_with_a_kept_book_which_is_a_download(client: Client, edition: Edition, order: Order) -> None:
    assert client.get(f"/read/lamp/{edition.public_id}.zip").getvalue()
    assert permissions.was_used(order.lines.get())
    assert text(client, edition) == 200


def test_comes_when_the_time_for_returns_is_over(client: Client, edition: Edition, order: Order) -> None:
    order.lines.update(refundable_until=clock.now() - timedelta(seconds=1))
    assert text(client, edition) == 200


def test_who_paid_nothing_has_nothing_to_return(client: Client, reader: User, edition: Edition) -> None:
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    assert text(client, edition) == 200


def test_makers_have_their_own_text(client: Client, edition: Edition) -> None:
    client.force_login(edition.work.owner)
    assert text(client, edition) == 200


def test_is_kept_back_from_guests_too(client: Client, edition: Edition) -> None:
    order = buy_as_guest(edition)
    client.get(links.link_of(order).removeprefix("http://testserver"))
    assert text(client, edition) == 204


def test_every_chapter_taken_one_by_one_is_read(client: Client, edition: Edition, order: Order) -> None:
    for number in (1, 2, 3):
        client.get(f"/read/lamp/files/{edition.public_id}/chapters/c{number}.xhtml")
    assert permissions.was_used(order.lines.get())
