"""Buyers are told of a watermark before they pay, and get what they were told."""

from __future__ import annotations

import pytest

from common import clock
from publishing import services as publishing_services
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.errors import QuoteChanged
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import OrderLine
from storefront.checkout.orders.services import checkout
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, fill_cart, make_book, place_order
from tests.factories.offers import give, make_bundle, pay, token_of
from tests.factories.publishing import make_published_edition
from tests.storefront.checkout.orders.test_views import FROM_HERE, hidden

pytestmark = pytest.mark.django_db

TOLD = "Watermarked: the EPUBs carry marks of your copy."


def choose(edition, *, is_watermarked=True):
    work = edition.work
    publishing_services.set_watermark(actor=work.owner, work=work, is_watermarked=is_watermarked)
    edition.work.refresh_from_db()


@pytest.fixture
def marked(db):
    edition = make_published_edition(slug="lamp")
    choose(edition)
    return edition


def test_a_reader_is_told_on_every_page_until_they_download(client, marked, reader):
    client.force_login(reader)
    assert TOLD in client.get("/books/lamp/").content.decode()
    fill_cart(reader, marked)
    assert TOLD in client.get("/checkout/").content.decode()
    order = buy(reader, marked)
    assert order.lines.get().is_watermarked
    assert TOLD in client.get(f"/orders/{order.public_id}/").content.decode()
    assert TOLD in client.get(f"/library/{marked.work.public_id}/").content.decode()


def test_a_later_choice_changes_no_copy_that_was_bought(client, marked):
    plain, late, early = make_book(), make_reader(), make_reader()
    buy(early, plain)
    buy(late, marked)
    choose(plain)
    choose(marked, is_watermarked=False)
    lines = dict(OrderLine.objects.values_list("order__buyer", "is_watermarked"))
    assert lines == {early.pk: False, late.pk: True}
    client.force_login(early)
    assert TOLD not in client.get(f"/library/{plain.work.public_id}/").content.decode()


def test_a_choice_between_page_and_payment_is_told_first(client, reader):
    book = make_published_edition(slug="lamp")
    fill_cart(reader, book)
    client.force_login(reader)
    page = client.get("/checkout/").content.decode()
    choose(book)
    wish = {"country": "US", "consent": "on"} | {
        name: hidden(page, name) for name in ("digest", "shown_country", "shown_prices")
    }
    answer = client.post("/checkout/", wish, headers=FROM_HERE).content.decode()
    assert "Copies of “The Lighthouse” now carry a watermark. Nothing was charged." in answer
    assert TOLD in answer
    assert not OrderLine.objects.exists()


def test_an_order_of_an_older_quote_is_refused(reader, book):
    fill_cart(reader, book)
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    quote = quotes.quote_cart(actor=reader, cart=cart, country="US", at=clock.now())
    choose(book)
    with pytest.raises(QuoteChanged):
        checkout.place_order(actor=reader, country="US", digest=quote.digest, has_consented=True, at=clock.now())


def test_in_a_bundle_each_book_has_its_own(reader):
    marked, plain = make_book(title="Marked"), make_book(title="Plain")
    choose(marked)
    bundle = make_bundle(marked, plain)
    carts.add_bundle(actor=reader, cart_id="", slug=bundle.slug, currency="USD", at=clock.now())
    order = pay(place_order(reader))
    assert dict(order.lines.values_list("title", "is_watermarked")) == {"Marked": True, "Plain": False}


def test_an_exchanged_gift_is_as_the_other_book_is(client, reader):
    gift, other, friend = give(reader), make_book(title="The Letter"), make_reader()
    choose(other)
    assert not gift.line.is_watermarked
    gifts.exchange(actor=friend, token=token_of(gift), edition=other, at=clock.now())
    gift.line.refresh_from_db()
    assert gift.line.is_watermarked
