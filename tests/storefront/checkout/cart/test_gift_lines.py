"""A book for a friend is one line, and paid for once, whichever edition of it was put in."""

from __future__ import annotations

import pytest

from common import clock
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors.carts import GiftWish
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.models import Cart, CartLine, Gift
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import add_edition, fill_cart, make_book, place_order
from tests.factories.offers import add_gift, give, pay
from tests.storefront.checkout.orders.test_races import failures, together

pytestmark = pytest.mark.django_db


def gifts_in_carts() -> list[tuple[int, str]]:
    return list(CartLine.objects.exclude(gift_to="").order_by("pk").values_list("edition_id", "gift_to"))


def test_given_again_in_a_newer_edition_is_one_line_with_the_newest_wish(reader, book):
    add_gift(reader, book, message="Old words")
    newer = add_edition(book.work)
    add_gift(reader, newer, message="New words")
    line = CartLine.objects.get()
    assert (line.edition_id, line.gift_message) == (newer.pk, "New words")
    assert pay(place_order(reader)).total_minor == 499
    assert not CartLine.objects.exists()


def test_what_the_giver_chose_to_pay_stays_chosen(reader, book):
    book.work.prices.update(is_open=True)
    add_gift(reader, book)
    carts.choose_prices(cart=reader.cart, currency="USD", amounts={CartLine.objects.get().public_id: 700})
    add_gift(reader, add_edition(book.work))
    assert CartLine.objects.get().chosen_minor == 700


def test_lines_of_before_become_one(reader, book):
    add_gift(reader, book)
    newer = add_edition(book.work)
    CartLine.objects.create(cart=reader.cart, edition=newer, gift_to="friend@example.org", added_at=clock.now())
    add_gift(reader, newer)
    assert gifts_in_carts() == [(newer.pk, "friend@example.org")]


def test_paid_for_in_a_newer_edition_leaves_the_cart(reader, book):
    add_gift(reader, book)
    newer = add_edition(book.work)
    order = pay(place_order(reader))
    assert order.lines.get().edition == newer
    assert not CartLine.objects.exists()


def test_what_was_not_paid_for_stays_in_the_cart(reader, book):
    """Another book for the same friend, and the same book for another one, were put in after the order was placed."""
    other = make_book(title="The Letter")
    add_gift(reader, book, recipient="one@example.org")
    add_gift(reader, other, recipient="two@example.org")
    order = place_order(reader)
    add_gift(reader, other, recipient="one@example.org")
    add_gift(reader, book, recipient="two@example.org")
    fill_cart(reader, book)
    pay(order)
    assert gifts_in_carts() == [(other.pk, "one@example.org"), (book.pk, "two@example.org")]
    assert CartLine.objects.filter(gift_to="", edition=book).exists()


def test_joined_carts_hold_it_once(reader, book):
    add_gift(reader, book)
    newer = add_edition(book.work)
    wish = GiftWish("Friend@example.org", "", None)
    visited = carts.add_gift(
        actor=None, cart_id="", edition_id=newer.public_id, currency="USD", wish=wish, at=clock.now()
    )
    carts.merge_carts(actor=reader, cart_id=visited.public_id, at=clock.now())
    assert gifts_in_carts() == [(book.pk, "friend@example.org")]
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    quote = quotes.quote_cart(actor=reader, cart=cart, country="US", at=clock.now())
    assert [line.edition for line in quote.lines] == [newer]


def test_given_again_after_it_was_paid_for_is_bought_again(reader, book):
    give(reader, book)
    give(reader, book)
    assert Gift.objects.count() == 2


@pytest.mark.race
@pytest.mark.usefixtures("racing_db")
def test_ten_clicks_at_once_are_one_line():
    reader, book = make_reader(), make_book()
    Cart.objects.create(user=reader, currency="USD", changed_at=NOON)
    assert failures(together(lambda: add_gift(reader, book), 10)) == []
    assert CartLine.objects.count() == 1
