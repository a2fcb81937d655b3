"""R1 to R8: money going back when two want it, when there is not enough, after payout, dispute and month end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from common import clock
from common.errors import NotAllowed
from common.money import Money
from common.periods import Month
from payments.models import SandboxObject
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from payments.stripe.sandbox import refunds as provider_refunds
from royalties.models import JournalEntry, SaleRecord, SaleRefund, Statement
from royalties.services import clearing
from storefront.checkout import permissions
from storefront.checkout.entitlements.services import access_log
from storefront.checkout.errors import RefundDecided, RefundNotPossible, RefundTooLarge
from storefront.checkout.models import Entitlement, PaymentState, Refund, RefundOrigin, RefundState
from storefront.checkout.orders.services import settlement
from storefront.checkout.refunds import services as refunds
from tests.conftest import NOON
from tests.factories.accounts import make_finance, make_operator, make_reader
from tests.factories.buying import buy, make_book, open_page, pay_session, place_order
from tests.payments.postman import deliver_all
from tests.royalties import closing
from tests.royalties.books import assert_balances_agree, balance
from tests.royalties.test_services_disputes import spend
from tests.storefront.checkout.orders.test_races import PATIENT_S, failures, meet, together, without_locks

pytestmark = pytest.mark.django_db
AFTER = NOON + timedelta(days=15)


def propose(line, cents=None, actor=None):
    amount = Money(cents, line.order.currency) if cents else None
    return refunds.propose_refund(
        actor=actor or make_finance(), line=line, amount=amount, reason="A broken file.", at=clock.now()
    )


def pay_needlessly(reader, book):
    """The reader pays an order whose book another order has brought meanwhile; returns the charge."""
    older = place_order(reader, book)
    session_id = open_page(older)
    buy(reader, make_book(), book)
    pay_session(session_id)
    settlement.settle_session(session_id=session_id)
    return gateway().fetch_payment(payment_id=older.payments.get().provider_payment_id).charge_id


def give_back_elsewhere(order, cents):
    payment = order.payments.get()
    gateway().refund(key="dash", payment_id=payment.provider_payment_id, amount=Money(cents, "USD"))


def send(refund):
    return refunds.send_refund(refund_id=refund.pk)


def come_to(reader, line, share_bps):
    work = line.edition.work
    access_log.record_reading(actor=reader, work=work, detail="c", fraction_bps=share_bps, address=None, at=clock.now())


@pytest.mark.race
@pytest.mark.usefixtures("racing_db")
class TestR1Concurrent:
    @pytest.fixture
    def both(self):
        line = buy(make_reader(), make_book()).lines.select_related("order").get()
        people = [make_finance(), make_finance()]
        turn = iter(people)
        return lambda: propose(line, actor=next(turn))

    def test_r01_two_of_finance_give_the_same_line_back(self, both, monkeypatch):
        meet(monkeypatch, refunds.requests, "left_of", 2)
        results = together(both, 2)
        assert [type(each) for each in failures(results)] == [RefundNotPossible]
        assert Refund.objects.count() == 1

    def test_r01_without_the_lock_both_are_accepted(self, both, monkeypatch):
        meet(monkeypatch, refunds.requests, "left_of", 2, PATIENT_S)
        without_locks(monkeypatch)
        together(both, 2)
        assert Refund.objects.count() == 2

    def test_r01_fifty_readers_clicks_are_one_refund(self):
        line = buy(make_reader(), make_book()).lines.select_related("order__buyer").get()
        results = together(lambda: refunds.request_refund(actor=line.order.buyer, line=line, reason="", at=NOON).pk, 50)
        assert failures(results) == []
        assert len(set(results)) == 1


class TestRefundFaults:
    def test_r02_more_than_the_rest(self, reader, book):
        line = buy(reader, book).lines.get()
        send(propose(line, 300))
        with pytest.raises(RefundTooLarge):
            propose(line, 200)
        send(propose(line, 199))
        assert SaleRecord.objects.get().returned_minor == 499
        assert_balances_agree()

    def test_r02_waiting_claims_count(self, reader):
        line = buy(reader, make_book(prices={"USD": 9900})).lines.get()
        assert propose(line, 9000).state == RefundState.PROPOSED
        with pytest.raises(RefundTooLarge):
            propose(line, 1000)

    def test_r03_refund_made_in_the_dashboard(self, reader, book):
        order = buy(reader, book)
        payment = order.payments.get()
        gateway().refund(key="dash", payment_id=payment.provider_payment_id, amount=Money(100, "USD"))
        deliver_all()
        assert Refund.objects.get().origin == RefundOrigin.PROVIDER
        assert SaleRefund.objects.get().paid_minor == 100
        assert Entitlement.objects.get().ended_at is None
        assert_balances_agree()

    def test_r03_made_in_the_dashboard_while_ours_is_on_its_way(self, reader, book):
        """Theirs was first: ours is refused, theirs is booked, and the reader still gets the rest."""
        order = buy(reader, book)
        give_back_elsewhere(order, 100)
        ours = propose(order.lines.get())
        deliver_all()
        assert not Refund.objects.filter(origin=RefundOrigin.PROVIDER).exists()
        assert send(ours) == RefundState.FAILED
        assert Refund.objects.get(origin=RefundOrigin.PROVIDER).amount_minor == 100
        rest = Refund.objects.get(state=RefundState.PENDING)
        assert (rest.amount_minor, rest.origin, rest.requested_by) == (399, ours.origin, ours.requested_by)
        assert send(rest) == RefundState.SUCCEEDED
        deliver_all()
        assert SaleRecord.objects.get().state == "refunded"
        assert Refund.objects.count() == 3
        assert_balances_agree()

    def test_r03_made_in_the_dashboard_while_ours_can_succeed_too(self, reader, book):
        order = buy(reader, book, make_book())
        ours = propose(order.lines.first())
        give_back_elsewhere(order, 400)
        deliver_all()
        assert Refund.objects.get(origin=RefundOrigin.PROVIDER).line == order.lines.last()
        assert send(ours) == RefundState.SUCCEEDED
        assert_balances_agree()

    @pytest.mark.parametrize(("elsewhere", "left"), [(1000, 8900), (9900, 0)])
    def test_r03_made_in_the_dashboard_while_ours_waits_for_a_person(self, reader, elsewhere, left):
        order = buy(reader, make_book(prices={"USD": 9900}))
        ours = propose(order.lines.get())
        assert ours.state == RefundState.PROPOSED
        give_back_elsewhere(order, elsewhere)
        deliver_all()
        ours.refresh_from_db()
        if left:
            assert (ours.state, ours.amount_minor) == (RefundState.PROPOSED, left)
        else:
            assert ours.state == RefundState.DECLINED
        assert SaleRefund.objects.get().paid_minor == elsewhere
        assert_balances_agree()

    def test_r04_refund_fails_later(self, reader, book):
        line = buy(reader, book).lines.get()
        refund = propose(line)
        send(refund)
        provider_refunds.fail_refund(Refund.objects.get().provider_refund_id)
        for _ in range(2):
            deliver_all()
        refund.refresh_from_db()
        assert refund.state == RefundState.RETURNED
        assert balance("refund_pending") == 499
        assert_balances_agree()

    def test_r05_after_transfer_with_short_balance(self, reader, book):
        line = buy(reader, book).lines.get()
        author = book.work.owner
        clearing.clear_due(at=AFTER)
        spend(author, 400)
        with clock.frozen(AFTER):
            send(propose(line))
        assert balance("contributor_payable", author) == 0
        assert balance("contributor_receivable", author) == 400

    def test_r06_refund_and_dispute(self, reader, book):
        """Half is given back, then the bank takes the rest; the dispute is won, and lost by the next reader."""
        for outcome, other in (("won", reader), ("lost", make_reader())):
            order = buy(other, book)
            line = order.lines.get()
            send(propose(line, 250))
            charge = gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id
            dispute = bank.open_dispute(charge)
            deliver_all()
            bank.decide_dispute(dispute["id"], outcome)
            deliver_all()
            assert_balances_agree()
            kept = SaleRecord.objects.get(reference=line.public_id)
            assert (kept.state == "refunded") is (outcome == "lost")

    def test_r06_a_disputed_payment_is_not_refunded_as_well(self, reader, book):
        order = buy(reader, book)
        refund = propose(order.lines.get())
        bank.open_dispute(gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id)
        deliver_all()
        assert send(refund) == RefundState.FAILED
        assert_balances_agree()

    @pytest.mark.parametrize("outcome", ["won", "lost"])
    def test_r06_a_needless_payment_is_disputed(self, reader, book, outcome):
        """It bought nothing, so no sale is touched; it goes back once, by the bank or by us."""
        charge = pay_needlessly(reader, book)
        dispute = bank.open_dispute(charge)
        deliver_all()
        refused = Refund.objects.get()
        assert send(refused) == RefundState.FAILED
        assert {sale.state for sale in SaleRecord.objects.all()} == {"clearing"}
        bank.decide_dispute(dispute["id"], outcome)
        for _ in range(2):
            deliver_all()
        for again in Refund.objects.filter(state=RefundState.PENDING):
            assert send(again) == RefundState.SUCCEEDED
        assert Refund.objects.count() == (2 if outcome == "won" else 1)
        assert {sale.state for sale in SaleRecord.objects.all()} == {"clearing"}
        assert refused.payment.order.payments.get().state == PaymentState.REFUNDED
        assert balance("refund_pending") == balance("bad_debt") == balance("dispute_in_progress") == 0
        assert_balances_agree()

    def test_r07_partial_to_the_last_cent(self, reader):
        line = buy(reader, make_book(prices={"USD": 61})).lines.get()
        for _ in range(61):
            assert send(propose(line, 1)) == RefundState.SUCCEEDED
        assert SaleRecord.objects.get().state == "refunded"
        assert Entitlement.objects.get().ended_at is not None
        assert_balances_agree()

    def test_r08_after_period_close(self, reader, book):
        line = buy(reader, book).lines.get()
        december = datetime(2026, 12, 2, 12, tzinfo=UTC)
        month = Month.of(clock.now())
        assert str(month) == "2026-11"
        with clock.frozen(december):
            closing.close(period=month, at=december)
            before = Statement.objects.get().sha256
            send(propose(line))
        entry = JournalEntry.objects.filter(kind="refund").get()
        assert str(Month.of(entry.booked_at)) == "2026-12"
        assert Statement.objects.get().sha256 == before
        assert_balances_agree()


class TestGoodwill:
    def use(self, reader, order):
        for line in order.lines.select_related("edition__work"):
            access_log.record_download(
                actor=reader, work=line.edition.work, detail="a.epub", address="192.0.2.7", at=clock.now()
            )

    def ask(self, reader, used=True):
        order = buy(reader, make_book())
        if used:
            self.use(reader, order)
        return refunds.request_refund(actor=reader, line=order.lines.get(), reason="Not for me.", at=clock.now())

    def test_three_used_books_in_90_days_and_then_a_person(self, reader):
        states = [self.ask(reader).state for _ in range(4)]
        assert states == [RefundState.PENDING] * 3 + [RefundState.PROPOSED]

    def test_unused_books_do_not_count(self, reader):
        for _ in range(3):
            self.ask(reader)
        assert self.ask(reader, used=False).state == RefundState.PENDING

    def test_opening_the_cover_again_does_not_undo_reading(self, reader):
        """The whole book read, then the first page: the last device to speak says 0 %."""
        found = []
        for _ in range(4):
            line = buy(reader, make_book()).lines.select_related("edition__work").get()
            for fraction in (9_900, 0):
                come_to(reader, line, fraction)
            asked = refunds.request_refund(actor=reader, line=line, reason="", at=clock.now())
            found.append((asked.was_used, asked.state))
        assert found == [(True, RefundState.PENDING)] * 3 + [(True, RefundState.PROPOSED)]

    def test_a_glance_is_not_reading(self, reader):
        line = buy(reader, make_book()).lines.select_related("edition__work").get()
        for fraction, is_used in ((999, False), (1000, True), (0, True)):
            come_to(reader, line, fraction)
            assert permissions.was_used(line) is is_used

    def test_old_ones_are_forgotten(self, reader):
        for _ in range(3):
            self.ask(reader)
        with clock.frozen(clock.now() + timedelta(days=91)):
            assert self.ask(reader).state == RefundState.PENDING

    def test_a_person_decides_and_the_reader_hears_of_it(self, reader, mailoutbox, django_capture_on_commit_callbacks):
        for _ in range(3):
            self.ask(reader)
        waiting = self.ask(reader)
        assert send(waiting) == RefundState.PROPOSED
        with django_capture_on_commit_callbacks(execute=True):
            refunds.decline_refund(actor=make_finance(), refund=waiting, at=clock.now())
        assert "stays in your library" in mailoutbox[-1].body
        with pytest.raises(RefundDecided):
            refunds.approve_refund(actor=make_finance(), refund=waiting, at=clock.now())


class TestFourEyes:
    def test_a_small_amount_takes_one_person(self, reader, book):
        assert propose(buy(reader, book).lines.get()).state == RefundState.PENDING

    def test_a_large_one_takes_two(self, reader):
        fiona = make_finance()
        refund = propose(buy(reader, make_book(prices={"USD": 9900})).lines.get(), actor=fiona)
        assert refund.state == RefundState.PROPOSED
        with pytest.raises(NotAllowed):
            refunds.approve_refund(actor=fiona, refund=refund, at=clock.now())
        approved = refunds.approve_refund(actor=make_operator(), refund=refund, at=clock.now())
        assert send(approved) == RefundState.SUCCEEDED

    def test_an_operator_is_a_second_person_only(self, reader, book):
        assert propose(buy(reader, book).lines.get(), actor=make_operator()).state == RefundState.PROPOSED

    def test_nobody_gives_back_their_own_purchase(self, book):
        fiona = make_finance()
        with pytest.raises(RefundNotPossible):
            propose(buy(fiona, book).lines.get(), actor=fiona)

    def test_others_may_not(self, reader, book):
        with pytest.raises(NotAllowed):
            propose(buy(reader, book).lines.get(), actor=reader)
        assert not SandboxObject.objects.filter(kind="refund").exists()

    def test_a_refused_staff_refund_frees_the_amount(self, reader):
        line = buy(reader, make_book(prices={"USD": 9900})).lines.get()
        refunds.decline_refund(actor=make_operator(), refund=propose(line), at=clock.now())
        assert propose(line).amount_minor == 9900
