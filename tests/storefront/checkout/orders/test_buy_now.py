"""Buying one book without the cart, from its page or from the end of its sample, straight into the book."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from payments.models import FaultKind
from payments.stripe.sandbox import faults
from publishing.models import Work
from publishing.territories import TerritoryRule
from storefront.checkout.models import Cart, CartLine, Entitlement, Landing, Order, OrderState, Payment
from tests.factories.buying import buy
from tests.factories.publishing import make_published_edition
from tests.factories.reading import publish_text
from tests.storefront.checkout.orders.test_views import add, hidden

pytestmark = pytest.mark.django_db


def buying(client, page, *, country="US", **more):
    """Show the page, fill in what it asks for, and send it."""
    html = client.get(page).content.decode()
    names = ("digest", "shown_country", "shown_prices", "needs_consent")
    form = {name: hidden(html, name) for name in names} | {"country": country, "consent": "on"}
    asked = {name: hidden(html, name) for name in ("currency", "amount", "from", "via") if f'name="{name}"' in html}
    return client.post(page, form | asked | more)


def after_paying(client, answer, *, card="us"):
    """Pay on the provider's page; where the buyer arrives."""
    page = answer["Location"].removeprefix("http://testserver")
    back = client.post(page, {"card": card, "country": "US"})["Location"].removeprefix("http://testserver")
    return client.get(back)


@pytest.fixture
def edition(db):
    return publish_text(prices={"USD": 499})


@pytest.fixture
def page(edition):
    return f"/books/{edition.work.slug}/buy/"


class TestBuying:
    def test_the_page_has_everything_and_nothing_is_ticked(self, client, page):
        html = client.get(page).content.decode()
        assert "Order and pay $4.99" in html
        for name in ("email", "country", "consent", "digest"):
            assert f'name="{name}"' in html
        assert "checked" not in html
        assert not Order.objects.exists()

    def test_a_watermark_is_told_before(self, client, page):
        assert "watermark" not in client.get(page).content.decode()
        Work.objects.update(is_watermarked=True)
        assert "watermark" in client.get(page).content.decode()

    def test_is_one_step_to_the_payment_page_and_one_into_the_book(self, signed_in, reader, edition, page):
        answer = buying(signed_in, page)
        assert "/payments/sandbox/" in answer["Location"]
        assert after_paying(signed_in, answer)["Location"] == f"/read/{edition.work.slug}/"
        order = Order.objects.get()
        assert (order.landing, order.state, order.buyer) == (Landing.BOOK, OrderState.PAID, reader)
        assert Entitlement.objects.filter(user=reader, work=edition.work, ended_at=None).exists()

    def test_the_rest_of_the_cart_stays(self, signed_in, edition, page):
        other = make_published_edition(slug="other", prices={"USD": 300})
        add(signed_in, other)
        add(signed_in, edition)
        after_paying(signed_in, buying(signed_in, page))
        assert [line.edition for line in CartLine.objects.all()] == [other]
        assert Order.objects.get().total_minor == 499

    def test_nothing_is_ordered_without_consent(self, signed_in, page):
        answer = buying(signed_in, page, consent="")
        assert answer.status_code == 422
        assert "Without this consent" in answer.content.decode()
        assert not Order.objects.exists()

    def test_a_token_is_needed(self, edition, page):
        assert Client(enforce_csrf_checks=True).post(page, {"country": "US"}).status_code == 403

    def test_another_price_is_shown_before_it_is_paid(self, signed_in, edition, page):
        html = signed_in.get(page).content.decode()
        form = {"country": "US", "consent": "on", "digest": hidden(html, "digest")}
        form |= {"shown_prices": hidden(html, "shown_prices"), "shown_country": hidden(html, "shown_country")}
        edition.work.prices.update(list_price_minor=599)
        answer = signed_in.post(page, form)
        assert answer.status_code == 422
        assert "now costs $5.99 instead of $4.99" in answer.content.decode()
        assert not Order.objects.exists()

    def test_a_second_click_is_the_same_order(self, signed_in, page):
        first, second = buying(signed_in, page), buying(signed_in, page)
        assert first["Location"] == second["Location"]
        assert Order.objects.count() == Payment.objects.count() == 1

    def test_the_same_book_from_the_cart_is_another_order(self, signed_in, edition, page):
        buying(signed_in, page)
        add(signed_in, edition)
        html = signed_in.get("/checkout/").content.decode()
        form = {"country": "US", "digest": hidden(html, "digest"), "consent": "on", "shown_country": "US"}
        signed_in.post("/checkout/", form)
        states = [(order.landing, order.state) for order in Order.objects.order_by("pk")]
        assert states == [(Landing.BOOK, OrderState.CANCELED), (Landing.ORDER, OrderState.OPEN)]

    def test_what_the_reader_has_leads_to_its_page(self, signed_in, reader, edition, page):
        buy(reader, edition)
        assert signed_in.get(page)["Location"] == f"/books/{edition.work.slug}/"
        assert signed_in.post(page, {"country": "US"})["Location"] == f"/books/{edition.work.slug}/"

    def test_the_price_that_the_reader_chose_is_asked(self, signed_in, edition, page):
        edition.work.prices.update(is_open=True, list_price_minor=200, suggested_minor=500)
        assert buying(signed_in, f"{page}?currency=USD&amount=7.50").status_code == 302
        assert Order.objects.get().total_minor == 750

    @pytest.mark.parametrize(("amount", "told"), [("1.00", "$2.00"), ("much", "not a valid amount")])
    def test_too_low_an_amount_is_refused(self, signed_in, edition, page, amount, told):
        edition.work.prices.update(is_open=True, list_price_minor=200, suggested_minor=500)
        refused = signed_in.get(f"{page}?currency=USD&amount={amount}")
        assert refused.status_code == 422
        assert told in refused.content.decode()

    def test_a_free_book_opens_at_once(self, signed_in, edition, page):
        edition.work.prices.update(list_price_minor=0)
        answer = buying(signed_in, page)
        assert signed_in.get(answer["Location"])["Location"] == f"/read/{edition.work.slug}/"
        assert not Payment.objects.exists()

    def test_a_book_that_is_not_sold_there_asks_for_another_country(self, signed_in, edition, page):
        Work.objects.update(territory_rule=TerritoryRule.EXCEPT, territory_countries=["DE"])
        answer = signed_in.get(f"{page}?country=DE&from=plain")
        html = answer.content.decode()
        assert "Show the price there" in html
        assert hidden(html, "from") == "plain"
        assert "Order and pay" in signed_in.get(f"{page}?country=US").content.decode()

    def test_there_is_no_page_of_what_is_not_on_sale(self, client):
        assert client.get("/books/no-such-book/buy/").status_code == 404

    def test_an_account_that_was_logged_out_logs_in_and_comes_back(self, client, page):
        answer = client.post(f"{page}?from=plain", {"signed_in": "yes"})
        assert answer["Location"].startswith("/accounts/login/?next=/books/")
        assert "from%3Dplain" in answer["Location"]


class TestGuests:
    def test_buy_and_read_without_an_account_or_a_cart(self, client, edition, page):
        answer = buying(client, page, email="ann@example.org")
        arrived = after_paying(client, answer)
        assert arrived["Location"] == f"/read/{edition.work.slug}/"
        assert "Back to your order" in client.get(arrived["Location"]).content.decode()
        assert Order.objects.get().buyer.is_guest
        assert not CartLine.objects.exists()

    def test_their_later_orders_are_the_same_guest_s(self, client, page):
        after_paying(client, buying(client, page, email="ann@example.org"))
        other = make_published_edition(slug="other", prices={"USD": 300})
        buying(client, f"/books/{other.work.slug}/buy/", email="ann@example.org")
        buyers = {order.buyer for order in Order.objects.all()}
        assert len(buyers) == Cart.objects.count() == 1

    def test_another_browser_learns_nothing(self, client, edition, page):
        after_paying(client, buying(client, page, email="ann@example.org"))
        order = Order.objects.get()
        assert Client().get(f"/orders/{order.public_id}/paid/")["Location"].startswith("/accounts/login/")


class TestArriving:
    def test_from_plain_pages_at_the_block_where_the_sample_ends(self, signed_in, edition, page):
        arrived = after_paying(signed_in, buying(signed_in, f"{page}?from=plain"))
        chapter, _, block = arrived["Location"].partition("#b-")
        assert chapter == f"/read/{edition.work.slug}/c1/"
        assert "In the morning the boats came in" in _block(signed_in.get(chapter).content.decode(), block)

    def test_the_reader_s_region_stays(self, signed_in, edition):
        answer = buying(signed_in, f"/de-at/books/{edition.work.slug}/buy/", country="AT")
        assert after_paying(signed_in, answer)["Location"] == f"/read/de-AT/{edition.work.slug}/"

    def test_a_debit_that_is_confirmed_later_shows_the_order(self, signed_in, page):
        arrived = after_paying(signed_in, buying(signed_in, page), card="debit")
        assert arrived["Location"] == f"/orders/{Order.objects.get().public_id}/?back=paid"

    def test_a_silent_provider_shows_the_order(self, signed_in, page):
        answer = buying(signed_in, page)
        location = answer["Location"].removeprefix("http://testserver")
        back = signed_in.post(location, {"card": "us", "country": "US"})["Location"].removeprefix("http://testserver")
        faults.arm(kind=FaultKind.LOST_BEFORE, path="/v1/checkout", times=3)
        assert signed_in.get(back)["Location"].endswith("/?back=paid")


def test_the_sample_and_the_book_s_page_lead_there(client, edition, page):
    slug = edition.work.slug
    assert f'href="{page}"' in client.get(f"/read/{slug}/sample/").content.decode()
    assert f'href="{page}?from=plain"' in client.get(f"/read/{slug}/sample/c1/").content.decode()
    assert f'formaction="{page}"' in client.get(f"/books/{slug}/").content.decode()


def _block(html, number):
    return re.search(rf'id="b-{number}"[^>]*>([^<]*)', html)[1]
