"""Where people are logged in: noted once a minute, and at once from another place."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from accounts import middleware
from accounts.models import User
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"User-Agent": "Firefox"})
    client.force_login(make_reader())
    return client


def test_a_session_is_noted_with_its_place(client: Client) -> None:
    client.get("/account/menu/", REMOTE_ADDR="10.0.0.1")
    noted = UserSession.objects.get()
    assert (noted.ip, noted.user_agent) == ("10.0.0.1", "Firefox")


def test_another_place_is_noted_at_once(client: Client) -> None:
    for address in ("10.0.0.1", "10.0.0.2"):
        client.get("/account/menu/", REMOTE_ADDR=address)
        assert UserSession.objects.get().ip == address


def test_a_session_is_remembered_once_whatever_it_sends(client: Client, rf: RequestFactory) -> None:
    noting = middleware.ActivityMiddleware(lambda request: HttpResponse())
    for number in range(3):
        request = rf.get("/cart/", headers={"User-Agent": f"{number}" * 8000})
        request.session, request.user = client.session, User.objects.get()
        noting(request)
    assert len(repr(caches["process"].get(f"active:{client.session.session_key}"))) < 100


def test_the_same_place_is_not_written_again_within_the_minute(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/cart/")
    with django_assert_num_queries(3):  # session, person, cart
        client.get("/cart/")


def test_and_is_after_it(client: Client) -> None:
    client.get("/cart/")
    seen = UserSession.objects.get().last_seen_at
    caches["process"].clear()
    client.get("/cart/")
    assert UserSession.objects.get().last_seen_at > seen


def test_visitors_are_not_noted() -> None:
    Client().get("/cart/")
    assert not UserSession.objects.exists()


def test_a_page_of_the_shop_then_reads_the_session_and_writes_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_published_edition(slug="the-lamp")
    client.get("/cart/")
    with django_assert_num_queries(12):  # session, person, what they have, and the page's own
        client.get("/books/the-lamp/")


def test_somebody_else_at_the_same_screen_is_noted(client: Client) -> None:
    client.get("/cart/")
    client.logout()
    client.force_login(make_reader())
    client.get("/cart/")
    assert UserSession.objects.count() == 2
