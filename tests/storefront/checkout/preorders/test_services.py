"""Pre-orders: paid now with their tax, supplied when the work is out, given back when it never will be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from common import clock
from publishing import services as publishing_services
from publishing.models import EditionState
from royalties.models import SaleRecord
from royalties.services import clearing
from royalties.services.invariants import check_invariants
from storefront.catalogue.models import Listing
from storefront.checkout import errors, permissions, retry_stuck
from storefront.checkout.entitlements.services import deferred_lines
from storefront.checkout.models import Entitlement, OrderLine, OrderState, Preorder, Refund, RefundState
from storefront.checkout.orders.services import settlement
from storefront.checkout.preorders import selectors as preorder_selectors
from storefront.checkout.preorders.services import emails, preorders
from storefront.checkout.refunds import services as refunds
from storefront.library.selectors import library as library_selectors
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import fill_cart, open_page, pay_session, place_order
from tests.factories.offers import RELEASE, balances, give, make_awaited, pay, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def awaited(db):
    return make_awaited()


def order_ahead(reader, edition, **kwargs):
    return pay(place_order(reader, edition, **kwargs))


def supply(preorder=None):
    return preorders.supply(preorder_id=(preorder or Preorder.objects.get()).pk, at=clock.now())


class TestOrderingAhead:
    def test_the_work_is_in_the_shop_with_its_day(self, awaited):
        listing = Listing.objects.on_sale().get(work=awaited.work)
        assert listing.release_date == RELEASE
        assert listing.details.edition == awaited.public_id

    def test_defers_the_price_and_owes_the_tax(self, reader):
        edition = make_awaited(prices={"EUR": 1070})
        order = order_ahead(reader, edition, country="DE", currency="EUR")
        assert order.state == OrderState.PAID
        assert balances("EUR") == {
            "stripe_balance": 1070 - 60,
            "processor_fee": 60,
            "deferred:preorder": -1000,
            "tax:vat:DE": -70,
        }
        assert not Entitlement.objects.exists()
        assert not SaleRecord.objects.exists()
        assert check_invariants() == []

    def test_stands_in_the_library_as_on_its_way(self, reader, awaited):
        order_ahead(reader, awaited)
        (book,) = library_selectors.awaited_by(reader)
        assert (book.title, book.release_date) == ("The Lighthouse", RELEASE)
        assert library_selectors.library_of(reader) == []

    def test_twice_is_refused(self, reader, awaited):
        order_ahead(reader, awaited)
        fill_cart(reader, awaited)
        with pytest.raises(errors.AlreadyPreordered, match="The Lighthouse"):
            place_order(reader)

    def test_is_refused_once_the_day_has_come_without_the_book(self, reader, awaited):
        with clock.frozen(clock.now() + timedelta(days=120)), pytest.raises(errors.NotOnSale):
            fill_cart(reader, awaited)

    def test_a_draft_that_nobody_announced_cannot_be_ordered(self, reader, awaited):
        awaited.work.release_date = None
        awaited.work.save()
        with pytest.raises(errors.NotOnSale):
            fill_cart(reader, awaited)

    def test_beside_a_book_that_is_out(self, reader, book, awaited):
        order = pay(place_order(reader, book, awaited))
        assert order.total_minor == 998
        assert Entitlement.objects.get().work == book.work
        assert check_invariants() == []

    def test_the_same_book_paid_in_two_orders_is_given_back_once(self, reader, book, awaited):
        first = place_order(reader, awaited)
        session = open_page(first)  # replaced by the second order, and paid nevertheless
        second = place_order(reader, book)
        pay_session(session)
        settlement.settle_session(session_id=session)
        pay(second)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state) == (OrderState.PAID, OrderState.CANCELED)
        assert Refund.objects.get().payment.order == second


class TestSupply:
    def test_nothing_happens_before_the_work_is_out(self, reader, awaited):
        order_ahead(reader, awaited)
        assert supply() is False
        assert not SaleRecord.objects.exists()

    def test_becomes_a_sale_when_the_work_is_out(self, reader):
        edition = make_awaited(prices={"EUR": 1070})
        order_ahead(reader, edition, country="DE", currency="EUR")
        with clock.frozen(clock.now() + timedelta(days=99)):
            publish(edition)
            assert supply() is True
            sale = SaleRecord.objects.get()
            assert (sale.deferral, sale.sold_at, sale.clears_at) == (
                "preorder",
                clock.now(),
                clock.now() + timedelta(days=15),
            )
        assert Entitlement.objects.get().user == reader
        assert balances("EUR") == {
            "stripe_balance": 1070 - 60,
            "processor_fee": 60,
            "tax:vat:DE": -70,
            "platform_fee": -80,
            "processor_fee_recovered": -41,
            "contributor_clearing": -879,
        }
        assert check_invariants() == []

    def test_clears_a_window_after_release_not_after_payment(self, reader, awaited):
        order_ahead(reader, awaited)
        with clock.frozen(clock.now() + timedelta(days=99)):
            publish(awaited)
            supply()
            assert clearing.clear_due(at=clock.now() + timedelta(days=15, seconds=-1)) == 0
            assert clearing.clear_due(at=clock.now() + timedelta(days=15)) == 1

    def test_can_be_given_back_within_a_window_after_release(self, reader, awaited):
        order_ahead(reader, awaited)
        with clock.frozen(clock.now() + timedelta(days=99)):
            publish(awaited)
            supply()
            line = OrderLine.objects.select_related("order").get()
            end = clock.now() + timedelta(days=15)
            assert permissions.refund_way(reader, line, end - timedelta(seconds=1)) == permissions.RefundRoute.AT_ONCE
            assert permissions.refund_way(reader, line, end) == permissions.RefundRoute.NONE

    def test_twice_is_once(self, reader, awaited):
        order_ahead(reader, awaited)
        publish(awaited)
        assert [supply() for _ in range(3)] == [True] * 3
        assert SaleRecord.objects.count() == Entitlement.objects.count() == 1

    def test_by_the_message_of_publishing_and_by_the_sweeper(self, reader, awaited, django_capture_on_commit_callbacks):
        order_ahead(reader, awaited)
        other = make_reader()
        order_ahead(other, awaited)
        publish(awaited)  # its messages are lost
        with django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert Entitlement.objects.count() == 2

    def test_a_work_that_came_out_between_order_and_payment_is_supplied_at_once(
        self, reader, awaited, django_capture_on_commit_callbacks
    ):
        order = place_order(reader, awaited)
        publish(awaited)
        with django_capture_on_commit_callbacks(execute=True):
            pay(order)
        assert Entitlement.objects.get().edition == awaited

    def test_free_ones_are_supplied_without_money(self, reader):
        edition = make_awaited(prices={"USD": 0})
        order = place_order(reader, edition)
        assert (order.state, balances()) == (OrderState.PAID, {})
        publish(edition)
        assert supply() is True
        assert Entitlement.objects.get().user == reader

    def test_a_reader_who_got_it_as_a_gift_meanwhile_gets_the_money_back(self, reader, awaited):
        order_ahead(reader, awaited)
        publish(awaited)
        Entitlement.objects.create(user=reader, work=awaited.work, edition=awaited, granted_at=clock.now())
        assert supply() is False
        assert Refund.objects.get().reason == "owned_already"

    def test_what_goes_back_is_not_supplied(self, reader, awaited):
        order_ahead(reader, awaited)
        line = OrderLine.objects.select_related("order").get()
        refunds.request_refund(actor=reader, line=line, reason="", at=clock.now())
        publish(awaited)
        assert supply() is False
        assert not Entitlement.objects.exists()


class TestCanceling:
    def test_until_release_whenever_that_is(self, reader, awaited):
        order_ahead(reader, awaited)
        line = OrderLine.objects.select_related("order").get()
        assert (
            permissions.refund_way(reader, line, clock.now() + timedelta(days=500)) == permissions.RefundRoute.AT_ONCE
        )

    def test_books_price_and_tax_back(self, reader):
        edition = make_awaited(prices={"EUR": 1070})
        order_ahead(reader, edition, country="DE", currency="EUR")
        assert deferred_lines.cancel_for_refund(line=OrderLine.objects.get(), external_id="re_1", at=clock.now())
        assert balances("EUR") == {"stripe_balance": -60, "processor_fee": 60}
        publish(edition)
        assert supply() is False
        assert check_invariants() == []

    def test_calling_the_release_off_gives_everybody_everything_back(self, reader, awaited):
        free_reader = make_reader()
        order_ahead(reader, awaited)
        work = awaited.work
        publishing_services.cancel_release(actor=work.owner, work=work, at=clock.now())
        for _ in range(2):
            supply()
        refund = Refund.objects.get()
        assert (refund.line, refund.amount_minor, refund.reason) == (OrderLine.objects.get(), 499, "called_off")
        assert not Listing.objects.on_sale().filter(work=work).exists()
        with pytest.raises(errors.NotOnSale):
            fill_cart(free_reader, awaited)

    def test_what_the_provider_refuses_for_good_is_not_asked_for_every_minute(self, reader, awaited):
        order_ahead(reader, awaited)
        publishing_services.cancel_release(actor=awaited.work.owner, work=awaited.work, at=clock.now())
        supply()
        Refund.objects.update(state=RefundState.FAILED)
        supply()
        assert Refund.objects.count() == 1

    def test_a_free_one_is_canceled_without_a_refund(self, reader):
        edition = make_awaited(prices={"USD": 0})
        place_order(reader, edition)
        publishing_services.cancel_release(actor=edition.work.owner, work=edition.work, at=clock.now())
        supply()
        assert Preorder.objects.get().canceled_at == clock.now()
        assert not Refund.objects.exists()


class TestMails:
    def test_a_later_day_is_told_once_and_may_be_canceled(self, reader, awaited, django_capture_on_commit_callbacks):
        order_ahead(reader, awaited)
        work = awaited.work
        later = RELEASE + timedelta(days=60)
        publishing_services.announce_release(actor=work.owner, work=work, day=later, at=clock.now())
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                retry_stuck.retry_stuck()
        told = [message for message in mail.outbox if "new release date" in message.subject]
        assert len(told) == 1
        assert "later: on 2 May 2027 instead of 3 March 2027" in told[0].body
        assert "cancel" in told[0].body
        assert Preorder.objects.get().told_date == later

    def test_release_is_told_once(self, reader, awaited):
        order_ahead(reader, awaited)
        publish(awaited)
        supply()
        preorder = Preorder.objects.get()
        assert emails.mail_release(preorder_id=preorder.pk) is True
        assert emails.mail_release(preorder_id=preorder.pk) is False
        assert "http://testserver/read/the-lighthouse" in mail.outbox[-1].body

    def test_nobody_is_told_of_a_day_that_has_passed_into_release(self, reader, awaited):
        order_ahead(reader, awaited)
        publish(awaited)  # earlier than announced: the day became today
        assert not preorder_selectors.to_notify().exists()


def test_a_gift_and_an_order_ahead_share_no_account(reader, awaited):
    give(reader)
    order_ahead(reader, awaited)
    found = balances()
    assert (found["deferred:gift"], found["deferred:preorder"]) == (-499, -499)


def test_counts_who_waits(reader, awaited):
    order_ahead(reader, awaited)
    order_ahead(make_reader(), awaited)
    place_order(make_reader(), awaited)  # not paid
    assert preorder_selectors.count_waiting(awaited.work) == 2


def test_a_withdrawn_release_is_still_supplied(reader, awaited):
    order_ahead(reader, awaited)
    with transaction.atomic():
        edition = publish(awaited)
        publishing_services.withdraw_edition(actor=edition.work.owner, edition=edition, at=clock.now())
    edition.refresh_from_db()
    assert edition.state == EditionState.WITHDRAWN
    assert supply() is True


def test_somebody_elses_release_is_not_ones_own_to_call_off(awaited):
    with pytest.raises(Exception, match="nothing at this address"):
        publishing_services.cancel_release(actor=make_author(), work=awaited.work, at=clock.now())
