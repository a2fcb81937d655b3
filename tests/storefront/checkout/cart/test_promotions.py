"""What the cart shows is what checkout charges: over the border of a promotion, and where the law fixes the price."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from common import clock
from common.money import Money
from publishing import services
from royalties.models import SaleRecord
from royalties.services.invariants import check_invariants
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import cart_views, carts, quotes
from storefront.checkout.coupons.services import CouponTerms, create_author_coupon
from storefront.checkout.models import OrderLine, OrderState
from storefront.checkout.orders.services import checkout
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import fill_cart, make_book, place_order
from tests.factories.offers import pay
from tests.factories.promotions import plan

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def reader():
    return make_reader()


def cart_of(reader):
    return cart_selectors.cart_of(user=reader, cart_id="")


def shown(reader, country=""):
    return cart_views.cart_view(actor=reader, cart=cart_of(reader), at=clock.now(), country=country).total


def quote(reader, country="US"):
    return quotes.quote_cart(actor=reader, cart=cart_of(reader), country=country, at=clock.now())


class TestOverTheBorder:
    def test_the_cart_shows_what_checkout_charges(self, reader):
        book = make_book()
        plan(book.work, begins_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
        fill_cart(reader, book)
        for after, price in ((0, 499), (1, 199), (2, 499)):
            with clock.frozen(NOON + after * HOUR):
                assert shown(reader) == quote(reader).total == Money(price, "USD")

    def test_a_price_that_rose_is_told_before_paying(self, reader):
        book = make_book()
        plan(book.work, begins_at=NOON, ends_at=NOON + HOUR)
        fill_cart(reader, book)
        digest = quote(reader).digest
        with clock.frozen(NOON + HOUR), pytest.raises(errors.QuoteChanged):
            checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=clock.now())
        assert not OrderLine.objects.exists()

    def test_the_page_shows_the_new_price_and_charges_nothing(self, client, reader):
        book = make_book()
        plan(book.work, begins_at=NOON, ends_at=NOON + HOUR)
        fill_cart(reader, book)
        client.force_login(reader)
        page = client.get("/checkout/?country=US").content.decode()
        sent = dict(re.findall(r'name="(shown_country|shown_prices|digest|needs_consent)" value="([^"]*)"', page))
        with clock.frozen(NOON + HOUR):
            answer = client.post("/checkout/", sent | {"country": "US", "consent": "on"})
        assert answer.status_code == 422
        assert f"“{book.work.title}” now costs $4.99 instead of $1.99. Nothing was charged." in answer.content.decode()
        assert not OrderLine.objects.exists()

    @pytest.mark.parametrize("odd", ["", "x", ":1", "x:1", "edn_1-USD:" + "9" * 5000])
    def test_prices_that_the_page_never_sent(self, client, reader, odd):
        book = make_book()
        fill_cart(reader, book)
        client.force_login(reader)
        sent = {"country": "US", "shown_country": "US", "shown_prices": odd, "digest": "other", "consent": "on"}
        answer = client.post("/checkout/", sent)
        assert answer.status_code == 422
        assert not OrderLine.objects.exists()

    def test_a_page_that_is_open_keeps_its_price(self, reader):
        """As with every change of price: what was agreed holds while the page of the provider is open."""
        book = make_book()
        plan(book.work, begins_at=NOON, ends_at=NOON + timedelta(minutes=10))
        order = place_order(reader, book)
        with clock.frozen(NOON + timedelta(minutes=20)):
            assert pay(order).state == OrderState.PAID
        assert SaleRecord.objects.get().paid_minor == 199
        check_invariants()


class TestRecord:
    def test_the_line_names_the_promotion_and_the_list_price(self, reader):
        book = make_book()
        (promotion,) = plan(book.work, begins_at=NOON, ends_at=NOON + HOUR)
        pay(place_order(reader, book))
        line = OrderLine.objects.get()
        assert (line.list_minor, line.paid_minor, line.promotion) == (499, 199, promotion.public_id)
        check_invariants()

    def test_another_line_names_none(self, reader):
        pay(place_order(reader, make_book()))
        assert OrderLine.objects.get().promotion == ""

    def test_a_free_day_needs_no_payment(self, reader):
        book = make_book()
        plan(book.work, begins_at=NOON, ends_at=NOON + HOUR, USD=0)
        order = place_order(reader, book)
        assert order.state == OrderState.PAID
        assert OrderLine.objects.get().paid_minor == 0

    def test_a_gift_of_a_free_day_is_refused(self, reader):
        book = make_book()
        plan(book.work, begins_at=NOON, ends_at=NOON + HOUR, USD=0)
        carts.add_gift(
            actor=reader,
            cart_id="",
            edition_id=book.public_id,
            currency="USD",
            wish=cart_selectors.GiftWish("ann@example.org", "", None),
            at=NOON,
        )
        with pytest.raises(errors.GiftIsFree):
            quote(reader)


class TestFixedPrices:
    def coupon(self, book):
        terms = CouponTerms("HALF", 5000, {}, NOON, None, None, None)
        return create_author_coupon(actor=book.work.owner, terms=terms, works=[book.work], at=NOON)

    def test_no_free_day(self, reader):
        book = make_book(prices={"EUR": 599})
        plan(book.work, begins_at=NOON, ends_at=NOON + HOUR, EUR=0)
        fill_cart(reader, book, currency="EUR")
        for country, price in (("FR", 599), ("DE", 0), ("IE", 0)):
            assert shown(reader, country) == quote(reader, country).total == Money(price, "EUR")

    def test_a_timed_price_holds_for_everyone(self, reader):
        book = make_book(prices={"EUR": 599})
        plan(book.work, begins_at=NOON, ends_at=NOON + HOUR, EUR=299)
        fill_cart(reader, book, currency="EUR")
        assert quote(reader, "FR").total == Money(299, "EUR")

    def test_no_coupon(self, reader):
        book = make_book(prices={"EUR": 600})
        self.coupon(book)
        fill_cart(reader, book, currency="EUR")
        carts.enter_code(actor=reader, cart=cart_of(reader), code="HALF", at=NOON)
        assert shown(reader, "FR") == quote(reader, "FR").total == Money(600, "EUR")
        assert shown(reader, "DE") == quote(reader, "DE").total == Money(300, "EUR")
        view = cart_views.cart_view(actor=reader, cart=cart_of(reader), at=NOON, country="FR")
        assert "the law fixes" in view.idle.text

    def test_the_author_says_where_it_binds(self, reader):
        book = make_book(prices={"EUR": 600})
        self.coupon(book)
        owner = book.work.owner
        services.set_fixed_prices(actor=owner, work=book.work, choices={"DE": True, "FR": False}, at=NOON)
        fill_cart(reader, book, currency="EUR")
        carts.enter_code(actor=reader, cart=cart_of(reader), code="HALF", at=NOON)
        assert quote(reader, "DE").total == Money(600, "EUR")
        assert quote(reader, "FR").total == Money(300, "EUR")

    def test_no_discount_in_a_series(self, reader):
        owner = make_book().work.owner
        books = [make_book(owner=owner, prices={"EUR": 1000}) for _ in range(2)]
        series = owner.series.create(title="Tides", slug="tides", completing_bps=2000)
        for number, book in enumerate(books, 1):
            book.work.series, book.work.series_number = series, number
            book.work.save()
        carts.add_series(actor=reader, cart_id="", slug="tides", currency="EUR", at=NOON)
        for country, price in (("FR", 2000), ("DE", 1600)):
            assert shown(reader, country) == quote(reader, country).total == Money(price, "EUR")
