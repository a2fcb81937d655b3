"""What a page shows can be bought from it, in the currency that is shown."""

from __future__ import annotations

import re
from html import unescape

import pytest

from accounts import regions
from common import clock
from publishing import services as publishing_services
from publishing.models import Series
from publishing.services import OpenPrice
from storefront.catalogue.models import Bundle, Listing
from storefront.checkout.cart.services import carts
from storefront.checkout.models import Cart, CartLine
from storefront.search.services import reindexing
from tests.factories.accounts import make_author
from tests.factories.buying import fill_cart, make_book, place_order
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

    @pytest.mark.parametrize("currency", ["", "EUR", "XYZ"])
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


class TestOnlyAnotherCurrency:
    """A book that has a price in neither the region's currency nor the shop's."""

    @pytest.fixture
    def lamp(self):
        return make_published_edition(slug="lamp", title="Lamp", prices={"JPY": 700, "EUR": 499})

    @pytest.mark.parametrize("page", ["books/", "books/lamp/", "search/?q=lamp"])
    def test_is_shown_by_one_rule(self, client, lamp, page):
        assert "€4.99" in read(client, f"/{page}")
        assert "€4.99" in read(client, f"/en-gb/{page}")
        assert "¥700" in read(client, f"/en-jp/{page}")

    def test_is_said_to_machines(self, client, lamp):
        said = re.sub(r"(?<=[:,]) ", "", read(client, "/books/lamp/"))
        assert '"price":"4.99","priceCurrency":"EUR"' in said

    def test_is_bought(self, signed_in, reader, lamp):
        press(signed_in, read(signed_in, "/books/lamp/"))
        assert "€4.99" in read(signed_in, "/checkout/")
        order = place_order(reader, currency="EUR")
        assert (order.currency, order.total_minor) == ("EUR", 499)

    def test_is_wished_for_in_it(self, signed_in, reader, lamp):
        signed_in.post("/wishlist/add/", {"book": "lamp"}, headers=FROM_HERE)
        wish = reader.wishes.get()
        assert (wish.currency, wish.wished_minor) == ("EUR", 499)
        assert "€4.99" in read(signed_in, "/wishlist/")

    def test_has_no_band_of_prices(self, client, lamp):
        assert "€4.99" not in read(client, "/books/?price=10")

    @pytest.mark.parametrize(
        ("prices", "is_free"),
        [({"EUR": 0}, True), ({"EUR": 0, "JPY": 500}, True), ({"EUR": 499, "JPY": 0}, False), ({}, False)],
    )
    def test_is_free_where_that_is_shown(self, client, prices, is_free):
        make_published_edition(title="Ebb", prices=prices)
        assert ("Ebb" in read(client, "/books/?price=free")) == is_free
        assert list(reindexing.reindex_listings()) == [(1, 0)]
        Listing.objects.update(price_band=4)
        assert list(reindexing.reindex_listings()) == [(1, int(is_free))]


BOTH = {"USD": 549, "EUR": 499}


def set_open(edition, *, least=300, suggested=500):
    prices = {currency: OpenPrice(least, suggested) for currency in ("USD", "EUR")}
    publishing_services.set_prices(actor=edition.work.owner, work=edition.work, prices=prices, at=clock.now())
    return edition


def put_in(client, edition, currency, **more):
    asked = {"edition": edition.public_id, "currency": currency} | more
    return client.post("/cart/add/", asked, headers=FROM_HERE)


class TestSecondCurrency:
    @pytest.fixture
    def lamp(self):
        return make_published_edition(slug="lamp", title="Lamp", prices=BOTH)

    @pytest.fixture
    def tide(self):
        return set_open(make_published_edition(slug="tide", title="Tide", prices=BOTH))

    def test_an_emptied_cart_takes_it(self, signed_in, reader, lamp, tide):
        put_in(signed_in, lamp, "USD")
        signed_in.post("/cart/remove/", {"line": CartLine.objects.get().public_id})
        page = read(signed_in, put_in(signed_in, tide, "EUR", amount="20")["Location"])
        assert reader.cart.currency == "EUR"
        assert "€20.00" in page
        assert "Your cart is in" not in page

    def test_beside_another_book_is_told_with_its_price(self, signed_in, lamp):
        put_in(signed_in, make_published_edition(prices=BOTH), "USD")
        answer = put_in(signed_in, lamp, "EUR")
        page = read(signed_in, answer["Location"])
        assert "Your cart is in USD, so “Lamp” costs $5.49." in page
        assert "Your cart is in USD" not in read(signed_in, "/cart/")

    def test_is_told_on_the_way_to_checkout(self, signed_in, lamp):
        put_in(signed_in, make_published_edition(prices=BOTH), "USD")
        answer = put_in(signed_in, lamp, "EUR", then="checkout")
        assert answer["Location"] == "/checkout/"
        assert "“Lamp” costs $5.49" in read(signed_in, "/checkout/")

    def test_without_a_price_there_is_told(self, signed_in):
        put_in(signed_in, make_published_edition(prices=BOTH), "USD")
        answer = put_in(signed_in, make_published_edition(title="Ebb", prices={"JPY": 500}), "JPY")
        assert "“Ebb” has no price in USD. Choose another currency" in read(signed_in, answer["Location"])

    def test_an_amount_is_asked_for_again(self, signed_in, lamp, tide):
        put_in(signed_in, lamp, "USD")
        answer = put_in(signed_in, tide, "EUR", amount="20", then="checkout")
        assert answer["Location"] == "/cart/"
        page = read(signed_in, "/cart/")
        assert "You chose to pay €20.00 for “Tide”, but your cart is in USD." in page
        assert "Until then, the price is $5.00" in page

    def test_of_several_works_is_told_with_what_this_reader_pays(self, signed_in, lamp):
        author = make_author()
        series = Series.objects.create(owner=author, slug="tides", title="Tides", completing_bps=2000)
        for number in (1, 2):
            make_published_edition(work=make_work(owner=author, series=series, title=f"T{number}", prices=BOTH))
        put_in(signed_in, lamp, "USD")
        asked = {"series": "tides", "currency": "EUR"}
        page = read(signed_in, signed_in.post("/cart/add/", asked, headers=FROM_HERE)["Location"])
        assert "“Tides” costs $8.78" in page

    def test_of_a_gift_is_told(self, signed_in, lamp):
        put_in(signed_in, make_published_edition(prices=BOTH), "USD")
        signed_in.post("/en-ie/books/lamp/gift/", {"recipient": "a@example.org"})
        assert "“Lamp” costs US$5.49" in read(signed_in, "/cart/")

    def test_nothing_is_told_of_what_is_shown_in_the_cart_s(self, signed_in, lamp, tide):
        put_in(signed_in, lamp, "USD")
        page = read(signed_in, put_in(signed_in, tide, "USD", amount="20")["Location"])
        assert "$20.00" in page
        assert "Your cart is in" not in page


class TestAmountsOfBefore:
    """Chosen in one currency, they mean nothing in another: they are asked for again."""

    @pytest.fixture
    def tide(self):
        return set_open(make_published_edition(slug="tide", title="Tide", prices=BOTH))

    def test_when_the_cart_s_currency_is_changed(self, client, tide):
        put_in(client, tide, "EUR", amount="20")
        page = client.post("/cart/currency/", {"currency": "USD"}, follow=True).content.decode()
        assert "Enter in USD what you want to pay for: Tide" in page
        page = client.post("/cart/currency/", {"currency": "EUR"}, follow=True).content.decode()
        assert "what you want to pay for:" not in page

    def test_when_the_same_currency_is_chosen_they_stay(self, client, tide):
        put_in(client, tide, "EUR", amount="20")
        page = client.post("/cart/currency/", {"currency": "EUR"}, follow=True).content.decode()
        assert "€20.00" in page
        assert "what you want to pay for:" not in page

    def test_when_a_visitor_s_cart_joins_that_of_an_account(self, client, reader, tide):
        fill_cart(reader, make_book(prices=BOTH))
        put_in(client, tide, "EUR", amount="20")
        client.force_login(reader)
        page = read(client, "/cart/")
        assert "Enter in USD what you want to pay for: Tide" in page

    def test_an_account_s_empty_cart_takes_the_visitor_s_currency(self, client, reader, tide):
        fill_cart(reader, make_book(prices=BOTH))
        reader.cart.lines.all().delete()
        put_in(client, tide, "EUR", amount="20")
        client.force_login(reader)
        assert "€20.00" in read(client, "/cart/")
