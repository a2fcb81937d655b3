"""The function to withdraw from a contract: two steps, in the words of the law, acknowledged by mail in any case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from common import clock
from common.models import PendingMail
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Order, OrderLine, Refund, RefundOrigin, RefundState, Withdrawal, WithdrawnLine
from tests.factories.buying import buy, make_book
from tests.factories.guests import ADDRESS, buy_as_guest
from tests.factories.offers import make_awaited

pytestmark = pytest.mark.django_db

FUNCTION = "Withdraw from contract here"


def page_of(order: Order) -> str:
    return f"/orders/{order.public_id}/withdraw/"


def declare(client: Client, order: Order, *lines: OrderLine, **fields: str):
    rows = lines or tuple(order.lines.all())
    form = {"name": "Ann Lee", "email": "ann@example.org", "line": [one.public_id for one in rows]} | fields
    return client.post(page_of(order), form, follow=True)


def acknowledgements() -> list[PendingMail]:
    return list(PendingMail.objects.filter(subject="We have received your withdrawal"))


def html(answer) -> str:
    return answer.content.decode()


class TestTheFunction:
    def test_stands_on_the_order_in_the_words_of_the_law_and_is_two_steps(self, signed_in, reader, book):
        order = buy(reader, book)
        assert FUNCTION in html(signed_in.get(f"/orders/{order.public_id}/"))
        assert f'href="{page_of(order)}"' in html(signed_in.get(f"/orders/{order.public_id}/"))
        page = html(signed_in.get(page_of(order)))
        assert "Confirm withdrawal" in page
        assert "We will refund $4.99" in page
        assert not Withdrawal.objects.exists()

    def test_has_the_words_of_the_german_law(self):
        words = (settings.BASE_DIR / "locale/de/LC_MESSAGES/django.po").read_text()
        for english, german in ((FUNCTION, "Vertrag widerrufen"), ("Confirm withdrawal", "Widerruf bestätigen")):
            assert f'msgid "{english}"\nmsgstr "{german}"' in words

    def test_works_for_guests_by_their_link(self, client):
        order = buy_as_guest(make_book())
        assert "/accounts/login/" in client.get(page_of(order))["Location"]
        client.get(guest_links.link_of(order).removeprefix("http://testserver"))
        assert FUNCTION in html(client.get(f"/orders/{order.public_id}/"))
        declare(client, order, email=ADDRESS)
        assert Refund.objects.get().state in {RefundState.PENDING, RefundState.SUCCEEDED}
        assert Withdrawal.objects.get().email == ADDRESS

    def test_leads_to_the_refund(self, signed_in, reader, book):
        order = buy(reader, book)
        told = html(declare(signed_in, order))
        assert "We have received your withdrawal" in told
        assert "You withdrew from the contract on" in told
        assert FUNCTION not in told
        refund = Refund.objects.get()
        assert (refund.origin, refund.amount_minor, refund.line) == (RefundOrigin.READER, 499, order.lines.get())

    def test_is_about_the_books_that_are_chosen(self, signed_in, reader):
        order = buy(reader, make_book(title="One"), make_book(title="Two"))
        one, two = order.lines.order_by("pk")
        declare(signed_in, order, one)
        assert [row.line for row in WithdrawnLine.objects.all()] == [one]
        page = html(signed_in.get(page_of(order)))
        assert two.public_id in page
        assert one.public_id not in page

    def test_asked_twice_is_one(self, signed_in, reader, book):
        order = buy(reader, book)
        declare(signed_in, order)
        told = declare(signed_in, order)
        assert told.status_code in {200, 422}
        assert Withdrawal.objects.count() == Refund.objects.count() == 1
        assert "nothing left in this order to withdraw from" in html(signed_in.get(page_of(order)))

    @pytest.mark.parametrize("wrong", [{"name": ""}, {"email": "nobody"}, {"line": []}])
    def test_what_is_missing_is_said_and_nothing_typed_is_lost(self, signed_in, reader, book, wrong):
        order = buy(reader, book)
        answer = declare(signed_in, order, **({"name": "Ann Q. Lee"} | wrong))
        assert answer.status_code == 422
        assert "Ann Q. Lee" in html(answer) or "name" in wrong
        assert not Withdrawal.objects.exists()

    def test_cancels_what_is_ordered_ahead(self, signed_in, reader):
        order = buy(reader, make_awaited())
        declare(signed_in, order)
        assert Refund.objects.get().amount_minor == order.total_minor


class TestAcknowledgement:
    def test_says_what_was_declared_with_date_and_time(self, signed_in, reader, book):
        order = buy(reader, book)
        declare(signed_in, order)
        mails = acknowledgements()
        assert {mail.to for mail in mails} == {"ann@example.org", reader.mail_to}
        at = Withdrawal.objects.get().declared_at
        for text in (mails[0].text, mails[0].html):
            for words in (f"{at:%H:%M:%S} UTC", str(at.year), "Ann Lee", order.public_id, "The Lighthouse"):
                assert words in text
            assert "we refund you to the payment method you used" in text

    def test_is_sent_even_when_the_time_is_over_and_says_so(self, signed_in, reader, book):
        order = buy(reader, book)
        with clock.frozen(clock.now() + timedelta(days=15)):
            signed_in.force_login(reader)
            assert FUNCTION not in html(signed_in.get(f"/orders/{order.public_id}/"))
            assert "The fourteen days are over" in html(signed_in.get(page_of(order)))
            declare(signed_in, order)
        assert not Refund.objects.exists()
        assert "the withdrawal period was over" in acknowledgements()[0].text

    def test_of_a_used_book_says_that_a_person_decides(self, signed_in, reader, book, monkeypatch, settings):
        settings.GOODWILL_REFUNDS = 0
        monkeypatch.setattr("storefront.checkout.permissions._used", lambda lines: {line.pk for line in lines})
        order = buy(reader, book)
        assert "Someone on our team decides on the $4.99" in html(signed_in.get(page_of(order)))
        declare(signed_in, order)
        assert Refund.objects.get().state == RefundState.PROPOSED
        assert "someone on our team decides within two working days" in acknowledgements()[0].text


def test_nobody_withdraws_from_an_order_of_others(client: Client, reader: User, book):
    order = buy(reader, book)
    client.force_login(User.objects.create_user("other@example.org"))
    assert client.get(page_of(order)).status_code == 404
    assert declare(client, order).status_code == 404
