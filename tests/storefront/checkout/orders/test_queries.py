"""How many queries buying takes, those of the session among them."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common import clock
from storefront.checkout.models import AccessKind, AccessRecord, Cart, Entitlement
from tests.factories.accounts import make_reader
from tests.factories.buying import add_edition, buy, make_book
from tests.factories.guests import place_as_guest
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db


def _count(captured) -> int:
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return len([one for one in captured if not one["sql"].startswith(control)])


def add(client: Client, edition) -> None:
    asked = {"edition": edition.public_id}
    assert client.post("/cart/add/", asked, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


@pytest.mark.parametrize("is_newest", [True, False])
def test_a_visitor_s_first_book_takes_six(
    client: Client, is_newest: bool, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    edition = make_published_edition()
    if not is_newest:  # the page was opened before the next edition came out
        add_edition(edition.work)
    with django_assert_max_num_queries(20) as captured:
        add(client, edition)
    assert _count(captured) == 6  # with the event for the author's figures


@pytest.mark.parametrize("books", [1, 4])
def test_a_reader_s_cart_and_checkout_take_as_many_however_many_books(
    client: Client, books: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(make_reader())
    for _ in range(books):
        add(client, make_published_edition())
    for path, most in (("/cart/", 7), ("/checkout/", 9)):
        client.get(path)
        with django_assert_max_num_queries(20) as captured:
            assert client.get(path).status_code == 200
        assert _count(captured) == most


@pytest.mark.parametrize("books", [1, 4])
def test_a_guest_s_cart_and_checkout_take_as_many_however_many_books(
    client: Client, books: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Of somebody who has bought without an account before: their guest is read, and what it has."""
    add(client, make_published_edition())
    cart = Cart.objects.get()
    place_as_guest(cart)
    for _ in range(books):
        add(client, make_published_edition())
    for path, most in (("/cart/", 5), ("/checkout/", 7)):
        client.get(path)
        with django_assert_max_num_queries(20) as captured:
            assert client.get(path).status_code == 200
        assert _count(captured) == most


@pytest.mark.parametrize("is_used", [False, True])
@pytest.mark.parametrize("books", [2, 12])
def test_an_order_s_page_takes_as_many_however_many_books(
    client: Client, books: int, is_used: bool, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """What was downloaded is found in one query; how often used books went back, and how much did today, in three."""
    reader = make_reader()
    order = buy(reader, *[make_book() for _ in range(books)])
    client.force_login(reader)
    if is_used:
        at = clock.now()
        for one in Entitlement.objects.all():
            AccessRecord.objects.create(entitlement=one, kind=AccessKind.DOWNLOAD, at=at, day=at.date())
    page = f"/orders/{order.public_id}/"
    client.get(page)
    with django_assert_max_num_queries(40) as captured:
        assert client.get(page).status_code == 200
    assert _count(captured) == (12 if is_used else 9)
