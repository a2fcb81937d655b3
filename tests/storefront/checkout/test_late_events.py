"""What the provider tells late is booked for when it happened, or for the first month that can still bear it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from common import clock
from common.money import Money
from common.periods import Month
from payments.gateway import GatewayUnknown
from payments.services import gateway
from payments.stripe.gateway import StripeGateway
from payments.stripe.sandbox import disputes as bank
from royalties.models import ItemState, JournalEntry, ReconciliationItem, SaleRecord, Statement
from royalties.services import clearing, invariants
from royalties.services.reconciliation import reconcile
from storefront.checkout.models import Dispute, Entitlement, Order, Refund
from storefront.checkout.orders.services import settlement
from storefront.checkout.receipts.selectors import receipt_of
from storefront.checkout.refunds import services as refunds
from storefront.checkout.refunds.services.refund_window import end_of_window
from tests.factories.accounts import make_author, make_finance, make_reader
from tests.factories.buying import buy, make_book, open_page, pay_session, place_order
from tests.payments.postman import deliver_all
from tests.royalties import closing
from tests.royalties.books import assert_balances_agree

pytestmark = [pytest.mark.both, pytest.mark.django_db]

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
BOUGHT = datetime(2026, 10, 4, 10, 4, 31, tzinfo=UTC)
TOLD = datetime(2026, 11, 24, 12, tzinfo=UTC)


def entry(kind: str) -> JournalEntry:
    return JournalEntry.objects.get(kind=kind)


def times(kind: str) -> tuple[datetime, datetime]:
    found = entry(kind)
    return found.occurred_at, found.booked_at


def paid_unheard(*, at: datetime = BOUGHT, currency: str = "USD", **fields) -> tuple[Order, str]:
    """An order that a reader paid on the provider's page, of which no notice has come."""
    with clock.frozen(at - timedelta(minutes=1)):
        book = make_book(prices={currency: 1200 if currency == "JPY" else 499}, **fields)
        order = place_order(make_reader(), book, currency=currency)
        session_id = open_page(order)
    with clock.frozen(at):
        pay_session(session_id)
    return order, session_id


def bought(*, at: datetime = BOUGHT, **fields) -> Order:
    order, session_id = paid_unheard(at=at, **fields)
    with clock.frozen(at):
        settlement.settle_session(session_id=session_id)
    order.refresh_from_db()
    return order


def charge_of(order: Order) -> str:
    return gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id


def give_back_elsewhere(order: Order, *, at: datetime, amount_minor: int = 499) -> None:
    """Somebody gives money back in the provider's own pages; no notice comes."""
    with clock.frozen(at):
        gateway().refund(
            key="dashboard",
            payment_id=order.payments.get().provider_payment_id,
            amount=Money(amount_minor, order.currency),
        )


def close(month: Month) -> Statement:
    closing.close(period=month, at=clock.now())
    return Statement.objects.get(period=str(month))


def assert_in_order() -> None:
    assert invariants.check_invariants() == []
    assert_balances_agree()


class TestPayments:
    def test_told_after_the_months_end(self):
        order, session_id = paid_unheard()
        settlement.settle_session(session_id=session_id)
        order.refresh_from_db()
        assert order.paid_at == SaleRecord.objects.get().sold_at == BOUGHT
        assert times("sale") == times("processor_fee") == (BOUGHT, BOUGHT)
        assert close(OCTOBER).royalties_minor == 415
        assert_in_order()

    def test_told_after_the_month_was_closed(self):
        bought(at=BOUGHT)
        _, session_id = paid_unheard(at=BOUGHT + timedelta(days=1))
        close(OCTOBER)
        settlement.settle_session(session_id=session_id)
        for kind in ("sale", "processor_fee"):
            late = JournalEntry.objects.filter(kind=kind).latest("pk")
            assert (late.occurred_at, late.booked_at) == (BOUGHT + timedelta(days=1), NOVEMBER.start)
        assert_in_order()

    def test_the_reader_keeps_the_whole_window_and_nothing_clears_early(self):
        """Fourteen days from the day on which the reader got the book, not from one before that."""
        order, session_id = paid_unheard()
        settlement.settle_session(session_id=session_id)
        order.refresh_from_db()
        entitlement = Entitlement.objects.get()
        assert entitlement.granted_at == TOLD
        assert order.refundable_until == SaleRecord.objects.get().clears_at == end_of_window(TOLD)
        lines = list(order.lines.all())
        assert receipt_of(order, lines).lines[0].supplied_at == TOLD
        assert clearing.clear_due(at=end_of_window(TOLD) - timedelta(seconds=1)) == 0
        assert clearing.clear_due(at=end_of_window(TOLD)) == 1

    def test_a_conversion(self):
        _, session_id = paid_unheard(currency="JPY")
        settlement.settle_session(session_id=session_id)
        assert times("conversion") == times("sale") == (BOUGHT, BOUGHT)
        assert_in_order()

    def test_a_payment_for_what_the_reader_has_already(self):
        with clock.frozen(BOUGHT - timedelta(minutes=9)):
            reader, book = make_reader(), make_book()
            older = place_order(reader, book)
            session_id = open_page(older)
            buy(reader, make_book(), book)
        with clock.frozen(BOUGHT):
            pay_session(session_id)
        settlement.settle_session(session_id=session_id)
        assert times("needless_payment") == (BOUGHT, BOUGHT)
        assert Refund.objects.get().requested_at == TOLD
        assert_in_order()

    @pytest.mark.parametrize("told", [TOLD + timedelta(days=3), BOUGHT - timedelta(days=3)])
    def test_an_impossible_time_is_not_believed(self, told, monkeypatch, caplog):
        order, session_id = paid_unheard()
        real = StripeGateway.fetch_payment
        monkeypatch.setattr(
            StripeGateway, "fetch_payment", lambda self, **asked: replace(real(self, **asked), paid_at=told)
        )
        settlement.settle_session(session_id=session_id)
        order.refresh_from_db()
        assert order.paid_at == min(max(told, order.created_at), TOLD)
        assert "provider.impossible_time" in caplog.text


class TestRefunds:
    def test_made_at_the_provider_last_month(self):
        order, made_at = bought(), BOUGHT + timedelta(days=3)
        give_back_elsewhere(order, at=made_at)
        deliver_all()
        assert times("refund") == (made_at, made_at)
        refund = Refund.objects.get()
        assert (refund.requested_at, refund.finished_at) == (made_at, made_at)
        assert Entitlement.objects.get().ended_at == TOLD
        statement = close(OCTOBER)
        assert (statement.royalties_minor, statement.returns_minor, statement.closing_minor) == (415, 415, 0)
        assert_in_order()

    def test_of_a_month_that_is_closed(self):
        order, made_at = bought(), BOUGHT + timedelta(days=3)
        give_back_elsewhere(order, at=made_at)
        assert close(OCTOBER).returns_minor == 0
        deliver_all()
        assert times("refund") == (made_at, NOVEMBER.start)
        assert_in_order()

    def test_counts_when_what_it_takes_was_there(self):
        """The sale cleared in November; in October nothing of it was payable, and the debt of that never was."""
        order = bought(at=datetime(2026, 10, 25, 9, tzinfo=UTC))
        made_at = datetime(2026, 10, 30, 9, tzinfo=UTC)
        give_back_elsewhere(order, at=made_at)
        with clock.frozen(datetime(2026, 11, 12, tzinfo=UTC)):
            assert clearing.clear_due(at=clock.now()) == 1
        deliver_all()
        assert times("refund") == (made_at, NOVEMBER.start)
        assert close(OCTOBER).closing_clearing_minor == 415
        with clock.frozen(datetime(2026, 12, 5, tzinfo=UTC)):
            assert close(NOVEMBER).closing_minor == 0
        assert_in_order()

    def test_what_cleared_in_the_same_month_is_taken_in_it(self):
        owner = make_author()
        order = bought(at=datetime(2026, 10, 2, 9, tzinfo=UTC), owner=owner)
        with clock.frozen(datetime(2026, 10, 20, tzinfo=UTC)):
            assert clearing.clear_due(at=clock.now()) == 1
        made_at = datetime(2026, 10, 30, 9, tzinfo=UTC)
        give_back_elsewhere(order, at=made_at)
        deliver_all()
        assert times("refund") == (made_at, made_at)
        assert close(OCTOBER).closing_minor == 0
        assert_in_order()

    def test_an_answer_of_ours_that_was_lost(self, monkeypatch):
        """The money left in October; the sweeper finds it out weeks later."""
        order, asked_at = bought(), BOUGHT + timedelta(days=2)
        with clock.frozen(asked_at):
            line = order.lines.select_related("order").get()
            refund = refunds.propose_refund(
                actor=make_finance(), line=line, amount=None, reason="A broken file.", at=asked_at
            )
            real = StripeGateway.refund

            def lost(self, **asked):
                real(self, **asked)
                raise GatewayUnknown("lost")

            with monkeypatch.context() as patched, pytest.raises(GatewayUnknown):
                patched.setattr(StripeGateway, "refund", lost)
                refunds.send_refund(refund_id=refund.pk)
        refunds.send_refund(refund_id=refund.pk)
        assert times("refund") == (asked_at, asked_at)
        assert_in_order()


class TestDisputes:
    def test_told_late(self):
        order, opened_at, lost_at = bought(), BOUGHT + timedelta(days=5), BOUGHT + timedelta(days=20)
        with clock.frozen(opened_at):
            dispute = bank.open_dispute(charge_of(order))
        with clock.frozen(lost_at):
            bank.decide_dispute(dispute["id"], "lost")
        deliver_all()
        assert Dispute.objects.get().opened_at == opened_at
        assert times("dispute_opened") == (opened_at, opened_at)
        assert times("dispute_lost") == (lost_at, lost_at)
        assert Entitlement.objects.get().ended_at == TOLD
        statement = close(OCTOBER)
        assert (statement.returns_minor, statement.closing_minor) == (415, 0)
        assert_in_order()

    def test_won(self):
        order, opened_at, won_at = bought(), BOUGHT + timedelta(days=5), BOUGHT + timedelta(days=40)
        with clock.frozen(opened_at):
            dispute = bank.open_dispute(charge_of(order))
            deliver_all()
        with clock.frozen(won_at):
            bank.decide_dispute(dispute["id"], "won")
        deliver_all()
        assert times("dispute_won") == (won_at, won_at)
        assert close(OCTOBER).closing_disputed_minor == 415
        assert_in_order()

    def test_holds_what_was_there(self):
        """Opened in October, told when the sale had cleared: what is held was payable in November only."""
        opened_at = datetime(2026, 10, 30, 9, tzinfo=UTC)
        order = bought(at=datetime(2026, 10, 25, 9, tzinfo=UTC))
        with clock.frozen(opened_at):
            dispute = bank.open_dispute(charge_of(order))
        with clock.frozen(opened_at + timedelta(hours=1)):
            bank.decide_dispute(dispute["id"], "lost")
        with clock.frozen(datetime(2026, 11, 12, tzinfo=UTC)):
            assert clearing.clear_due(at=clock.now()) == 1
        deliver_all()
        for kind in ("dispute_opened", "dispute_lost"):
            assert times(kind)[1] == NOVEMBER.start
        assert close(OCTOBER).closing_clearing_minor == 415
        assert_in_order()


def test_both_sides_agree_and_late_ones_are_marked():
    """A comparison more than a day after the payment had not found it in our books."""
    order, session_id = paid_unheard()
    with clock.frozen(BOUGHT + timedelta(days=2)):
        assert reconcile(at=clock.now()).open_items == 1
    settlement.settle_session(session_id=session_id)
    assert reconcile(at=clock.now()).open_items == 0
    assert ReconciliationItem.objects.get(key=order.public_id).state == ItemState.LATE
