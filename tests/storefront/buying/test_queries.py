"""How many queries buying takes, those of the session among them."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from storefront.models import Cart
from tests.factories.accounts import make_reader
from tests.factories.guests import place_as_guest
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db


def _count(captured) -> int:
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return len([one for one in captured if not one["sql"].startswith(control)])


def add(client: Client, edition) -> None:
    asked = {"edition": edition.public_id}
    assert client.post("/cart/add/", asked, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


def test_a_visitor_s_first_book_takes_five(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    edition = make_published_edition()
    with django_assert_max_num_queries(20) as captured:
        add(client, edition)
    assert _count(captured) == 5


@pytest.mark.parametrize("books", [1, 4])
def test_a_reader_s_cart_takes_three_and_the_checkout_five(
    client: Client, books: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(make_reader())
    for _ in range(books):
        add(client, make_published_edition())
    for path, most in (("/cart/", 3), ("/checkout/", 5)):
        client.get(path)
        with django_assert_max_num_queries(20) as captured:
            assert client.get(path).status_code == 200
        assert _count(captured) == most


@pytest.mark.parametrize("books", [1, 4])
def test_a_guest_s_cart_takes_three_and_the_checkout_five(
    client: Client, books: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Of somebody who has bought without an account before: their guest is read, and what it has."""
    add(client, make_published_edition())
    cart = Cart.objects.get()
    place_as_guest(cart)
    for _ in range(books):
        add(client, make_published_edition())
    for path, most in (("/cart/", 3), ("/checkout/", 5)):
        client.get(path)
        with django_assert_max_num_queries(20) as captured:
            assert client.get(path).status_code == 200
        assert _count(captured) == most
