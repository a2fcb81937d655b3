"""Amounts that readers write or slide, through the pages, as a browser without JavaScript sends them."""

from __future__ import annotations

import re
from html import unescape

import pytest

from common import clock
from common.money import Money
from publishing import services as publishing_services
from publishing.services import OpenPrice
from storefront.catalogue.selectors.price_slider import scale
from storefront.checkout import errors
from storefront.checkout.cart.services import carts
from storefront.checkout.models import Cart, CartLine, Order
from tests.factories.offers import add_gift
from tests.factories.publishing import make_published_edition, make_work
from tests.storefront.checkout.cart.test_currencies import press, read
from tests.storefront.checkout.orders.test_views import add

pytestmark = pytest.mark.django_db


def open_book(**more):
    edition = make_published_edition(work=make_work(**more))
    prices = {"USD": OpenPrice(300, 700), "EUR": OpenPrice(300, 700), "JPY": OpenPrice(300, 700)}
    publishing_services.set_prices(actor=edition.work.owner, work=edition.work, prices=prices, at=clock.now())
    return edition


@pytest.fixture
def lamp():
    return open_book(slug="lamp", title="Lamp")


def sent(page, **typed):
    """What the cart's form of amounts sends: its own fields, and those that name it."""
    form = re.search(r'<form id="amounts".*?</form>', page, re.DOTALL)[0]
    tags = re.findall(r"<input[^>]*>", form) + re.findall(r'<input[^>]*form="amounts"[^>]*>', page)
    fields = [(re.search('name="([^"]*)"', tag)[1], re.search('value="([^"]*)"', tag)[1]) for tag in tags]
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(unescape(value))
    return found | typed


class TestTheBooksPage:
    @pytest.mark.parametrize("typed", ["10", "$10", "10 USD", "10,00"])
    def test_takes_what_people_write(self, client, lamp, typed):
        press(client, read(client, "/books/lamp/"), amount=typed)
        assert CartLine.objects.get().chosen_minor == 1000

    @pytest.mark.parametrize(
        ("at", "typed"), [("", "1,000"), ("", "1,000.00"), ("/de-de", "1.000,00"), ("/de-de", "1.000")]
    )
    def test_takes_thousands_as_the_language_has_them(self, client, lamp, at, typed):
        press(client, read(client, f"{at}/books/lamp/"), at=at, amount=typed)
        assert CartLine.objects.get().chosen_minor == 100_000

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("2", "The minimum price for “Lamp” is $3.00"),
            ("99999999", "The most you can pay for a book is $1,000.00"),
            ("1000000", "The most you can pay for a book is $1,000.00"),
            ("ten", "“ten” is not a valid amount in USD. Enter an amount like 4.50."),
            ("10 €", "“10 €” is not a valid amount in USD"),
            ("1.000", "“1.000” is not a valid amount in USD"),
            ("", "“” is not a valid amount in USD"),
        ],
    )
    def test_says_what_is_wrong_and_has_the_book_in_the_cart(self, client, lamp, typed, said):
        answer = press(client, read(client, "/books/lamp/"), amount=typed, then="checkout")
        assert answer["Location"] == "/cart/"
        page = unescape(read(client, "/cart/"))
        assert said in page
        assert "Until you choose another amount, the price is $7.00." in page
        assert CartLine.objects.get().chosen_minor is None

    def test_says_it_in_german(self, client, lamp):
        press(client, read(client, "/de-de/books/lamp/"), at="/de-de", amount="zehn")
        page = unescape(read(client, "/de-de/cart/"))
        assert "4,50" in page
        assert "7,00\xa0€" in page

    def test_keeps_an_amount_chosen_before(self, client, lamp):
        page = read(client, "/books/lamp/")
        press(client, page, amount="9")
        press(client, page, amount="1")
        assert CartLine.objects.get().chosen_minor == 900
        assert "Until you choose another amount, the price is $9.00." in unescape(read(client, "/cart/"))

    def test_the_suggestion_left_as_it_is_is_no_choice(self, client, lamp):
        press(client, read(client, "/books/lamp/"))
        assert CartLine.objects.get().chosen_minor is None

    @pytest.mark.parametrize(
        ("address", "typed", "net"),
        [("", "$5", "$4.15"), ("/de-de", "5 €", "4,27\xa0€"), ("/de-de", "5,00", "4,27\xa0€")],
    )
    def test_tells_what_the_author_gets_of_it(self, client, lamp, address, typed, net):
        asked = {"amount": typed, "currency": "EUR" if address else "USD"}
        answer = client.get(f"{address}/books/lamp/net/", asked, headers={"HX-Request": "true"})
        assert net in answer.content.decode()


class TestTheCart:
    @pytest.fixture
    def page(self, client, lamp):
        add(client, lamp)
        add(client, open_book(title="Letter"))
        return read(client, "/cart/")

    def test_checking_out_takes_every_amount(self, client, page):
        answer = client.post("/cart/price/", sent(page, amount=["8", "$9.50"], then="checkout"))
        assert answer["Location"] == "/checkout/"
        assert list(CartLine.objects.order_by("pk").values_list("chosen_minor", flat=True)) == [800, 950]
        assert "Order and pay $17.50" in read(client, "/checkout/")

    def test_its_button_is_of_the_form(self, page):
        button = re.search(r'<button[^>]*value="checkout"[^>]*>', page)[0]
        assert 'form="amounts"' in button
        assert 'href="/checkout/"' not in page

    def test_without_open_prices_it_stays_a_link(self, client, book):
        add(client, book)
        page = read(client, "/cart/")
        assert 'href="/checkout/"' in page
        assert 'id="amounts"' not in page

    def test_what_was_left_alone_is_no_choice(self, client, page):
        client.post("/cart/price/", sent(page, then="checkout"))
        assert not CartLine.objects.exclude(chosen_minor=None).exists()

    def test_what_cannot_be_taken_is_told_and_the_rest_holds(self, client, page):
        answer = client.post("/cart/price/", sent(page, amount=["much", "8"], then="checkout"))
        assert answer["Location"] == "/cart/"
        assert "“much” is not a valid amount in USD" in unescape(read(client, "/cart/"))
        client.post("/cart/price/", sent(page, amount=["1", "9"], then="checkout"))
        assert "The minimum price for “Lamp” is $3.00" in unescape(read(client, "/cart/"))
        assert list(CartLine.objects.order_by("pk").values_list("chosen_minor", flat=True)) == [None, 900]

    @pytest.mark.parametrize("currency", ["USD", "", "XYZ"])
    def test_refuses_amounts_in_another_currency(self, client, page, currency):
        client.post("/cart/currency/", {"currency": "JPY"})
        asked = sent(page, amount=["500", "600"], currency=currency, then="checkout")
        assert client.post("/cart/price/", asked)["Location"] == "/cart/"
        assert "Your cart is now in JPY" in read(client, "/cart/")
        assert not CartLine.objects.exclude(chosen_minor=None).exists()

    def test_going_on_without_what_is_in_the_way_takes_them_too(self, client, page):
        gone = make_published_edition(work=make_work(title="Gone"))
        add(client, gone)
        gone.state = "withdrawn"
        gone.save()
        page = read(client, "/cart/")
        button = re.search(r'<button[^>]*formaction="([^"]*)"[^>]*>', page)
        assert 'form="amounts"' in button[0]
        assert client.post(button[1], sent(page, amount=["much", "8"]))["Location"] == "/cart/"
        assert client.post(button[1], sent(page, amount=["9", "8"]))["Location"] == "/checkout/"
        assert sorted(CartLine.objects.values_list("chosen_minor", flat=True)) == [800, 900]

    def test_lines_of_others_stay(self, client, page, reader):
        add_gift(reader, open_book())
        line = CartLine.objects.latest("pk")
        client.post("/cart/price/", {"line": line.public_id, "amount": "9", "currency": "USD"})
        line.refresh_from_db()
        assert line.chosen_minor is None

    def test_is_gone_meanwhile(self, client, page):
        Cart.objects.all().delete()
        assert client.post("/cart/price/", sent(page, then="checkout"))["Location"] == "/cart/"
        assert not Order.objects.exists()

    def test_the_service_asks_the_cart_that_is_stored(self, page):
        cart = Cart.objects.get()
        carts.set_currency(cart=Cart.objects.get(), currency="JPY", at=clock.now())
        with pytest.raises(errors.CartCurrencyChanged, match="JPY"):
            carts.choose_prices(cart=cart, currency="USD", amounts={})


class TestScale:
    @pytest.mark.parametrize(
        ("currency", "least", "usual", "expected"),
        [
            ("USD", 300, 700, ("3.00", "21.00", "0.50")),
            ("USD", 299, 700, ("2.50", "21.00", "0.50")),
            ("USD", 0, 0, ("0.00", "10.00", "0.50")),
            ("USD", 99, 99, ("0.95", "3.00", "0.05")),
            ("USD", 500, 40_000, ("0.00", "1000.00", "50.00")),
            ("JPY", 300, 700, ("300", "2100", "50")),
            ("JPY", 0, 0, ("0", "1000", "50")),
            ("KWD", 1000, 2000, ("1.000", "6.000", "0.100")),
        ],
    )
    def test_begins_at_the_least_and_has_few_even_steps(self, currency, least, usual, expected):
        found = scale(least=Money(least, currency), usual=Money(usual, currency))
        assert found is not None
        assert tuple(str(one.decimal) for one in (found.first, found.last, found.step)) == expected
        assert found.least == Money(least, currency)

    def test_is_none_where_nothing_is_left_to_choose(self):
        assert scale(least=Money(100_000, "USD"), usual=Money(100_000, "USD")) is None

    @pytest.mark.parametrize("at", ["", "/de-de"])
    def test_stands_on_both_pages_as_machines_read_it(self, client, lamp, at):
        page = read(client, f"{at}/books/lamp/")
        press(client, page, at=at)
        for html, field in (
            (page, "amount"),
            (read(client, f"{at}/cart/"), f"amount-{CartLine.objects.get().public_id}"),
        ):
            tag = re.search(r'<input class="slide"[^>]*>', html)[0]
            for said in ('min="3.00"', 'max="21.00"', 'step="0.50"', 'value="7.00"', f'data-slides="{field}"'):
                assert said in tag
            assert f'id="{field}-label"' in html
            assert "name=" not in tag
