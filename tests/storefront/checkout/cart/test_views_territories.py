"""What readers see of a book that is not sold where they are, and how they go on."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from publishing import services as publishing_services
from publishing.territories import Territory
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import quotes
from storefront.checkout.models import CartLine, Order
from storefront.library.models import Wish
from tests.factories.buying import fill_cart
from tests.factories.offers import make_bundle
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db
FROM_HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


def sell(edition, rule, *countries):
    publishing_services.set_territory(
        actor=edition.work.owner, work=edition.work, territory=Territory.of(rule, countries), at=clock.now()
    )


@pytest.fixture
def book():
    edition = make_published_edition(slug="lamp", title="The Lamp")
    sell(edition, "except", "AT", "DE")
    return edition


def read(client, address, **kwargs):
    response = client.get(address, **kwargs)
    assert response.status_code == 200
    return response.content.decode()


class TestBookPage:
    def test_is_open_to_read_and_has_no_way_to_buy(self, client, book):
        page = read(client, "/en-at/books/lamp/")
        assert "Not sold in Austria" in page
        assert "The first pages" in page
        assert "Add to wish list" in page
        assert "Add to cart" not in page.split("<main")[1].split('id="sample"')[0]

    @pytest.mark.parametrize("region", ["/", "/en-us/"])
    def test_is_sold_elsewhere_and_says_where_not(self, client, book, region):
        page = read(client, f"{region}books/lamp/")
        assert "Add to cart" in page
        assert "Austria, Germany" in page

    def test_a_long_list_is_folded(self, client, book):
        sell(book, "only", *["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES"])
        assert "9 countries" in read(client, "/books/lamp/")

    def test_costs_no_query_more(self, client, book, django_assert_num_queries):
        read(client, "/en-at/books/lamp/")
        with django_assert_num_queries(8):
            read(client, "/en-at/books/lamp/")

    def test_can_be_wished_for(self, signed_in, reader, book):
        signed_in.post("/en-at/wishlist/add/", {"book": "lamp"}, headers=FROM_HERE)
        assert Wish.objects.get().user == reader

    def test_a_list_says_so_where_the_reader_lives(self, signed_in, reader, book):
        reader.country = "DE"
        reader.save()
        signed_in.post("/wishlist/add/", {"book": "lamp"}, headers=FROM_HERE)
        page = read(signed_in, "/wishlist/")
        assert "Not sold in Germany" in page
        assert "Add to cart" not in page

    @pytest.mark.parametrize(("home", "is_barred"), [("", True), ("FR", False)])
    def test_a_list_asks_the_address_where_nobody_told(self, signed_in, reader, book, home, is_barred):
        reader.country = home
        reader.save()
        signed_in.post("/wishlist/add/", {"book": "lamp"}, headers=FROM_HERE)
        assert "Not sold in" not in read(signed_in, "/wishlist/")
        page = read(signed_in, "/en-at/wishlist/")
        assert ("Not sold in Austria" in page) is is_barred
        assert ("Add to cart" in page) is not is_barred


class TestCart:
    def test_the_address_of_the_page_decides_what_goes_in(self, client, book):
        response = client.post("/en-at/cart/add/", {"edition": book.public_id}, headers=FROM_HERE, follow=True)
        assert "not sold in Austria" in response.content.decode()
        client.post("/en-us/cart/add/", {"edition": book.public_id}, headers=FROM_HERE)
        assert CartLine.objects.count() == 1

    def test_marks_the_line(self, client, book):
        client.post("/cart/add/", {"edition": book.public_id}, headers=FROM_HERE)
        assert "Not sold in" not in read(client, "/cart/")
        assert "Not sold in Austria." in read(client, "/en-at/cart/")

    def test_marks_what_a_bundle_leaves_out(self, signed_in, reader, book):
        bundle = make_bundle(book, make_published_edition(owner=book.work.owner, title="The Wick"))
        assert "so left out of the bundle and its price: The Lamp" in read(signed_in, f"/en-at/bundles/{bundle.slug}/")
        signed_in.post("/en-at/cart/add/", {"bundle": bundle.slug}, headers=FROM_HERE)
        assert "so left out of the bundle and its price: The Lamp" in read(signed_in, "/en-at/cart/")


class TestCheckout:
    @pytest.fixture
    def cart(self, signed_in, reader, book):
        fill_cart(reader, book)
        return cart_selectors.cart_of(user=reader, cart_id="")

    def test_offers_the_way_to_another_country(self, signed_in, cart):
        page = read(signed_in, reverse("checkout:pay") + "?country=DE")
        assert "not sold in Germany" in page
        assert "Order and pay" not in page
        assert "Order and pay" in read(signed_in, reverse("checkout:pay") + "?country=US")

    def test_is_remembered_by_the_cart(self, signed_in, cart):
        read(signed_in, reverse("checkout:pay") + "?country=DE")
        assert "Not sold in Germany." in read(signed_in, "/cart/")

    def test_refuses_the_country_that_is_sent(self, signed_in, reader, cart):
        digest = quotes.quote_cart(actor=reader, cart=cart, country="US", at=clock.now()).digest
        sent = {"country": "DE", "digest": digest, "shown_country": "US", "consent": "on"}
        response = signed_in.post(reverse("checkout:pay"), sent)
        assert response.status_code == 422
        assert "not sold in Germany" in response.content.decode()
        assert not Order.objects.exists()
