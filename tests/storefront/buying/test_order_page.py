"""What the order's page says of each line: kept, given back, canceled, or taken back by the reader's bank."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from common import clock
from storefront.models import Preorder, Refund
from storefront.services import deferrals, mails, preorders
from tests.factories.buying import buy, make_book, place_order
from tests.factories.offers import add_gift, make_author_coupon, make_awaited, pay, publish, use_code

pytestmark = pytest.mark.django_db

GIVEN_BACK = "You have given back everything"


def words(client, order):
    """The words of the order's page."""
    page = client.get(f"/orders/{order.public_id}/").content.decode()
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


class TestFreeOrders:
    def test_a_free_book_is_the_readers(self, signed_in, reader):
        shown = words(signed_in, buy(reader, make_book(prices={"USD": 0})))
        assert "Your books are in your library" in shown
        assert GIVEN_BACK not in shown

    def test_a_free_gift_has_its_link(self, signed_in, reader):
        book = make_book()
        add_gift(reader, book)
        use_code(reader, make_author_coupon(book.work.owner, percent_bps=10_000))
        shown = words(signed_in, place_order(reader))
        assert "Show the link" in shown
        assert GIVEN_BACK not in shown

    def test_a_free_preorder_says_when_it_comes_and_promises_no_money(self, signed_in, reader):
        shown = words(signed_in, place_order(reader, make_awaited(prices={"USD": 0})))
        assert "comes into your library on 3 March 2027. Until then you can cancel." in shown
        assert "money back" not in shown
        assert GIVEN_BACK not in shown

    def test_a_free_preorder_that_was_canceled_says_so(self, signed_in, reader):
        order = place_order(reader, make_awaited(prices={"USD": 0}))
        deferrals.cancel_for_refund(line=Preorder.objects.get().line, external_id="", at=clock.now())
        shown = words(signed_in, order)
        assert "This order is canceled." in shown
        assert "comes into your library" not in shown


class TestTheLastDay:
    LATE = datetime(2026, 12, 9, 11, 59, tzinfo=UTC)  # still the 8th in the westernmost zone

    def test_receipt_page_and_button_agree(self, signed_in, reader, mailoutbox):
        """Paid on 24 November at noon: the promise ends with 8 December, wherever the reader lives."""
        order = buy(reader, make_book())
        mails.mail_receipt(order_id=order.pk)
        assert "until 8 December 2026" in mailoutbox[-1].body
        with clock.frozen(self.LATE):
            assert "Can be given back until 8 December 2026" in words(signed_in, order)
            signed_in.post(f"/orders/{order.public_id}/lines/{order.lines.get().public_id}/refund/")
        assert Refund.objects.count() == 1

    def test_also_of_what_was_supplied_later(self, signed_in, reader, mailoutbox):
        edition = make_awaited()
        order = pay(place_order(reader, edition))
        publish(edition)
        preorder = Preorder.objects.get()
        preorders.supply(preorder_id=preorder.pk, at=clock.now())
        mails.mail_release(preorder_id=preorder.pk)
        assert "Until 8 December 2026" in mailoutbox[-1].body
        with clock.frozen(self.LATE):
            assert "can be given back until 8 December 2026" in words(signed_in, order)
            signed_in.post(f"/orders/{order.public_id}/lines/{order.lines.get().public_id}/refund/")
        assert Refund.objects.count() == 1
