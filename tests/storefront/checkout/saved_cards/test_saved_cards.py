"""Payment methods that the provider keeps: by the buyer's choice, known here by a number, and removed for good."""

from __future__ import annotations

import re
from contextlib import suppress
from unittest.mock import Mock

import pytest

from accounts.models import Deletion
from common import clock
from payments.gateway import GatewayRefused, GatewayUnknown
from payments.models import FaultKind, SandboxObject
from payments.stripe.sandbox import customers, faults, payment_page
from payments.stripe.sandbox.customers import delete_customer
from payments.stripe.sandbox.resources import SandboxError
from storefront.checkout import account_deletion, retry_stuck
from storefront.checkout.models import Order, OrderState, Payment, SavedCard
from storefront.checkout.orders.services import settlement
from storefront.checkout.saved_cards import selectors
from storefront.checkout.saved_cards import services as saved_cards
from tests.factories.accounts import make_reader
from tests.factories.buying import make_book, open_page, pay_session, place_order, stored_session
from tests.factories.guests import place_as_guest, visitor_cart

pytestmark = pytest.mark.django_db


def pay(client, order, *, save=True, card="us"):
    """On the provider's page, perhaps with the box ticked; the buyer comes back. Returns the page's markup."""
    page = f"/payments/sandbox/pay/{open_page(order)}/"
    html = client.get(page).content.decode()
    form = {"card": card, "country": "US"} | ({"save": "on"} if save else {})
    client.get(client.post(page, form)["Location"].removeprefix("http://testserver"))
    with suppress(GatewayUnknown):
        work()
    order.refresh_from_db()
    assert order.state == OrderState.PAID
    return html


def work():
    """What the worker does, and the sweeper has it do again."""
    for card_id in list(selectors.to_settle().values_list("pk", flat=True)):
        saved_cards.settle(card_id=card_id)


def at_provider(kind="customer"):
    return SandboxObject.objects.filter(kind=kind).count()


def session_of(order):
    return SandboxObject.objects.get(object_id=order.payments.last().session_id).data


class TestSaving:
    def test_is_asked_and_not_ticked(self, signed_in, reader):
        html = pay(signed_in, place_order(reader, make_book()), save=False)
        box = re.search(r'<input type="checkbox" name="save"[^>]*>', html)[0]
        assert "checked" not in box

    def test_of_who_does_not_want_it_nothing_is_kept(self, signed_in, reader):
        pay(signed_in, place_order(reader, make_book()), save=False)
        assert not SavedCard.objects.exists()
        assert at_provider() == 0

    def test_the_next_page_knows_the_card(self, signed_in, reader):
        pay(signed_in, place_order(reader, make_book()), card="de")
        customer_id = selectors.customer_of(reader)
        assert customer_id == SavedCard.objects.get().customer_id != ""
        order = place_order(reader, make_book())
        html = pay(signed_in, order, save=False)
        assert (session_of(order)["customer"], session_of(order)["customer_email"]) == (customer_id, None)
        assert re.search(r'value="de"\s+id="card-de"\s+checked', html)
        assert selectors.customer_of(reader) == customer_id
        assert at_provider() == 1

    def test_only_the_number_is_stored_here(self):
        names = {field.name for field in SavedCard._meta.fields}
        assert names == {"id", "user", "customer_id", "created_at", "checked_at", "removed_at"}

    def test_guests_are_not_asked(self, client):
        order = place_as_guest(visitor_cart(make_book()))
        html = client.get(f"/payments/sandbox/pay/{open_page(order)}/").content.decode()
        assert 'name="save"' not in html
        assert session_of(order)["customer_creation"] == "if_required"

    def test_a_lost_answer_is_asked_for_again(self, signed_in, reader):
        faults.arm(FaultKind.LOST_BEFORE, "/v1/customers", times=3)
        order = place_order(reader, make_book())
        pay(signed_in, order)
        assert selectors.customer_of(reader) == ""
        retry_stuck.retry_stuck()
        work()
        assert selectors.customer_of(reader) != ""

    def test_a_debit_that_is_confirmed_after_the_customer_was_deleted(self, reader):
        """The provider names the customer again, who is not there any more: nothing is asked for ever."""
        order = place_order(reader, make_book())
        session_id = open_page(order)
        pay_session(session_id, card="debit")
        settlement.settle_session(session_id=session_id)
        work()
        assert at_provider() == 0
        payment_page.settle_later_payment(stored_session(session_id))
        settlement.settle_session(session_id=session_id)
        work()
        order.refresh_from_db()
        assert order.state == OrderState.PAID
        assert not SavedCard.objects.exists()

    def test_a_customer_that_the_provider_has_lost_does_not_stop_the_order(self, signed_in, reader):
        pay(signed_in, place_order(reader, make_book()))
        delete_customer({}, SavedCard.objects.get().customer_id)
        pay(signed_in, place_order(reader, make_book()), save=False)
        assert not SavedCard.objects.exists()
        assert Payment.objects.filter(order=Order.objects.last()).count() == 2


class TestRemoving:
    @pytest.fixture
    def saved(self, signed_in, reader):
        pay(signed_in, place_order(reader, make_book()))
        return SavedCard.objects.get()

    def test_by_a_press_on_the_account_s_page(self, signed_in, saved):
        assert "Remove it" in signed_in.get("/account/payment/").content.decode()
        html = signed_in.post("/account/payment/", follow=True).content.decode()
        work()
        assert "removed here and at the payment provider" in html
        assert "Nothing is saved" in html
        assert at_provider() == at_provider("payment_method") == 0
        assert not SavedCard.objects.exists()

    def test_is_not_used_while_the_provider_is_silent_and_deleted_later(self, reader, saved):
        faults.arm(FaultKind.LOST_BEFORE, "/v1/customers", times=3)
        saved_cards.remove(actor=reader, at=clock.now())
        with pytest.raises(GatewayUnknown):
            work()
        assert selectors.customer_of(reader) == ""
        assert at_provider() == 1
        work()
        assert not SavedCard.objects.exists()
        assert at_provider() == 0

    def test_what_the_provider_refuses_to_delete_is_not_forgotten(self, reader, saved, monkeypatch):
        refused = SandboxError("customer_locked", "This customer cannot be deleted now.")
        monkeypatch.setattr(customers, "load", Mock(side_effect=refused))
        saved_cards.remove(actor=reader, at=clock.now())
        with pytest.raises(GatewayRefused):
            work()
        assert SavedCard.objects.get().removed_at is not None

    def test_a_page_that_waits_with_the_customer_is_closed_and_the_next_has_none(
        self, reader, saved, django_capture_on_commit_callbacks
    ):
        order = place_order(reader, make_book())
        open_page(order)
        with django_capture_on_commit_callbacks(execute=True):
            saved_cards.remove(actor=reader, at=clock.now())
        order.refresh_from_db()
        assert order.state == OrderState.CANCELED
        again = place_order(reader)
        open_page(again)
        assert (again.pk != order.pk, session_of(again)["customer"]) == (True, None)

    def test_nobody_removes_another_s(self, client, saved):
        client.force_login(make_reader())
        client.post("/account/payment/")
        assert SavedCard.objects.get().removed_at is None

    def test_with_the_account(self, reader, saved):
        deletion = Deletion(user=reader)
        account_deletion.erase(deletion, clock.now())
        account_deletion.erase(deletion, clock.now())
        work()
        assert not SavedCard.objects.exists()
        assert at_provider() == 0


def test_the_ways_to_pay_are_named_before_the_payment_page(signed_in):
    edition = make_book()
    signed_in.post("/cart/add/", {"edition": edition.public_id}, headers={"Sec-Fetch-Site": "same-origin"})
    html = signed_in.get("/checkout/").content.decode()
    assert "On the next page, you can pay by:" in html
    assert "<li>Card</li>" in html
