"""Pages whose address names no region, for readers of whom we know where they live."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from storefront.catalogue.services import ranking
from storefront.checkout.models import CartLine
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db

PRICES = {"USD": 499, "EUR": 1498}


@pytest.fixture
def shop() -> str:
    published = clock.now() - timedelta(days=2)  # for the front page
    make_published_edition(slug="the-lamp", title="The Lamp", subject="FB", prices=PRICES, published_at=published)
    ranking.plan_fresh(at=clock.now())
    return "/books/the-lamp/"


@pytest.fixture
def german(client: Client) -> Client:
    client.force_login(make_reader(country="DE"))
    return client


@pytest.mark.parametrize("path", ["/", "/books/", "/search/?q=lamp", "/books/the-lamp/"])
def test_show_their_currency_and_links_without_a_region(shop: str, german: Client, path: str) -> None:
    html = german.get(path).content.decode()
    assert "€14.98" in html
    assert "$4.99" not in html
    assert 'href="/en-de/' not in html
    assert 'href="/books/the-lamp/"' in html or path == shop


def test_show_their_tax(shop: str, german: Client) -> None:
    assert "including 7% tax" in german.get(shop).content.decode()


def test_stay_as_they_are_for_others(shop: str, german: Client) -> None:
    for _ in range(2):  # whatever is kept of one is not shown to the other
        assert "€14.98" in german.get(shop).content.decode()
        assert "$4.99" in Client().get(shop).content.decode()
        assert "€14.98" in Client().get(f"/en-de{shop}").content.decode()
        assert 'href="/en-de/cart/"' in Client().get(f"/en-de{shop}").content.decode()


def test_an_address_that_names_a_region_has_the_last_word(shop: str, german: Client) -> None:
    assert "$4.99" in german.get(f"/en-us{shop}").content.decode()


def test_the_cart_is_in_their_currency(shop: str, german: Client) -> None:
    html = german.get(shop).content.decode()
    assert 'name="currency" value="EUR"' in html
    edition = html.partition('name="edition" value="')[2].partition('"')[0]
    german.post("/cart/add/", {"edition": edition}, headers={"Sec-Fetch-Site": "same-origin"})
    assert CartLine.objects.get().cart.currency == "EUR"
    assert "€14.98" in german.get("/cart/").content.decode()
