"""A coupon's link: nothing happens by following it, and its buttons add a book with the code."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from storefront.catalogue.services import listings
from storefront.checkout.coupons.services import CouponTerms, create_author_coupon, deactivate_coupon
from storefront.checkout.models import Cart
from tests.conftest import NOON
from tests.factories.buying import make_book

pytestmark = pytest.mark.django_db


@pytest.fixture
def book():
    found = make_book(prices={"USD": 1000, "EUR": 800})
    listings.refresh_listing(found)
    return found


def make(book, *, works=None, **terms):
    values = {
        "code": "HALF", "percent_bps": 5000, "amounts": {}, "begins_at": NOON, "ends_at": None,
        "uses_limit": None, "uses_per_person": None,
    }  # fmt: skip
    return create_author_coupon(
        actor=book.work.owner, terms=CouponTerms(**values | terms), works=works or [book.work], at=NOON
    )


def add(client, book, **values):
    return client.post(
        "/cart/add/",
        {"edition": book.public_id, "currency": "USD", "code": "HALF", **values},
        headers={"sec-fetch-site": "same-origin"},
        follow=True,
    )


class TestPage:
    def test_shows_the_price_with_and_without(self, client, book):
        make(book)
        html = client.get("/codes/half/").content.decode()
        assert "$5.00</b> with the code, $10.00 without" in html
        assert not Cart.objects.exists(), "a link alone changes nothing"

    def test_is_of_the_region(self, client, book):
        make(book)
        assert "€4.00</b> with the code" in client.get("/en-ie/codes/HALF/").content.decode()

    def test_says_where_the_price_is_fixed(self, client, book):
        make(book)
        html = client.get("/en-fr/codes/HALF/").content.decode()
        assert "the law fixes the price" in html
        assert "with the code," not in html

    def test_lists_all_books_of_the_name(self, client, book):
        other = make_book(owner=book.work.owner, title="The Lamp")
        listings.refresh_listing(other)
        coupon = make(book)
        coupon.works.clear()
        html = client.get("/codes/HALF/").content.decode()
        assert "The Lamp" in html
        assert book.work.title in html

    def test_no_other_authors(self, client, book):
        other = make_book(title="The Lamp")
        listings.refresh_listing(other)
        make(book).works.clear()
        assert "The Lamp" not in client.get("/codes/HALF/").content.decode()

    def test_says_why_it_cannot_be_used(self, client, book):
        coupon = make(book)
        deactivate_coupon(actor=book.work.owner, coupon=coupon, at=clock.now())
        html = client.get("/codes/HALF/").content.decode()
        assert "no longer valid" in html
        assert 'name="code"' not in html

    def test_unknown_codes_are_not_found(self, client):
        assert client.get("/codes/NONE/").status_code == 404

    def test_codes_cannot_be_guessed_in_a_row(self, client, settings):
        settings.NETWORK_RATE_LIMITS = {"code_link": 2}
        answers = [client.get(f"/codes/GUESS{one}/").status_code for one in range(4)]
        assert answers == [404, 404, 429, 429]


class TestAdding:
    def test_adds_the_book_with_the_code(self, client, book):
        coupon = make(book)
        html = add(client, book).content.decode()
        assert Cart.objects.get().coupon == coupon
        assert "$5.00" in html

    def test_a_code_that_is_over_leaves_the_book_at_its_price(self, client, book):
        make(book, ends_at=NOON + timedelta(hours=1))
        with clock.frozen(NOON + timedelta(hours=2)):
            html = add(client, book).content.decode()
        assert Cart.objects.get().coupon is None
        assert "no longer valid" in html
        assert "$10.00" in html

    @pytest.mark.parametrize("code", ["NONE", "", "x" * 50])
    def test_nonsense_leaves_the_book(self, client, book, code):
        add(client, book, code=code)
        assert Cart.objects.get().lines.count() == 1
        assert Cart.objects.get().coupon is None
