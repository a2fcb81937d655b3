"""What the cart says it comes to is what checkout asks, whatever of several works is left out."""

from __future__ import annotations

import pytest

from common import clock
from common.money import Money
from publishing import services as publishing_services
from publishing.models import Series
from publishing.territories import Territory
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import cart_views, carts, quotes
from storefront.checkout.models import CartLine
from tests.factories.accounts import make_author
from tests.factories.buying import buy, fill_cart, make_book
from tests.factories.guests import buy_as_guest, visitor_cart
from tests.factories.offers import make_bundle

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_author()


@pytest.fixture
def books(author):
    return [make_book(owner=author, title=title, prices={"USD": 500}) for title in ("One", "Two", "Three")]


@pytest.fixture
def bundle(books):
    return make_bundle(*books, price=900)


@pytest.fixture
def series(author, books):
    made = Series.objects.create(owner=author, slug="tides", title="Tides", completing_bps=2000)
    for number, edition in enumerate(books[1:], 1):
        edition.work.series, edition.work.series_number = made, number
        edition.work.save()
    return made


def add(reader, *bundles):
    for one in bundles:
        carts.add_bundle(actor=reader, cart_id="", slug=one.slug, currency="USD", at=clock.now())


def alone(reader, edition):
    """A single book beside the bundle that holds it, as when two carts of before were joined."""
    CartLine.objects.create(cart=reader.cart, edition=edition, added_at=clock.now())


def bar(edition, country="US"):
    work = edition.work
    territory = Territory.of("except", [country])
    publishing_services.set_territory(actor=work.owner, work=work, territory=territory, at=clock.now())


def view(reader, cart=None):
    cart = cart or cart_selectors.cart_of(user=reader, cart_id="")
    return cart_views.cart_view(actor=reader, cart=cart, at=clock.now(), country="US")


def asked(reader):
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    return quotes.quote_cart(actor=reader, cart=cart, country="US", at=clock.now()).total


def read(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return response.content.decode()


class TestBundle:
    def test_without_what_the_reader_has(self, reader, books, bundle):
        buy(reader, books[0])
        add(reader, bundle)
        found = view(reader)
        assert found.total == asked(reader) == Money(600, "USD")
        assert found.rows[0].item.price == Money(600, "USD")

    def test_without_what_stands_in_the_cart_alone(self, reader, books, bundle):
        add(reader, bundle)
        alone(reader, books[0])
        assert view(reader).total == asked(reader) == Money(600 + 500, "USD")

    def test_without_what_is_not_sold_in_the_country(self, reader, books, bundle):
        bar(books[2])
        add(reader, bundle)
        assert view(reader).total == asked(reader) == Money(600, "USD")

    def test_without_what_a_bundle_before_it_holds(self, reader, author, books, bundle):
        second = make_bundle(books[2], make_book(owner=author, prices={"USD": 500}), price=800)
        add(reader, bundle, second)
        assert view(reader).total == asked(reader) == Money(900 + 400, "USD")

    def test_without_what_a_series_before_it_holds(self, reader, books, series, bundle):
        carts.add_series(actor=reader, cart_id="", slug="tides", currency="USD", at=clock.now())
        add(reader, bundle)
        assert view(reader).total == asked(reader) == Money(800 + 300, "USD")

    def test_and_a_series_after_it(self, reader, books, series):
        add(reader, make_bundle(*books[:2], price=800))
        carts.add_series(actor=reader, cart_id="", slug="tides", currency="USD", at=clock.now())
        assert view(reader).total == asked(reader) == Money(800 + 400, "USD")

    def test_a_gift_leaves_nothing_out(self, reader, books, bundle):
        add(reader, bundle)
        CartLine.objects.create(cart=reader.cart, edition=books[0], gift_to="a@example.org", added_at=clock.now())
        assert view(reader).total == asked(reader) == Money(900 + 500, "USD")

    def test_of_which_nothing_lacks_has_to_be_taken_out(self, reader, signed_in, books, bundle):
        add(reader, bundle)
        fill_cart(reader, make_book(title="Alone"))
        for edition in books:
            alone(reader, edition)
        found = view(reader)
        assert [row.item.title for row in found.in_the_way] == ["The Coast"]
        with pytest.raises(errors.AlreadyOwned):
            asked(reader)
        page = read(signed_in, "/cart/")
        assert "You already own all of these books. Remove this to continue." in page
        assert "No price in" not in page
        assert "you already own all of it" in page

    def test_of_a_visitor_who_has_bought_before(self, books, bundle, client):
        cart = visitor_cart(make_book())
        order = buy_as_guest(books[0], cart=cart)
        carts.add_bundle(actor=None, cart_id=cart.public_id, slug=bundle.slug, currency="USD", at=clock.now())
        known = cart_selectors.cart_of(user=None, cart_id=cart.public_id)
        quote = quotes.quote_cart(actor=order.buyer, cart=known, country="US", at=clock.now())
        assert view(None, known).total == quote.total == Money(600, "USD")

    def test_its_row_names_what_is_bought_and_what_is_left_out(self, reader, signed_in, books, bundle):
        buy(reader, books[0])
        add(reader, bundle)
        page = read(signed_in, "/cart/")
        assert "Two, Three" in " ".join(page.split())
        assert "Left out of the bundle and its price, because you own it or it is in your cart separately: One" in page
        assert "One, Two" not in page
