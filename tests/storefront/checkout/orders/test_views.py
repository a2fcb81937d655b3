"""Buying through the pages, as a browser without JavaScript does it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from payments.models import FaultKind, SandboxBalance
from payments.stripe.sandbox import faults
from storefront.catalogue import vat_rates
from storefront.catalogue.vat_rates import TaxRate
from storefront.checkout.models import Cart, CartLine, Entitlement, Order, OrderState, Refund, RefundState
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, fill_cart, make_book, open_page, pay_session, place_order
from tests.payments.postman import deliver_all

pytestmark = pytest.mark.django_db

NO_TAX = TaxRate("", 0, True, "not collected")
FROM_HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


def add(client, edition, *, headers=None, **more):
    given = FROM_HERE if headers is None else headers
    return client.post("/cart/add/", {"edition": edition.public_id} | more, headers=given)


def hidden(html, name):
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', html)[1])


class TestAdd:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://testserver.evil.example"},
            {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        ],
    )
    def test_refuses_other_sites_and_silence(self, client, book, headers):
        assert add(client, book, headers=headers).status_code == 403
        assert not Cart.objects.exists()

    @pytest.mark.parametrize("headers", [FROM_HERE, {"Origin": "http://testserver"}])
    def test_takes_our_own_pages_without_a_token(self, book, headers):
        client = Client(enforce_csrf_checks=True)
        assert add(client, book, headers=headers)["Location"] == "/cart/"
        assert CartLine.objects.get().edition == book

    def test_refuses_get(self, client):
        assert client.get("/cart/add/").status_code == 405

    def test_a_book_that_is_gone_is_told_kindly(self, client, book):
        book.state = "withdrawn"
        book.save()
        html = client.get(add(client, book)["Location"]).content.decode()
        assert "is no longer on sale" in html

    @pytest.mark.parametrize(
        "wish", [{"edition": "edn_nobodyhasthis"}, {"edition": ""}, {"bundle": "no-such"}, {"series": "no-such"}]
    )
    def test_what_was_never_sold_is_not_named_by_an_empty_title(self, client, wish):
        html = client.get(client.post("/cart/add/", wish, headers=FROM_HERE)["Location"]).content.decode()
        assert "This is not on sale here, or no longer. Nothing was added to your cart." in html
        assert "“" not in html.partition("<main")[2].partition("This is not on sale")[0]

    def test_a_book_that_is_owned_leads_to_the_library(self, signed_in, reader, book):
        buy(reader, book)
        answer = add(signed_in, book)
        assert answer["Location"] == "/library/"
        assert "already in your library" in signed_in.get("/library/").content.decode()

    def test_may_go_straight_to_checkout(self, client, book):
        assert add(client, book, then="checkout")["Location"] == "/checkout/"

    def test_form_fields_of_others_change_nothing(self, signed_in, book):
        stranger = make_reader()
        add(signed_in, book, user=stranger.pk, cart_id="crt_x", price="1")
        assert not Cart.objects.filter(user=stranger).exists()


class TestCart:
    def test_empty(self, client):
        assert "Your cart is empty" in client.get("/cart/").content.decode()

    def test_shows_and_removes(self, client, book):
        add(client, book)
        assert "$4.99" in client.get("/cart/").content.decode()
        assert "(1)" in client.get("/cart/badge/").content.decode()
        client.post("/cart/remove/", {"line": CartLine.objects.get().public_id})
        assert not CartLine.objects.exists()

    def test_lines_are_named_by_public_ids(self, client, book):
        add(client, book)
        line = CartLine.objects.get()
        html = client.get("/cart/").content.decode()
        assert f'name="line" value="{line.public_id}"' in html
        assert f'name="line" value="{line.pk}"' not in html
        client.post("/cart/remove/", {"line": line.pk})
        assert CartLine.objects.exists()

    def test_removing_needs_a_token(self, book):
        client = Client(enforce_csrf_checks=True)
        add(client, book)
        assert client.post("/cart/remove/", {"line": CartLine.objects.get().public_id}).status_code == 403
        assert CartLine.objects.exists()

    def test_one_visitor_does_not_see_anothers(self, client, book):
        add(client, book)
        assert "Your cart is empty" in Client().get("/cart/").content.decode()

    def test_currency(self, client):
        add(client, make_book(prices={"USD": 499, "EUR": 459}))
        client.post("/cart/currency/", {"currency": "EUR"})
        assert "€4.59" in client.get("/cart/").content.decode()
        client.post("/cart/currency/", {"currency": "XXX"})
        assert Cart.objects.get().currency == "EUR"

    def test_comes_along_after_signing_in(self, client, reader, book):
        add(client, book)
        client.force_login(reader)
        session = client.session
        session["cart"] = Cart.objects.get().public_id
        session.save()
        assert "The Lighthouse" in client.get("/cart/").content.decode()
        assert Cart.objects.get().user == reader


class TestCheckout:
    def test_nothing_to_buy_leads_to_the_cart(self, client):
        assert client.get("/checkout/")["Location"] == "/cart/"

    def test_empty_cart_goes_back_to_the_cart(self, signed_in):
        assert signed_in.get("/checkout/?country=US")["Location"] == "/cart/"

    @pytest.mark.parametrize("query", ["", "?country=XX", "?country="])
    def test_shows_the_price_before_a_country_is_chosen(self, signed_in, reader, book, query):
        fill_cart(reader, book)
        html = signed_in.get(f"/checkout/{query}").content.decode()
        assert "Order and pay $4.99" in html
        assert "Prices include value added tax where that is usual" in html
        assert hidden(html, "shown_country") == ""

    def test_remembers_the_country(self, signed_in, reader):
        fill_cart(reader, make_book(prices={"EUR": 1070}), currency="EUR")
        signed_in.get("/checkout/?country=DE")
        assert "€0.70" in signed_in.get("/checkout/").content.decode()

    def test_pays_at_once_where_the_chosen_country_changes_no_price(self, signed_in, reader):
        fill_cart(reader, make_book(prices={"EUR": 1070}), currency="EUR")
        html = signed_in.get("/checkout/").content.decode()
        form = {"country": "DE", "digest": hidden(html, "digest"), "shown_country": "", "consent": "on"}
        assert "/payments/sandbox/pay/" in signed_in.post("/checkout/", form)["Location"]
        order = Order.objects.get()
        assert (order.total_minor, order.tax_country, order.lines.get().tax_minor) == (1070, "DE", 70)

    def test_shows_the_new_price_first_where_tax_is_added(self, signed_in, reader, monkeypatch):
        fill_cart(reader, make_book(prices={"USD": 1000}))
        added = TaxRate("US", 1000, False, "a test's own")
        monkeypatch.setattr(vat_rates, "rate_for", lambda *, country, at: added if country == "US" else NO_TAX)
        html = signed_in.get("/checkout/").content.decode()
        form = {"country": "US", "digest": hidden(html, "digest"), "shown_country": "", "consent": "on"}
        answer = signed_in.post("/checkout/", form)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "Order and pay $11.00" in html
        assert "is different in the country you chose" in html
        assert not Order.objects.exists()
        form |= {"digest": hidden(html, "digest"), "shown_country": "US"}
        assert "/payments/sandbox/pay/" in signed_in.post("/checkout/", form)["Location"]
        assert Order.objects.get().total_minor == 1100

    def test_shows_every_part_of_the_price_and_no_ticked_box(self, signed_in, reader):
        fill_cart(reader, make_book(prices={"EUR": 1070}), currency="EUR")
        html = signed_in.get("/checkout/?country=DE").content.decode()
        assert "€10.70" in html
        assert "€0.70" in html
        assert "7%" in html
        assert "checked" not in html

    def test_refuses_without_consent(self, signed_in, reader, book):
        fill_cart(reader, book)
        html = signed_in.get("/checkout/?country=US").content.decode()
        form = {"country": "US", "digest": hidden(html, "digest")}
        assert "Without this consent" in signed_in.post("/checkout/", form).content.decode()
        assert not Order.objects.exists()

    def test_changed_offer_is_shown_anew(self, signed_in, reader, book):
        fill_cart(reader, book)
        answer = signed_in.post("/checkout/", {"country": "US", "digest": "old", "consent": "on"})
        assert answer.status_code == 422
        assert "changed while this page was open" in answer.content.decode()
        assert not Order.objects.exists()

    def test_silent_provider_is_told_and_nothing_lost(self, signed_in, reader, book):
        fill_cart(reader, book)
        html = signed_in.get("/checkout/?country=US").content.decode()
        faults.arm(FaultKind.LOST_BEFORE, "/v1/checkout/sessions", times=3)
        form = {"country": "US", "digest": hidden(html, "digest"), "consent": "on"}
        signed_in.post("/checkout/", form)
        assert "is not responding" in signed_in.get("/cart/").content.decode()
        assert "/payments/sandbox/pay/" in signed_in.post("/checkout/", form)["Location"]
        assert Order.objects.count() == 1

    def test_from_book_to_library_without_a_webhook(self, signed_in, reader, book):
        add(signed_in, book)
        html = signed_in.get("/checkout/?country=DE").content.decode()
        form = {"country": "DE", "digest": hidden(html, "digest"), "consent": "on"}
        page = signed_in.post("/checkout/", form)["Location"].removeprefix("http://testserver")
        paid = signed_in.post(page, {"card": "us", "country": "DE"})["Location"].removeprefix("http://testserver")
        html = signed_in.get(paid).content.decode()
        assert "Thank you" in html
        assert Entitlement.objects.get().user == reader
        assert "The Lighthouse" in signed_in.get("/library/").content.decode()
        deliver_all()
        assert SandboxBalance.objects.get().available_minor == 455

    def test_free_book_needs_no_provider(self, signed_in, reader):
        fill_cart(reader, make_book(prices={"USD": 0}))
        html = signed_in.get("/checkout/?country=US").content.decode()
        form = {"country": "US", "digest": hidden(html, "digest"), "consent": "on"}
        answer = signed_in.post("/checkout/", form)
        assert answer["Location"] == reverse("pages:order", args=[Order.objects.get().public_id])


class TestALostSession:
    def form(self, client):
        html = client.get("/checkout/?country=US").content.decode()
        names = re.findall(r'<input type="hidden" name="([a-z_]+)"', html)
        form = {name: hidden(html, name) for name in names if name != "csrfmiddlewaretoken"}
        return form | {"country": "US", "consent": "on", "email": "ann@example.org"}

    def test_of_an_account_leads_to_the_log_in_and_back_to_the_cart(self, signed_in, reader, book):
        fill_cart(reader, book)
        form = self.form(signed_in)
        signed_in.cookies.clear()
        answer = signed_in.post("/checkout/", form)
        assert answer["Location"] == "/accounts/login/?next=/checkout/"
        assert "You were logged out before the order was placed" in signed_in.get(answer["Location"]).content.decode()
        assert not Order.objects.exists()
        signed_in.force_login(reader)
        assert "The Lighthouse" in signed_in.get("/checkout/").content.decode()

    def test_of_a_visitor_goes_on_with_their_cart(self, client, book):
        add(client, book)
        form = self.form(client)
        client.cookies.clear()
        assert "/payments/sandbox/pay/" in client.post("/checkout/", form)["Location"]
        assert Order.objects.get().lines.get().edition == book

    def test_nobody_takes_up_the_cart_of_an_account(self, client, reader, book):
        fill_cart(reader, book)
        answer = client.post(
            "/checkout/", {"cart": Cart.objects.get().public_id, "country": "US", "email": "ann@example.org"}
        )
        assert answer["Location"] == "/cart/"

    def test_an_empty_cart_says_where_the_books_may_be(self, client, signed_in):
        words = "Looking for books you added while you were logged in?"
        assert words not in signed_in.get("/cart/").content.decode()
        assert words in Client().get("/cart/").content.decode()


class TestAnotherNameOfTheShop:
    """The shop is reached by a host that is not SITE_URL's: forms lead to their own host only."""

    HOST = {"HTTP_HOST": "127.0.0.1:8000"}

    def test_paying_stays_there(self, signed_in, reader, book):
        fill_cart(reader, book)
        html = signed_in.get("/checkout/?country=US", **self.HOST).content.decode()
        form = {"country": "US", "digest": hidden(html, "digest"), "consent": "on"}
        page = signed_in.post("/checkout/", form, **self.HOST)["Location"]
        assert page.startswith("http://127.0.0.1:8000/payments/sandbox/pay/")
        path = page.removeprefix("http://127.0.0.1:8000")
        back = signed_in.post(path, {"card": "us", "country": "US"}, **self.HOST)["Location"]
        assert back.startswith(f"http://127.0.0.1:8000/orders/{Order.objects.get().public_id}/")

    def test_a_page_opened_by_another_name_is_reached_by_a_link(self, signed_in, reader, book):
        fill_cart(reader, book)
        html = signed_in.get("/checkout/?country=US").content.decode()
        form = {"country": "US", "digest": hidden(html, "digest"), "consent": "on"}
        page = signed_in.post("/checkout/", form)["Location"]
        answer = signed_in.post("/checkout/", form, **self.HOST)
        assert answer["Location"] == reverse("pages:order", args=[Order.objects.get().public_id])
        assert page in signed_in.get(answer["Location"], **self.HOST).content.decode()


class TestOrder:
    def test_is_the_buyer_s_alone(self, signed_in, book):
        order = buy(make_reader(), book)
        assert signed_in.get(f"/orders/{order.public_id}/").status_code == 404
        assert Client().get(f"/orders/{order.public_id}/").status_code == 302

    def test_tells_that_the_provider_is_silent(self, signed_in, reader, book):
        order = place_order(reader, book)
        pay_session(open_page(order))
        faults.arm(FaultKind.LOST_BEFORE, "/v1/checkout/sessions", times=3)
        html = signed_in.get(f"/orders/{order.public_id}/?back=paid").content.decode()
        assert "has not confirmed your payment yet" in html
        assert "Thank you" in signed_in.get(f"/orders/{order.public_id}/?back=paid").content.decode()

    def test_open_order_leads_to_its_page(self, signed_in, reader, book):
        order = place_order(reader, book)
        session_id = open_page(order)
        assert session_id in signed_in.get(f"/orders/{order.public_id}/").content.decode()

    def test_quarantined_order_says_what_happens_next(self, signed_in, reader, book):
        order = buy(reader, book)
        Order.objects.update(state=OrderState.QUARANTINED)
        assert "We will review it within a day" in signed_in.get(f"/orders/{order.public_id}/").content.decode()

    def test_list(self, signed_in, reader, book):
        order = buy(reader, book)
        buy(make_reader(), book)
        html = signed_in.get("/orders/").content.decode()
        assert html.count("/orders/ord_") == 1
        assert order.public_id in html


class TestRefund:
    @pytest.fixture
    def line(self, reader, book):
        return buy(reader, book).lines.select_related("order").get()

    @pytest.fixture
    def address(self, line):
        return f"/orders/{line.order.public_id}/lines/{line.public_id}/refund/"

    def test_is_the_buyer_s_alone(self, client, address):
        client.force_login(make_reader())
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
        assert not Refund.objects.exists()

    def test_get_asks_and_changes_nothing(self, signed_in, address):
        assert "We will refund $4.99" in signed_in.get(address).content.decode()
        assert not Refund.objects.exists()

    def test_needs_a_token(self, reader, address):
        client = Client(enforce_csrf_checks=True)
        client.force_login(reader)
        assert client.post(address).status_code == 403

    def test_one_click_and_the_money_goes_back(self, signed_in, line, address, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            answer = signed_in.post(address)
        assert Refund.objects.get().state == RefundState.SUCCEEDED
        html = signed_in.get(answer["Location"]).content.decode()
        assert "Refunded" in html
        assert "The Lighthouse" not in signed_in.get("/library/").content.decode()
        assert "already been returned" in signed_in.get(address).content.decode()

    def test_second_click_is_the_same_refund(self, signed_in, address):
        signed_in.post(address)
        signed_in.post(address)
        assert Refund.objects.count() == 1
