"""Orders whose payment was not what was quoted: who hears of it, and the two ways out."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import AuditEntry
from common import clock
from common.errors import NotAllowed
from common.money import Money
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from royalties.services.invariants import check_invariants
from storefront.checkout import retry_stuck
from storefront.checkout.disputes.services import emails as dispute_mails
from storefront.checkout.errors import MismatchChanged, MismatchDecided, MismatchDisputed, NotAsQuoted
from storefront.checkout.guests import selectors as guest_selectors
from storefront.checkout.models import CouponRedemption, Dispute, Entitlement, Order, OrderState, PaymentState, Refund
from storefront.checkout.orders.services import emails, payment_mismatch, settlement
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_finance, make_moderator, make_reader
from tests.factories.buying import fill_cart, make_book, open_page, pay_session, place_order
from tests.factories.guests import place_as_guest, visitor_cart
from tests.factories.offers import balances, make_author_coupon, use_code
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree
from tests.storefront.checkout.orders.test_faults import two_pages
from tests.storefront.checkout.orders.test_order_page import words

pytestmark = pytest.mark.django_db


def paid_otherwise(order):
    """The order as it is when the page asked for more than it did when the reader paid."""
    session_id = open_page(order)
    pay_session(session_id)
    Order.objects.filter(pk=order.pk).update(total_minor=order.total_minor - 1)
    settlement.settle_session(session_id=session_id)
    order.refresh_from_db()
    assert order.state == OrderState.QUARANTINED
    return order


def mend(order):
    """What is asked for is what was paid, after all."""
    Order.objects.filter(pk=order.pk).update(total_minor=order.total_minor + 1)
    order.refresh_from_db()


def lose(order):
    """The bank takes the order's first payment back, for good; the dispute's id."""
    paid = order.payments.order_by("pk")[0].provider_payment_id
    charge = gateway().fetch_payment(payment_id=paid).charge_id
    dispute = bank.open_dispute(charge)["id"]
    deliver_all()
    bank.decide_dispute(dispute, "lost")
    deliver_all()
    return dispute


@pytest.fixture
def order(reader):
    return paid_otherwise(place_order(reader, make_book()))


class TestHearing:
    def test_the_buyer_hears_once(self, reader, mailoutbox, django_capture_on_commit_callbacks):
        placed = place_order(reader, make_book())
        with django_capture_on_commit_callbacks(execute=True):
            order = paid_otherwise(placed)
        assert [one.subject for one in mailoutbox] == ["We are checking your payment"]
        assert "Please do not pay again" in mailoutbox[0].body
        assert emails.mail_quarantine(order_id=order.pk) is False

    def test_the_sweeper_tells_what_a_lost_message_did_not(self, order, mailoutbox, django_capture_on_commit_callbacks):
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                retry_stuck.retry_stuck()
        assert [one.subject for one in mailoutbox] == ["We are checking your payment"]

    def test_a_guest_finds_it(self):
        order = paid_otherwise(place_as_guest(visitor_cart(make_book())))
        assert guest_selectors.paid_orders_of_email("ann@example.org") == [order]


class TestTakenByTheBank:
    def test_the_buyer_hears_once(self, order, reader, mailoutbox, signed_in, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            lose(order)
        assert dispute_mails.mail_dispute(dispute_id=Dispute.objects.get().pk) is False
        told = [one for one in mailoutbox if "bank has taken" in one.subject]
        assert [one.to for one in told] == [[reader.email]]
        assert "returned the $4.99 you paid" in told[0].body
        assert "We had not supplied anything" in told[0].body
        assert "order the books again" in told[0].body
        page = words(signed_in, order)
        assert "Your bank has taken back the money for this order" in page
        assert "We will review it within a day" not in page

    def test_the_page_waits_for_a_person_while_another_payment_is_there(self, reader, signed_in):
        placed = place_order(reader, make_book())
        sessions = two_pages(placed)
        Order.objects.filter(pk=placed.pk).update(total_minor=placed.total_minor - 1)
        for session_id in sessions:
            pay_session(session_id)
            settlement.settle_session(session_id=session_id, reference=placed.public_id)
        reader.refresh_from_db()
        type(reader).objects.filter(pk=reader.pk).update(language="", country="")
        lose(placed)
        assert "We will review it within a day" in words(signed_in, placed)

    def test_nothing_is_said_while_it_decides_nor_when_it_decides_for_us(
        self, order, mailoutbox, django_capture_on_commit_callbacks
    ):
        charge = gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id
        with django_capture_on_commit_callbacks(execute=True):
            dispute = bank.open_dispute(charge)["id"]
            deliver_all()
            bank.decide_dispute(dispute, "won")
            deliver_all()
        assert not [one for one in mailoutbox if "bank has taken" in one.subject]

    def test_of_a_payment_on_its_way_back_as_well(self, order, mailoutbox, django_capture_on_commit_callbacks):
        """The bank was faster than the refund, which the provider refuses."""
        payment_mismatch.refund_order(actor=make_finance(), order=order, at=clock.now())
        with django_capture_on_commit_callbacks(execute=True):
            lose(order)
        refunds.send_refund(refund_id=Refund.objects.get().pk)
        assert [one.subject for one in mailoutbox] == ["Your bank has taken a payment back"]
        assert "We had not supplied anything" in mailoutbox[0].body


class TestGiveBack:
    def test_everything_goes_back_and_the_buyer_hears_of_it(
        self, order, mailoutbox, signed_in, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            payment_mismatch.refund_order(actor=make_finance(), order=order, at=clock.now())
        order.refresh_from_db()
        assert (order.state, order.payments.get().state) == (OrderState.CANCELED, PaymentState.REFUNDED)
        assert Refund.objects.get().amount_minor == 499
        assert not Entitlement.objects.exists()
        assert "refund_pending" not in balances()
        assert "was not the one we asked for" in mailoutbox[-1].body
        assert "We are refunding what you paid" in words(signed_in, order)
        assert AuditEntry.objects.filter(verb="order.sent_back", subject_id=order.public_id).count() == 1
        assert check_invariants() == []
        assert_balances_agree()

    def test_frees_the_coupon(self, reader):
        book = make_book()
        fill_cart(reader, book)
        coupon = make_author_coupon(book.work.owner)
        use_code(reader, coupon)
        order = paid_otherwise(place_order(reader))
        payment_mismatch.refund_order(actor=make_finance(), order=order, at=clock.now())
        coupon.refresh_from_db()
        assert (coupon.claimed, CouponRedemption.objects.get().state) == (0, "released")

    def test_after_a_part_went_back_in_the_providers_pages_only_the_rest_does(self, order):
        paid = order.payments.get().provider_payment_id
        gateway().refund(key="by hand", payment_id=paid, amount=Money(200, "USD"))
        deliver_all()
        payment_mismatch.refund_order(actor=make_finance(), order=order, at=clock.now())
        for _ in range(2):
            for refund in Refund.objects.filter(state="pending"):
                refunds.send_refund(refund_id=refund.pk)
        assert "refund_pending" not in balances()
        assert check_invariants() == []
        assert_balances_agree()

    def test_not_what_a_bank_has(self, order):
        charge = gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id
        bank.open_dispute(charge)
        deliver_all()
        with pytest.raises(MismatchDisputed):
            payment_mismatch.refund_order(actor=make_finance(), order=order, at=clock.now())
        assert not Refund.objects.exists()

    def test_what_a_bank_has_for_good_is_booked_and_not_sent_again(self, reader, signed_in):
        book = make_book()
        fill_cart(reader, book)
        coupon = make_author_coupon(book.work.owner)
        use_code(reader, coupon)
        order = paid_otherwise(place_order(reader))
        lose(order)
        assert "bad_debt" in balances()
        payment_mismatch.refund_order(actor=make_finance(), order=order, at=clock.now())
        order.refresh_from_db()
        coupon.refresh_from_db()
        assert (order.state, order.payments.get().state) == (OrderState.CANCELED, PaymentState.REFUNDED)
        assert (coupon.claimed, CouponRedemption.objects.get().state) == (0, "released")
        assert not Refund.objects.exists()
        page = words(signed_in, order)
        assert "Your bank has taken back the money for this order" in page
        assert "We are refunding what you paid" not in page
        assert {"bad_debt", "refund_pending", "dispute_in_progress"}.isdisjoint(balances())
        assert check_invariants() == []
        assert_balances_agree()

    def test_what_an_appeal_brings_goes_back_then(self, order):
        dispute = lose(order)
        payment_mismatch.refund_order(actor=make_finance(), order=order, at=clock.now())
        for outcome in ("appealable", "won"):
            bank.decide_dispute(dispute, outcome)
            deliver_all()
        refunds.send_refund(refund_id=Refund.objects.get().pk)
        assert Refund.objects.get().amount_minor == 499
        assert {"bad_debt", "refund_pending", "dispute_in_progress"}.isdisjoint(balances())
        assert check_invariants() == []
        assert_balances_agree()

    def test_another_payment_that_the_bank_has_not_taken_does(self, reader):
        placed = place_order(reader, make_book())
        sessions = two_pages(placed)
        Order.objects.filter(pk=placed.pk).update(total_minor=placed.total_minor - 1)
        for session_id in sessions:
            pay_session(session_id)
            settlement.settle_session(session_id=session_id, reference=placed.public_id)
        placed.refresh_from_db()
        lose(placed)
        payment_mismatch.refund_order(actor=make_finance(), order=placed, at=clock.now())
        sent = Refund.objects.get()
        taken = placed.payments.order_by("pk")[0]
        assert (sent.amount_minor, taken.state) == (499, PaymentState.REFUNDED)
        assert sent.payment != taken
        refunds.send_refund(refund_id=sent.pk)
        assert {"bad_debt", "refund_pending", "dispute_in_progress"}.isdisjoint(balances())
        assert check_invariants() == []
        assert_balances_agree()

    def test_not_before_a_payment_that_came_meanwhile_was_seen(self, order, monkeypatch):
        """It is settled between the look and the lock."""
        first = order.payments.get()
        first.pk, first.public_id, first.session_id, first.key = None, "pay_meanwhile", "cs_meanwhile", "meanwhile"
        lock = payment_mismatch._lock

        def lock_late(order):
            first.save(force_insert=True)
            return lock(order)

        monkeypatch.setattr(payment_mismatch, "_lock", lock_late)
        with pytest.raises(MismatchChanged):
            payment_mismatch.refund_order(actor=make_finance(), order=order, at=clock.now())
        assert not Refund.objects.exists()

    def test_once(self, order):
        stale = Order.objects.get(pk=order.pk)
        payment_mismatch.refund_order(actor=make_finance(), order=order, at=clock.now())
        for act in (payment_mismatch.refund_order, payment_mismatch.accept):
            with pytest.raises(MismatchDecided):
                act(actor=make_finance(), order=stale, at=clock.now())
        assert Refund.objects.count() == 1


class TestAccept:
    def test_not_while_it_is_another_amount(self, order):
        with pytest.raises(NotAsQuoted):
            payment_mismatch.accept(actor=make_finance(), order=order, at=clock.now())
        order.refresh_from_db()
        assert order.state == OrderState.QUARANTINED
        assert not Entitlement.objects.exists()

    def test_as_any_paid_order_when_it_is_what_was_quoted(self, order, mailoutbox, django_capture_on_commit_callbacks):
        mend(order)
        with django_capture_on_commit_callbacks(execute=True):
            payment_mismatch.accept(actor=make_finance(), order=order, at=clock.now())
        order.refresh_from_db()
        assert (order.state, Entitlement.objects.get().user) == (OrderState.PAID, order.buyer)
        assert mailoutbox[-1].subject == "Your books and receipt"
        assert AuditEntry.objects.filter(verb="order.accepted", subject_id=order.public_id).count() == 1
        assert check_invariants() == []
        assert_balances_agree()

    @pytest.mark.parametrize("given_back", [499, 1])
    def test_not_what_went_back_in_the_providers_pages(self, order, given_back):
        mend(order)
        paid = order.payments.get().provider_payment_id
        gateway().refund(key="by hand", payment_id=paid, amount=Money(given_back, "USD"))
        deliver_all()
        with pytest.raises(NotAsQuoted):
            payment_mismatch.accept(actor=make_finance(), order=order, at=clock.now())
        order.refresh_from_db()
        assert order.state == OrderState.QUARANTINED
        assert not Entitlement.objects.exists()

    def test_not_for_who_has_the_book_by_now(self, order):
        mend(order)
        edition = order.lines.get().edition
        Entitlement.objects.create(user=order.buyer, work=edition.work, edition=edition, granted_at=clock.now())
        with pytest.raises(NotAsQuoted):
            payment_mismatch.accept(actor=make_finance(), order=order, at=clock.now())


class TestWho:
    @pytest.mark.parametrize("act", [payment_mismatch.accept, payment_mismatch.refund_order])
    def test_finance_only_and_not_of_ones_own(self, act):
        own = make_finance()
        order = paid_otherwise(place_order(own, make_book()))
        for actor in (own, make_reader(), make_moderator()):
            with pytest.raises(NotAllowed):
                act(actor=actor, order=order, at=clock.now())
        assert not Refund.objects.exists()

    def test_the_page_in_the_office(self, order, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        office = Client()
        office.force_login(make_finance())
        address = f"/finance/orders/{order.public_id}/"
        assert "Waiting for a decision" in office.get("/finance/orders/").content.decode()
        assert "Refund in full" in office.get(address).content.decode()
        told = office.post(f"{address}quarantine/", {"decision": "accept"}, follow=True).content.decode()
        assert "still differs from what was quoted" in told
        told = office.post(f"{address}quarantine/", {"decision": "return"}, follow=True).content.decode()
        assert "Any money that no bank has taken back is being refunded" in told
        order.refresh_from_db()
        assert order.state == OrderState.CANCELED
        assert "Refund in full" not in office.get(address).content.decode()
