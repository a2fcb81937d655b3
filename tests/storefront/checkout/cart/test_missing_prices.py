"""Several works sold together of which one has no price in the currency: said by name, and the rest is bought."""

from __future__ import annotations

import pytest

from common import clock
from publishing.models import Price, Series
from storefront.catalogue.services import bundles
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.models import CartLine, Entitlement
from tests.factories.accounts import make_author
from tests.factories.buying import buy, fill_cart, make_book, place_order
from tests.factories.offers import make_bundle, pay
from tests.factories.publishing import make_published_edition, make_work

pytestmark = pytest.mark.django_db
FROM_HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
BOTH = {"USD": 400, "EUR": 400}


@pytest.fixture
def author():
    return make_author()


@pytest.fixture
def series(author):
    return Series.objects.create(owner=author, slug="tides", title="Tides", completing_bps=2000)


@pytest.fixture
def books(author, series):
    """Three of one series; the third has a price in dollars only."""
    found = []
    for number in (1, 2, 3):
        prices = BOTH if number < 3 else {"USD": 400}
        edition = make_book(owner=author, title=f"Tide {number}", prices=prices)
        edition.work.series, edition.work.series_number = series, number
        edition.work.save()
        found.append(edition)
    return found


@pytest.fixture
def other():
    return make_book(title="Alone", prices=BOTH)


def into_cart(reader, other, **what):
    """Something else first, so that the cart is in dollars; then the offer, and then all of it in euro."""
    fill_cart(reader, other)
    if "series" in what:
        carts.add_series(actor=reader, cart_id="", slug=what["series"].slug, currency="USD", at=clock.now())
    else:
        carts.add_bundle(actor=reader, cart_id="", slug=what["bundle"].slug, currency="USD", at=clock.now())
    carts.set_currency(cart=reader.cart, currency="EUR", at=clock.now())


def quote(reader):
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    return quotes.quote_cart(actor=reader, cart=cart, country="DE", at=clock.now())


def read(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return response.content.decode()


class TestSeries:
    def test_the_rest_of_the_cart_is_bought_and_the_series_stays(self, reader, other, series, books):
        into_cart(reader, other, series=series)
        offer = quote(reader)
        assert [line.title for line in offer.lines] == ["Alone"]
        assert ["Tide 3" in one.text and "“Tides”" in one.text for one in offer.left] == [True]
        pay(place_order(reader, country="DE", currency="EUR"))
        assert Entitlement.objects.get(user=reader).work.title == "Alone"
        assert CartLine.objects.get(cart__user=reader).series == series

    def test_alone_in_the_cart_it_names_the_book(self, reader, other, series, books):
        into_cart(reader, other, series=series)
        carts.remove_line(cart=reader.cart, line_id=CartLine.objects.get(series=None).public_id)
        with pytest.raises(errors.NotForSaleIn, match=r"EUR.*Tide 3"):
            quote(reader)

    def test_a_book_that_the_reader_has_needs_no_price(self, reader, other, series, books):
        buy(reader, books[2])
        into_cart(reader, other, series=series)
        assert [line.title for line in quote(reader).lines] == ["Alone", "Tide 1", "Tide 2"]

    def test_cannot_be_put_in_and_says_why(self, reader, other, series, books):
        fill_cart(reader, other, currency="EUR")
        with pytest.raises(errors.NotForSaleIn, match=r"EUR.*Tide 3"):
            carts.add_series(actor=reader, cart_id="", slug="tides", currency="EUR", at=clock.now())

    def test_the_cart_leads_on_and_names_the_book(self, signed_in, reader, other, series, books):
        into_cart(reader, other, series=series)
        page = read(signed_in, "/cart/")
        assert "no price for Tide 3" in page
        assert "Check out" in page
        page = read(signed_in, "/checkout/?country=DE")
        assert "no price for Tide 3" in page
        assert "It stays in your cart" in page

    def test_alone_the_cart_leads_nowhere(self, signed_in, reader, other, series, books):
        into_cart(reader, other, series=series)
        carts.remove_line(cart=reader.cart, line_id=CartLine.objects.get(series=None).public_id)
        page = read(signed_in, "/cart/")
        assert "no price for Tide 3" in page
        assert "Check out" not in page

    def test_what_is_owned_still_has_to_be_taken_out(self, signed_in, reader, other, series, books):
        into_cart(reader, other, series=series)
        for edition in books:
            Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
        page = read(signed_in, "/cart/")
        assert "You already own all of these books. Remove this to continue." in page
        assert "No price in" not in page
        assert "Check out" not in page

    def test_its_page_says_what_lacks_a_price(self, client, author, series):
        works = [make_work(owner=author, series=series, title=f"Ebb {number}", prices=BOTH) for number in (1, 2)]
        for work in works:
            make_published_edition(work=work)
        Price.objects.filter(work=works[1], currency="EUR").delete()
        assert "6.40" in read(client, "/en-ie/series/tides/")  # dollars have a price of all
        Price.objects.filter(work=works[1]).delete()
        page = read(client, "/en-ie/series/tides/")
        assert "no price in EUR for Ebb 2" in page
        assert "Get the whole series" not in page
        assert "no price in USD for Ebb 2" in read(client, "/series/tides/rest/")


class TestBundle:
    @pytest.fixture
    def bundle(self, author, books):
        made = make_bundle(*books, price=900, on_sale=False)
        bundles.change_bundle(
            actor=author, bundle=made, title="The Coast", description="", prices={"USD": 900, "EUR": 800}
        )
        Price.objects.create(work=books[2].work, currency="EUR", list_price_minor=400, changed_at=clock.now())
        bundles.put_on_sale(actor=author, bundle=made, at=clock.now())
        Price.objects.filter(work=books[2].work, currency="EUR").delete()  # after it went on sale
        return made

    def test_the_rest_of_the_cart_is_bought_and_the_bundle_stays(self, reader, other, bundle):
        into_cart(reader, other, bundle=bundle)
        offer = quote(reader)
        assert [line.title for line in offer.lines] == ["Alone"]
        assert ["Tide 3" in one.text for one in offer.left] == [True]
        pay(place_order(reader, country="DE", currency="EUR"))
        assert CartLine.objects.get(cart__user=reader).bundle == bundle

    def test_does_not_hold_without_it_even_for_who_has_it(self, reader, other, books, bundle):
        """Its price is divided by what all its books cost."""
        buy(reader, books[2])
        into_cart(reader, other, bundle=bundle)
        assert [line.title for line in quote(reader).lines] == ["Alone"]

    def test_without_a_price_of_its_own_says_so(self, reader, other, bundle):
        bundle.prices.filter(currency="EUR").delete()
        Price.objects.create(
            work=bundle.works.get(position=2).work, currency="EUR", list_price_minor=400, changed_at=clock.now()
        )
        into_cart(reader, other, bundle=bundle)
        assert ["“The Coast” has no price in EUR" in one.text for one in quote(reader).left] == [True]

    def test_of_works_that_have_all_become_free_has_no_page(self, client, books, bundle):
        Price.objects.create(work=books[2].work, currency="EUR", list_price_minor=400, changed_at=clock.now())
        Price.objects.update(list_price_minor=0)
        assert client.get(f"/bundles/{bundle.slug}/").status_code == 404

    def test_its_works_are_bought_with_a_series_that_has_prices(self, reader, other, series, bundle):
        """What is not bought as a part of the bundle is not left out of the series."""
        series.works.filter(series_number=3).update(series=None)
        into_cart(reader, other, bundle=bundle)
        carts.add_series(actor=reader, cart_id="", slug="tides", currency="EUR", at=clock.now())
        assert [line.title for line in quote(reader).lines] == ["Alone", "Tide 1", "Tide 2"]

    def test_its_page_stays_and_says_what_lacks_a_price(self, client, books, bundle):
        assert "€8.00" not in read(client, f"/bundles/{bundle.slug}/")
        Price.objects.filter(work=books[2].work).delete()
        page = read(client, f"/bundles/{bundle.slug}/")
        assert "no price in USD for Tide 3" in page
        assert "Add to cart" not in page

    def test_its_page_shows_the_regions_currency(self, client, books, bundle):
        assert "9.00" in read(client, f"/en-ie/bundles/{bundle.slug}/")  # a book has no price in euro
        Price.objects.create(work=books[2].work, currency="EUR", list_price_minor=400, changed_at=clock.now())
        assert "€8.00" in read(client, f"/en-ie/bundles/{bundle.slug}/")

    def test_its_desk_names_the_book(self, author, bundle):
        bundles.take_off_sale(actor=author, bundle=bundle)
        assert bundles.missing_for_sale(bundle, at=clock.now()) == ["“Tide 3” has no price in EUR"]
