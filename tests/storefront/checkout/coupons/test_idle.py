"""Why a code takes nothing off what lies in the cart: what readers are told to do about it."""

from __future__ import annotations

from html import unescape

import pytest

from common import clock
from publishing.models import Series
from storefront.checkout import errors
from storefront.checkout.cart.services import carts
from tests.factories.accounts import make_author
from tests.factories.buying import fill_cart, make_book
from tests.factories.offers import make_author_coupon, make_bundle, make_platform_coupon, use_code
from tests.factories.publishing import make_published_edition, make_work

pytestmark = pytest.mark.django_db

IN_EUR = {"percent_bps": None, "amounts": {"EUR": 100}}


def entered(client, coupon):
    client.post("/cart/code/", {"code": coupon.code})
    return unescape(client.get("/cart/").content.decode())


@pytest.fixture
def book():
    return make_book(prices={"USD": 499, "EUR": 450})


class TestAnAmountInAnotherCurrency:
    def test_asks_for_a_change_of_currency(self, signed_in, reader, book):
        fill_cart(reader, book)
        coupon = make_author_coupon(book.work.owner, book.work, **IN_EUR)
        page = entered(signed_in, coupon)
        assert f"The code {coupon.code} is valid for prices in EUR, but your cart is in USD." in page
        assert "does not apply to anything" not in page
        signed_in.post("/cart/currency/", {"currency": "EUR"})
        assert f"Coupon code {coupon.code} is applied." in entered(signed_in, coupon)

    def test_is_told_where_the_currency_changed_afterwards(self, signed_in, reader, book):
        fill_cart(reader, book, currency="EUR")
        use_code(reader, make_platform_coupon(**IN_EUR, code="SPRING"))
        signed_in.post("/cart/currency/", {"currency": "USD"})
        assert "SPRING is valid for prices in EUR, but your cart is in USD" in signed_in.get("/cart/").content.decode()

    def test_is_not_told_of_other_books(self, reader, book):
        fill_cart(reader, make_book())
        coupon = make_author_coupon(book.work.owner, book.work, **IN_EUR)
        with pytest.raises(errors.CouponNotForThese) as raised:
            use_code(reader, coupon)
        assert type(raised.value) is errors.CouponNotForThese


class TestBundlesAndSeries:
    @pytest.fixture
    def author(self):
        return make_author()

    @pytest.mark.parametrize("is_of_one", [True, False])
    def test_a_bundle(self, signed_in, reader, author, is_of_one):
        books = [make_book(owner=author, title=title) for title in ("A", "B")]
        bundle = make_bundle(*books)
        carts.add_bundle(actor=reader, cart_id="", slug=bundle.slug, currency="USD", at=clock.now())
        coupon = make_author_coupon(author, *([books[0].work] if is_of_one else []))
        assert "is for single books, not for bundles and series" in entered(signed_in, coupon)

    def test_a_series(self, signed_in, reader, author):
        series = Series.objects.create(owner=author, slug="tides", title="Tides", completing_bps=2000)
        for number in (1, 2):
            make_published_edition(work=make_work(owner=author, series=series, title=f"T{number}"))
        carts.add_series(actor=reader, cart_id="", slug="tides", currency="USD", at=clock.now())
        assert "is for single books, not for bundles and series" in entered(signed_in, make_author_coupon(author))

    def test_a_bundle_of_others(self, signed_in, reader, author):
        bundle = make_bundle(*[make_book(owner=author) for _ in range(2)])
        carts.add_bundle(actor=reader, cart_id="", slug=bundle.slug, currency="USD", at=clock.now())
        assert "does not apply to anything in your cart" in entered(signed_in, make_author_coupon(make_author()))


def test_a_code_whose_books_were_taken_out_says_that_it_is_for_nothing(signed_in, reader, book):
    fill_cart(reader, book, make_book())
    use_code(reader, make_author_coupon(book.work.owner, book.work))
    line = reader.cart.lines.get(edition=book)
    signed_in.post("/cart/remove/", {"line": line.public_id})
    assert "does not apply to anything in your cart" in signed_in.get("/cart/").content.decode()
