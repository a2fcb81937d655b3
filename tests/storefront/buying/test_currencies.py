"""What a page shows can be bought from it, in the currency that is shown."""

from __future__ import annotations

import re
from html import unescape

import pytest

from accounts import regions
from common import clock
from publishing.models import Series
from storefront.models import Bundle, Cart, CartLine
from storefront.services import carts
from tests.factories.accounts import make_author
from tests.factories.offers import make_bundle
from tests.factories.publishing import make_published_edition, make_work

pytestmark = pytest.mark.django_db
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def read(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def press(client, page, *, at="", **typed):
    """Send the page's form that puts something into the cart, as a browser would."""
    form = re.search(rf'<form[^>]*action="({at}/cart/add/)".*?</form>', page, re.DOTALL)
    fields = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form[0])
    asked = {name: unescape(value) for name, value in fields} | typed
    return client.post(form[1], asked, headers=FROM_HERE)


class TestOrder:
    def test_is_the_region_s_the_shop_s_and_then_the_others(self):
        assert regions.currencies() == ("USD", "EUR", "GBP", "JPY")
        with regions.active(regions.region("en", "JP")):
            assert regions.currencies() == ("JPY", "USD", "EUR", "GBP")


class TestShownPrice:
    def test_of_a_book_is_what_the_cart_and_the_checkout_ask(self, client):
        make_published_edition(slug="lamp", prices={"USD": 499})
        page = read(client, "/de-de/books/lamp/")
        assert "4,99\xa0$" in page
        assert press(client, page, at="/de-de").status_code == 302
        assert Cart.objects.get().currency == "USD"
        assert "4,99\xa0$" in read(client, "/de-de/cart/")
        assert "4,99\xa0$" in read(client, "/de-de/checkout/")

    @pytest.mark.parametrize("currency", ["", "EUR", "XYZ", "\0"])
    def test_a_new_cart_takes_a_currency_that_the_book_has(self, client, currency):
        edition = make_published_edition(prices={"USD": 499})
        asked = {"edition": edition.public_id, "currency": currency}
        client.post("/de-de/cart/add/", asked, headers=FROM_HERE)
        assert Cart.objects.get().currency == "USD"

    def test_of_a_gift(self, client):
        make_published_edition(slug="lamp", prices={"USD": 499})
        assert "4,99\xa0$" in read(client, "/de-de/books/lamp/gift/")
        client.post("/de-de/books/lamp/gift/", {"recipient": "a@example.org"})
        assert Cart.objects.get().currency == "USD"
        assert "4,99\xa0$" in read(client, "/de-de/checkout/")

    def test_of_a_bundle(self, client):
        author = make_author()
        bundle = make_bundle(*[make_published_edition(owner=author, prices={"USD": 499}) for _ in range(2)])
        press(client, read(client, f"/de-de/bundles/{bundle.slug}/"), at="/de-de")
        assert "8,00\xa0$" in read(client, "/de-de/checkout/")

    def test_of_a_bundle_without_the_page_s_form(self):
        author = make_author()
        bundle: Bundle = make_bundle(*[make_published_edition(owner=author, prices={"USD": 499}) for _ in range(2)])
        cart = carts.add_bundle(actor=None, cart_id="", slug=bundle.slug, currency="EUR", at=clock.now())
        assert cart.currency == "USD"

    def test_of_a_series(self, client):
        author = make_author()
        series = Series.objects.create(owner=author, slug="tides", title="Tides", completing_bps=2000)
        for number in (1, 2):
            make_published_edition(work=make_work(owner=author, series=series, title=f"T{number}", prices={"JPY": 500}))
        press(client, read(client, "/de-de/series/tides/"), at="/de-de")
        assert "800\xa0¥" in read(client, "/de-de/checkout/")
        CartLine.objects.all().delete()
        cart = carts.add_series(actor=None, cart_id="", slug="tides", currency="EUR", at=clock.now())
        assert cart.currency == "JPY"
