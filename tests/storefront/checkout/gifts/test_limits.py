"""Gifts are mails to strangers in the giver's words: none leaves for nothing, and only so many a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from storefront.checkout import errors
from storefront.checkout.models import Gift, Order
from storefront.checkout.orders.services import checkout
from tests.factories.accounts import make_author
from tests.factories.buying import fill_cart, make_book, place_order
from tests.factories.offers import add_gift, make_author_coupon, make_platform_coupon, pay, use_code

pytestmark = pytest.mark.django_db


def add_gifts(giver, book, number, prefix="friend"):
    for each in range(number):
        add_gift(giver, book, recipient=f"{prefix}{each}@example.org")


class TestFree:
    @pytest.fixture
    def author(self):
        return make_author()

    @pytest.fixture
    def own(self, author):
        return make_book(owner=author, title="Mine")

    def test_a_gift_that_a_code_makes_free_is_refused(self, author, own):
        add_gift(author, own)
        coupon = make_author_coupon(author, percent_bps=10_000)
        use_code(author, coupon)
        with pytest.raises(errors.GiftIsFree, match=f"With the code {coupon.code}, “Mine” is free") as refused:
            place_order(author)
        assert "Remove the code or the gift from your cart" in refused.value.text
        assert not Order.objects.exists()

    def test_and_so_it_is_beside_books_that_cost_something(self, author, own):
        fill_cart(author, make_book())
        add_gift(author, own)
        use_code(author, make_author_coupon(author, percent_bps=None, amounts={"USD": 600}))
        with pytest.raises(errors.GiftMadeFree):
            place_order(author)

    def test_whoever_pays_for_the_code(self, reader, book):
        add_gift(reader, book)
        use_code(reader, make_platform_coupon(percent_bps=10_000))
        with pytest.raises(errors.GiftMadeFree):
            place_order(reader)

    def test_a_book_for_oneself_may_cost_nothing(self, reader, author, own):
        fill_cart(reader, own)
        use_code(reader, make_author_coupon(author, percent_bps=10_000))
        assert place_order(reader).paid_at is not None

    def test_a_code_that_leaves_something_to_pay_is_fine(self, reader, author, own):
        add_gift(reader, own)
        use_code(reader, make_author_coupon(author, percent_bps=5000))
        assert pay(place_order(reader)).total_minor == 249

    def test_the_checkout_leads_back_to_the_cart_and_says_what_to_do(self, signed_in, reader, author, own):
        add_gift(reader, own)
        use_code(reader, make_author_coupon(author, percent_bps=10_000))
        answer = signed_in.get("/checkout/?country=US", follow=True)
        assert answer.redirect_chain == [("/cart/", 302)]
        assert "Remove the code or the gift from your cart to continue." in answer.content.decode()


class TestMany:
    @pytest.fixture(autouse=True)
    def few(self, monkeypatch):
        monkeypatch.setattr(checkout, "_MAX_GIFTS", 3)

    def test_as_many_as_may_be(self, reader, book):
        add_gifts(reader, book, 3)
        fill_cart(reader, book)
        pay(place_order(reader))
        assert Gift.objects.count() == 3

    def test_more_are_refused_before_anything_is_paid(self, reader, book):
        add_gifts(reader, book, 4)
        with pytest.raises(
            errors.TooManyGifts, match="You can give up to 3 books in one day, and these would make it 4"
        ):
            place_order(reader)
        assert not Order.objects.exists()

    def test_those_paid_for_on_the_same_day_count(self, reader, book):
        add_gifts(reader, book, 2)
        pay(place_order(reader))
        Gift.objects.update(canceled_at=clock.now())  # the money went back; the mails did not
        add_gifts(reader, book, 2, "other")
        with pytest.raises(errors.TooManyGifts):
            place_order(reader)
        with clock.frozen(clock.now() + timedelta(days=1)):
            assert pay(place_order(reader)).lines.count() == 2

    def test_those_of_others_and_those_nobody_paid_for_do_not_count(self, reader, book):
        other = make_author()
        add_gifts(other, book, 3)
        pay(place_order(other))
        add_gifts(reader, book, 3)
        place_order(reader)
        assert pay(place_order(reader)).lines.count() == 3

    def test_who_gives_nothing_is_asked_nothing(self, reader, book):
        add_gifts(reader, book, 3)
        pay(place_order(reader))
        fill_cart(reader, book)
        assert pay(place_order(reader)).paid_at is not None
