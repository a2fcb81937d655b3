"""Receipts name who sold to whom, where and when it was supplied, and the tax of each line."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from storefront.checkout.models import OrderLine
from storefront.checkout.receipts.selectors import receipt_of
from storefront.checkout.receipts.services import emails
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, make_book, place_order
from tests.factories.guests import buy_as_guest
from tests.factories.offers import add_gift, make_awaited, pay, publish

pytestmark = pytest.mark.django_db

SELLER = ("Octavo Tests", "1 Example Street", "10115 Berlin", "VAT number DE000000000", "books@example.org")


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def ann(db):
    return make_reader(display_name="Ann Reader", email="ann@example.org")


def mailed(order, mailoutbox):
    """The receipt's mail: its text, and the words of its page."""
    emails.mail_receipt(order_id=order.pk)
    mail = mailoutbox[-1]
    return mail.body, text_of(mail.alternatives[0][0])


class TestMail:
    def test_is_an_invoice(self, ann, mailoutbox):
        order = buy(ann, make_book(title="One", prices={"EUR": 499}), country="DE", currency="EUR")
        for words in mailed(order, mailoutbox):
            for said in (*SELLER, "Ann Reader", "ann@example.org", order.public_id, "Germany"):
                assert said in words
            assert "net €4.66, plus €0.33 value added tax at 7%" in words
            assert "Supplied: 24 November 2026" in words
            assert "Value added tax at 7% on €4.66" in words
            assert "€4.99" in words

    def test_says_that_no_tax_was_charged(self, ann, mailoutbox):
        for words in mailed(buy(ann, make_book()), mailoutbox):
            assert "net $4.99, plus $0.00 value added tax at 0%" in words

    def test_of_a_gift_alone_tells_its_tax_later(self, ann, mailoutbox):
        add_gift(ann, make_book())
        for words in mailed(pay(place_order(ann)), mailoutbox):
            assert "taxed where it is redeemed" in words
            assert "value added tax" not in words.lower()
            assert "Supplied" not in words

    def test_is_german_for_a_german(self, ann, mailoutbox):
        ann.language, ann.country = "de", "DE"
        ann.save()
        order = buy(ann, make_book(prices={"EUR": 499}), country="DE", currency="EUR")
        for words in mailed(order, mailoutbox):
            for said in ("Verkauft von: Octavo Tests", "USt-IdNr. DE000000000", "Land der Lieferung: Deutschland"):
                assert said in words

    def test_of_a_guest_names_the_address_alone(self, mailoutbox):
        order = buy_as_guest()
        for words in mailed(order, mailoutbox):
            assert "Buyer: ann@example.org" in words

    def test_leaves_out_what_the_seller_has_not(self, ann, mailoutbox, settings):
        settings.SELLER_VAT_ID = settings.SELLER_EMAIL = settings.SELLER_NAME = ""
        settings.SELLER_ADDRESS = []
        for words in mailed(buy(ann, make_book()), mailoutbox):
            assert "Seller: Octavo" in words
            assert "VAT number" not in words


class TestPage:
    def page(self, client, order):
        client.force_login(order.buyer)
        return text_of(client.get(f"/orders/{order.public_id}/").content.decode())

    def test_says_the_same(self, client, ann):
        order = buy(ann, make_book(title="One", prices={"EUR": 499}), country="DE", currency="EUR")
        page = self.page(client, order)
        for said in (*SELLER, "Ann Reader", "ann@example.org", "Country of supply Germany", "24 November 2026"):
            assert said in page
        assert "One 24 November 2026 €4.66 7% €0.33" in page
        assert "Total at 7% €4.66 7% €0.33" in page

    def test_is_none_before_it_is_paid(self, client, ann):
        assert "Octavo Tests" not in self.page(client, place_order(ann, make_book()))

    def test_shows_words_of_people_as_words(self, client, ann):
        ann.display_name = "<i>Ann</i>"
        ann.save()
        assert "<i>Ann</i>" in self.page(client, buy(ann, make_book()))


class TestSeller:
    """Receipts go on naming whoever sold, whoever sells later."""

    def test_stays_as_it_was_when_the_order_was_paid(self, client, ann, mailoutbox, settings):
        order = buy(ann, make_book())
        settings.SELLER_NAME, settings.SELLER_ADDRESS = "Another Shop", ["2 Other Street"]
        settings.SELLER_VAT_ID, settings.SELLER_EMAIL = "DE1", "other@example.org"
        client.force_login(ann)
        page = text_of(client.get(f"/orders/{order.public_id}/").content.decode())
        for words in (page, *mailed(order, mailoutbox)):
            for said in SELLER:
                assert said in words
            assert "Another Shop" not in words
        assert receipt_of(buy(ann, make_book()), []).seller.name == "Another Shop"

    def test_is_the_one_of_the_day_of_payment_not_of_the_order(self, ann, settings):
        placed = place_order(ann, make_book())
        settings.SELLER_NAME = "Another Shop"
        assert receipt_of(pay(placed), []).seller.name == "Another Shop"

    def test_of_a_free_order_too(self, ann, settings):
        order = buy(ann, make_book(prices={"USD": 0}))
        settings.SELLER_NAME = "Another Shop"
        assert receipt_of(order, []).seller.name == "Octavo Tests"

    def test_of_an_order_that_is_not_paid_is_who_sells_today(self, ann, settings):
        placed = place_order(ann, make_book())
        settings.SELLER_NAME = "Another Shop"
        assert receipt_of(placed, []).seller.name == "Another Shop"


class TestReceiptOf:
    def test_what_is_ordered_ahead_is_supplied_on_its_day(self, ann):
        draft = make_awaited()
        order = pay(place_order(ann, draft, make_book()))
        ahead, book = receipt_of(order, order.lines.order_by("pk")).lines
        assert (ahead.supplied_at, book.supplied_at) == (None, order.paid_at)
        publish(draft)
        line = OrderLine.objects.get(pk=ahead.line.pk)
        line.supplied_at = clock.now()
        assert receipt_of(order, [line]).lines[0].supplied_at == line.supplied_at

    def test_sums_by_rate_and_adds_up(self, ann):
        order = buy(ann, *[make_book(prices={"EUR": 499}) for _ in range(3)], country="DE", currency="EUR")
        found = receipt_of(order, list(order.lines.all()))
        (summed,) = found.taxes
        assert summed.tax.amount_minor == sum(order.lines.values_list("tax_minor", flat=True))
        assert summed.net + summed.tax == found.total

    def test_keeps_rates_apart_highest_first(self, ann):
        order = buy(ann, make_book(), make_book())
        one, two = order.lines.order_by("pk")
        two.tax_rate_bps, two.tax_minor = 1900, 80
        assert [(found.rate_bps, found.tax.amount_minor) for found in receipt_of(order, [one, two]).taxes] == [
            (1900, 80),
            (0, 0),
        ]


class TestLegalNotice:
    def test_names_the_seller_and_stands_at_the_foot_of_every_page(self, client):
        assert 'href="/legal-notice/"' in client.get("/books/").content.decode()
        answer = client.get("/legal-notice/")
        assert "public" in answer["Cache-Control"]
        page = text_of(answer.content.decode())
        for said in ("Legal notice", *SELLER):
            assert said in page

    def test_is_there_in_german(self, client):
        assert "Impressum" in client.get("/de-de/legal-notice/").content.decode()

    def test_asks_the_database_nothing(self, client):
        client.get("/legal-notice/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/legal-notice/")
        assert len(captured) == 0
