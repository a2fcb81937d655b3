"""Whoever clicks twice ends where the first click led, and buys again only what was put into the cart again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import quotes
from storefront.checkout.entitlements.services import entitlements
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import Entitlement, Order
from storefront.checkout.orders.services import checkout
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import fill_cart, make_book, place_order
from tests.factories.guests import ADDRESS
from tests.factories.offers import add_gift, give, pay, token_of
from tests.storefront.checkout.orders.test_races import failures, together
from tests.storefront.checkout.orders.test_views import add, hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def free(db):
    return make_book(prices={"USD": 0})


def form_of(client, **more):
    html = client.get("/checkout/?country=US").content.decode()
    named = {name: hidden(html, name) for name in ("digest", "shown_country", "needs_consent")}
    return {"country": "US", "consent": "on", **named, **more}


def digest_of(reader):
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    return quotes.quote_cart(actor=reader, cart=cart, country="US", at=clock.now()).digest


def place(reader, digest):
    return checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=clock.now())


class TestOrder:
    def test_a_free_one_posted_twice_is_shown_twice(self, signed_in, free):
        add(signed_in, free)
        form = form_of(signed_in)
        first, second = signed_in.post("/checkout/", form), signed_in.post("/checkout/", form)
        assert first["Location"] == second["Location"] == f"/orders/{Order.objects.get().public_id}/"

    def test_without_an_account_too(self, client, free):
        add(client, free)
        form = form_of(client, email=ADDRESS)
        first, second = client.post("/checkout/", form), client.post("/checkout/", form)
        assert first["Location"] == second["Location"] == f"/orders/{Order.objects.get().public_id}/"
        assert client.get(second["Location"]).status_code == 200

    def test_going_back_after_paying_leads_to_the_order(self, signed_in, reader, book):
        add(signed_in, book)
        form = form_of(signed_in)
        signed_in.post("/checkout/", form)
        order = pay(Order.objects.get())
        assert signed_in.post("/checkout/", form)["Location"] == f"/orders/{order.public_id}/"

    def test_of_somebody_else_is_not_found(self, signed_in, free):
        add(signed_in, free)
        form = form_of(signed_in)
        signed_in.post("/checkout/", form)
        other = Client()
        other.force_login(make_reader())
        assert other.post("/checkout/", form)["Location"] == "/cart/"

    def test_a_while_later_the_cart_is_empty(self, signed_in, reader, free):
        fill_cart(reader, free)
        digest = digest_of(reader)
        assert place(reader, digest) == place(reader, digest)
        with clock.frozen(clock.now() + timedelta(minutes=10)), pytest.raises(errors.CartEmpty):
            place(reader, digest)

    def test_the_same_gift_put_in_once_more_is_bought_once_more(self, reader, book):
        add_gift(reader, book)
        digest = digest_of(reader)
        first = pay(place(reader, digest))
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            add_gift(reader, book)
            assert digest_of(reader) == digest
            assert place(reader, digest) != first

    def test_a_gift_put_in_meanwhile_is_not_taken_for_bought(self, reader, free, book):
        fill_cart(reader, free)
        digest = digest_of(reader)
        place_order(reader)
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            add_gift(reader, book)
            with pytest.raises(errors.QuoteChanged):
                place(reader, digest)


class TestGift:
    def test_redeemed_twice_is_redeemed_once(self, signed_in, reader, book):
        gift = give(make_reader(), book)
        for _ in range(2):
            answer = signed_in.post(f"/gifts/{token_of(gift)}/", {"country": "US", "consent": "on"})
            assert answer["Location"] == "/library/"
        assert Entitlement.objects.get().user == reader

    def test_one_that_ended_is_gone(self, reader, book):
        gift = give(make_reader(), book)
        wish = {"actor": reader, "token": token_of(gift), "country": "US", "has_consented": True, "at": clock.now()}
        gifts.redeem(**wish)
        entitlements.end_entitlements(Entitlement.objects.all(), at=clock.now())
        with pytest.raises(errors.GiftUnavailable):
            gifts.redeem(**wish)


@pytest.mark.race
@pytest.mark.usefixtures("racing_db")
class TestAtOnce:
    def test_ten_clicks_for_a_free_book_are_one_order(self):
        reader = make_reader()
        fill_cart(reader, make_book(prices={"USD": 0}))
        digest = digest_of(reader)

        def click():
            return checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=NOON).pk

        results = together(click, 10)
        assert failures(results) == []
        assert len(set(results)) == Order.objects.count() == Entitlement.objects.count() == 1

    def test_ten_clicks_redeem_a_gift_once(self):
        reader, token = make_reader(), token_of(give())

        def click():
            return gifts.redeem(actor=reader, token=token, country="US", has_consented=True, at=NOON).pk

        results = together(click, 10)
        assert failures(results) == []
        assert len(set(results)) == Entitlement.objects.count() == 1
