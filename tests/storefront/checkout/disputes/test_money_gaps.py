"""Gifts and pre-orders in disputes, disputes won on appeal, and payments for nothing given back in part elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock, jobs
from common.money import Money
from payments.models import FaultKind, SandboxEvent
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from payments.stripe.sandbox import faults
from payments.stripe.sandbox import refunds as provider_refunds
from royalties.models import JournalEntry, SaleDispute, SaleRecord
from royalties.selectors import clearing_accounts, provider_objects
from royalties.services import clearing, protection_fund
from royalties.services import disputes as ledger_disputes
from royalties.services.disputes import DisputeFacts
from royalties.services.invariants import check_invariants
from storefront.checkout import retry_stuck
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.disputes.services import disputes
from storefront.checkout.entitlements.services import access_log
from storefront.checkout.errors import GiftHeldByBank, RefundNotPossible
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import (
    Entitlement,
    Gift,
    Payment,
    PaymentState,
    Preorder,
    Refund,
    RefundOrigin,
    RefundState,
)
from storefront.checkout.orders.services import settlement
from storefront.checkout.preorders import selectors as preorder_selectors
from storefront.checkout.preorders.services import preorders
from storefront.checkout.refunds import services as refunds
from storefront.community.models import Review
from storefront.community.services import reviews
from tests.factories.accounts import make_finance, make_reader
from tests.factories.buying import buy, fill_cart, make_book, open_page, pay_session, place_order
from tests.factories.offers import add_gift, balances, give, make_awaited, pay, publish, token_of
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree, balance
from tests.royalties.test_services_disputes import spend
from tests.storefront.checkout.disputes.test_faults import disputed
from tests.storefront.checkout.preorders.test_services import order_ahead

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def lose(order):
    bank.decide_dispute(disputed(order), "lost")
    deliver_all()


def in_order() -> None:
    assert check_invariants() == []
    assert_balances_agree()
    assert not [each for each in clearing_accounts.clearing_accounts(clock.now()) if each.unexplained_minor]


class TestWaitingLinesInALostDispute:
    def test_a_gift_ends_and_nothing_stays_deferred(self, reader, book):
        gift = give(reader, book)
        lose(gift.line.order)
        gift.refresh_from_db()
        assert gift.canceled_at is not None
        found = balances()
        assert "deferred:gift" not in found and "bad_debt" not in found
        in_order()

    def test_a_preorder_ends_and_its_tax_is_not_owed(self, reader):
        edition = make_awaited(prices={"EUR": 1070})
        order = order_ahead(reader, edition, currency="EUR", country="DE")
        assert balances("EUR")["tax:vat:DE"] == -70
        lose(order)
        assert Preorder.objects.get().canceled_at is not None
        found = balances("EUR")
        assert not {"deferred:preorder", "tax:vat:DE", "bad_debt"} & found.keys()
        in_order()

    def test_a_gift_beside_a_book(self, reader, book):
        add_gift(reader, make_book())
        fill_cart(reader, book)
        order = pay(place_order(reader))
        lose(order)
        assert Gift.objects.get().canceled_at is not None
        assert SaleRecord.objects.get().state == "refunded"
        assert not {"deferred:gift", "bad_debt", "contributor_clearing"} & balances().keys()
        in_order()

    def test_a_gift_is_not_redeemed_while_the_bank_has_its_money(self, reader, book):
        """Its sale would clear and be paid out, as if nothing were in dispute."""
        gift = give(reader, book)
        dispute_id = disputed(gift.line.order)
        friend = make_reader()
        with pytest.raises(GiftHeldByBank):
            gifts.redeem(actor=friend, token=token_of(gift), country="US", has_consented=True, at=clock.now())
        bank.decide_dispute(dispute_id, "won")
        deliver_all()
        gifts.redeem(actor=friend, token=token_of(gift), country="US", has_consented=True, at=clock.now())
        assert SaleRecord.objects.get().state == "clearing"
        in_order()

    def test_a_preorder_is_not_supplied_while_the_bank_has_its_money(self, reader):
        work = make_awaited()
        order = order_ahead(reader, work)
        dispute_id = disputed(order)
        publish(work)
        preorder_id = Preorder.objects.get().pk
        assert not preorders.supply(preorder_id=preorder_id, at=clock.now())
        assert not SaleRecord.objects.exists()
        bank.decide_dispute(dispute_id, "won")
        deliver_all()
        assert preorder_id in preorder_selectors.due().values_list("pk", flat=True)
        assert preorders.supply(preorder_id=preorder_id, at=clock.now())
        in_order()

    def test_one_that_is_disputed_in_part_is_still_supplied(self, reader, book):
        gift = give(reader, book)
        at, nothing = clock.now(), Money(0, "USD")
        facts = DisputeFacts("du_part", gift.line.order.public_id, Money(200, "USD"), nothing, at)
        ledger_disputes.open_dispute(facts=facts)
        ledger_disputes.lose_dispute(external_id="du_part", at=at)
        assert ledger_disputes.canceled_deferrals(external_id="du_part") == []
        found = balances()
        assert (found["deferred:gift"], found["bad_debt"]) == (-499, 200)
        assert check_invariants() == []

    def test_a_won_dispute_leaves_it_waiting(self, reader, book):
        gift = give(reader, book)
        bank.decide_dispute(disputed(gift.line.order), "won")
        deliver_all()
        gift.refresh_from_db()
        assert gift.is_open
        assert balances()["deferred:gift"] == -499
        in_order()

    def test_the_entry_opens_the_dispute_at_the_provider(self, reader, book):
        gift = give(reader, book)
        lose(gift.line.order)
        entry = JournalEntry.objects.get(reverses__kind="deferred")
        assert [each.object_id for each in provider_objects.objects_of(entry)] == [
            SaleDispute.objects.get().external_id
        ]


class TestWonOnAppeal:
    def appeal(self, order):
        dispute_id = disputed(order)
        bank.decide_dispute(dispute_id, "lost")
        deliver_all()
        bank.decide_dispute(dispute_id, "appealable")
        deliver_all()
        bank.decide_dispute(dispute_id, "won")
        deliver_all()
        return dispute_id

    def test_everything_is_owed_and_earned_again(self, reader, book):
        order = buy(reader, book)
        before = balances()
        self.appeal(order)
        after = balances()
        assert balance("contributor_payable", book.work.owner) == 415
        assert after["platform_fee"] == before["platform_fee"]
        assert after["stripe_balance"] == before["stripe_balance"] - after["dispute_fee"]
        assert "bad_debt" not in after and "dispute_in_progress" not in after
        assert Entitlement.objects.get().ended_at is None
        assert SaleDispute.objects.get().state == "won"
        in_order()

    def test_the_readers_review_counts_again(self, reader, book, django_capture_on_commit_callbacks):
        order = buy(reader, book)
        reviews.write_review(actor=reader, work=book.work, stars=5, title="", body="", at=clock.now())
        with django_capture_on_commit_callbacks(execute=True):
            lose(order)
        assert not Review.objects.get().is_verified
        dispute_id = SaleDispute.objects.get().external_id
        bank.decide_dispute(dispute_id, "appealable")
        bank.decide_dispute(dispute_id, "won")
        with django_capture_on_commit_callbacks(execute=True):
            deliver_all()
        assert Review.objects.get().is_verified

    def test_twice_is_once(self, reader, book):
        dispute_id = self.appeal(buy(reader, book))
        before = balances()
        disputes.sync_dispute(dispute_id=dispute_id)
        assert balances() == before
        assert JournalEntry.objects.filter(kind="appeal_won").count() == 1

    def test_pays_a_debt_first(self, reader, book):
        order = buy(reader, book)
        clearing.clear_due(at=clock.now() + timedelta(days=15))
        spend(book.work.owner, 415)
        dispute_id = disputed(order)
        bank.decide_dispute(dispute_id, "lost")
        deliver_all()
        assert balance("contributor_receivable", book.work.owner) == 415
        bank.decide_dispute(dispute_id, "appealable")
        bank.decide_dispute(dispute_id, "won")
        deliver_all()
        assert balance("contributor_receivable", book.work.owner) == 0
        assert balance("contributor_payable", book.work.owner) == 0

    def test_what_the_fund_bore_goes_back_into_it(self, reader, book):
        order = buy(reader, book)
        buy(make_reader(), make_book(prices={"USD": 200_000}))
        protection_fund.contribute(at=clock.now())
        fund = balance("protection_fund")
        access_log.record_download(actor=reader, work=book.work, detail="a.epub", address=None, at=clock.now())
        with clock.frozen(clock.now() + timedelta(hours=1)):
            self.appeal(order)
        assert balance("contributor_payable", book.work.owner) == 415
        assert balance("protection_fund") == fund
        in_order()

    def test_a_gift_that_ended_is_owed_back(self, reader, book):
        gift = give(reader, book)
        self.appeal(gift.line.order)
        gift.refresh_from_db()
        assert gift.canceled_at is not None
        found = balances()
        assert found["refund_pending"] == -499
        assert "deferred:gift" not in found
        in_order()
        back = Refund.objects.get()
        assert refunds.send_refund(refund_id=back.pk) == RefundState.SUCCEEDED
        deliver_all()
        assert "refund_pending" not in balances()
        in_order()

    def test_what_the_bank_gave_back_once_is_not_given_back_again(self, reader, book):
        """The sale stays returned, so neither the reader nor finance can return it once more."""
        order = buy(reader, book)
        self.appeal(order)
        line = order.lines.select_related("order__buyer").get()
        with pytest.raises(RefundNotPossible):
            refunds.request_refund(actor=reader, line=line, reason="", at=clock.now())
        with pytest.raises(RefundNotPossible):
            refunds.propose_refund(actor=make_finance(), line=line, amount=None, reason="", at=clock.now())

    def test_a_reader_who_bought_it_again_has_it_once(self, reader, book):
        order = buy(reader, book)
        lose(order)
        buy(reader, book)
        dispute_id = SaleDispute.objects.get().external_id
        bank.decide_dispute(dispute_id, "appealable")
        bank.decide_dispute(dispute_id, "won")
        deliver_all()
        assert Entitlement.objects.filter(ended_at=None).count() == 1


class TestRefundsOfWhatADisputeTook:
    def test_our_refund_was_on_its_way_when_the_bank_took_it_all(self, reader, book):
        """The provider did it, its answer was lost, and the dispute was decided first: the platform bears it."""
        order = buy(reader, book)
        line = order.lines.select_related("order__buyer").get()
        ours = refunds.request_refund(actor=reader, line=line, reason="", at=clock.now())
        payment = order.payments.get()
        with jobs.collect_messages():
            gateway().refund(
                key=f"refund:{ours.public_id}", payment_id=payment.provider_payment_id, amount=Money(499, "USD")
            )
        SandboxEvent.objects.update(delivered_at=clock.now())  # nobody tells of it yet
        lose(order)
        assert SaleRecord.objects.get().state == "refunded"
        assert refunds.send_refund(refund_id=ours.pk) == RefundState.SUCCEEDED
        assert balance("bad_debt") == 499
        in_order()

    def test_both_lines_get_their_rest_when_somebody_was_faster(self, reader, book):
        order = buy(reader, book, make_book())
        with jobs.collect_messages():
            ours = [
                refunds.request_refund(actor=reader, line=line, reason="", at=clock.now())
                for line in order.lines.select_related("order__buyer").order_by("pk")
            ]
        gateway().refund(key="dash", payment_id=order.payments.get().provider_payment_id, amount=Money(600, "USD"))
        for refund in ours:
            assert refunds.send_refund(refund_id=refund.pk) == RefundState.FAILED
        rests = Refund.objects.filter(state=RefundState.PENDING)
        assert sum(rests.values_list("amount_minor", flat=True)) == 2 * 499 - 600
        for refund in rests:
            assert refunds.send_refund(refund_id=refund.pk) == RefundState.SUCCEEDED
        deliver_all()
        assert {sale.state for sale in SaleRecord.objects.all()} == {"refunded"}
        in_order()

    def test_part_of_a_waiting_gift_is_a_loss_until_the_rest_goes_back_too(self, reader, book):
        gift = give(reader, book)
        line = gift.line
        payment = line.order.payments.get()
        gateway().refund(key="dash", payment_id=payment.provider_payment_id, amount=Money(200, "USD"))
        deliver_all()
        gift.refresh_from_db()
        assert gift.canceled_at is None
        assert balance("bad_debt") == 200
        in_order()
        with pytest.raises(RefundNotPossible):
            refunds.propose_refund(actor=make_finance(), line=line, amount=Money(100, "USD"), reason="", at=clock.now())
        rest = refunds.propose_refund(actor=make_finance(), line=line, amount=None, reason="", at=clock.now())
        assert rest.amount_minor == 299
        assert refunds.send_refund(refund_id=rest.pk) == RefundState.SUCCEEDED
        deliver_all()
        gift.refresh_from_db()
        assert gift.canceled_at is not None
        assert balance("bad_debt") == 0
        in_order()


class TestAPaymentForNothing:
    @pytest.fixture
    def twice(self, reader, book):
        """Two pages for one book, both paid; the second buys nothing."""
        pages = []
        for extra in (make_book(), make_book(prices={"USD": 300})):
            with jobs.collect_messages():  # the message that would close the first page is lost
                pages.append(open_page(place_order(reader, book, extra)))
            cart_selectors.cart_of(user=reader, cart_id="").lines.all().delete()
        for page in pages:
            pay_session(page)
        for page in pages:
            settlement.settle_session(session_id=page)
        return Payment.objects.get(session_id=pages[1])

    def give_back_elsewhere(self, payment, cents):
        charge = gateway().fetch_payment(payment_id=payment.provider_payment_id).charge_id
        return provider_refunds.create_refund({"charge": charge, "amount": str(cents)})

    def test_the_rest_goes_back_when_a_dispute_of_it_is_won(self, twice):
        self.give_back_elsewhere(twice, 200)
        charge = gateway().fetch_payment(payment_id=twice.provider_payment_id).charge_id
        with jobs.collect_messages():
            dispute = bank.open_dispute(charge)
            deliver_all()
        for refund in Refund.objects.filter(state=RefundState.PENDING):
            assert refunds.send_refund(refund_id=refund.pk) == RefundState.FAILED
        bank.decide_dispute(dispute["id"], "won")
        deliver_all()
        [rest] = Refund.objects.filter(state=RefundState.PENDING)
        assert (rest.line, rest.amount_minor) == (None, 599)
        assert refunds.send_refund(refund_id=rest.pk) == RefundState.SUCCEEDED
        twice.refresh_from_db()
        assert twice.state == PaymentState.REFUNDED
        in_order()

    def test_ours_was_on_its_way_when_the_bank_took_it(self, twice):
        """The provider sent it back, its answer was lost, and a dispute of the same payment was lost first."""
        refund = Refund.objects.get(line=None)
        amount = Money(refund.amount_minor, refund.currency)
        gateway().refund(key=f"refund:{refund.public_id}", payment_id=twice.provider_payment_id, amount=amount)
        SandboxEvent.objects.update(delivered_at=clock.now())  # nobody tells of it yet
        charge = gateway().fetch_payment(payment_id=twice.provider_payment_id).charge_id
        bank.decide_dispute(bank.open_dispute(charge)["id"], "lost")
        deliver_all()
        assert balance("refund_pending") == 0
        assert refunds.send_refund(refund_id=refund.pk) == RefundState.SUCCEEDED
        assert balance("bad_debt") == refund.amount_minor
        in_order()

    def test_what_was_refused_is_asked_for_again_each_day(self, twice):
        """The provider's balance was too low: it repeats that under our key, so each day asks under another."""
        refund = Refund.objects.get(line=None)
        faults.arm(FaultKind.BALANCE_INSUFFICIENT, "/v1/refunds")
        assert refunds.send_refund(refund_id=refund.pk) == RefundState.FAILED
        for hours, asked in ((23, 0), (25, 1), (26, 1)):
            with clock.frozen(clock.now() + timedelta(hours=hours)), jobs.collect_messages():
                retry_stuck.retry_stuck()
            assert Refund.objects.filter(line=None).exclude(pk=refund.pk).count() == asked
        again = Refund.objects.get(state=RefundState.PENDING)
        assert refunds.send_refund(refund_id=again.pk) == RefundState.SUCCEEDED
        with clock.frozen(clock.now() + timedelta(days=3)), jobs.collect_messages():
            retry_stuck.retry_stuck()
        assert Refund.objects.filter(line=None).count() == 2
        in_order()

    def test_only_the_rest_is_given_back(self, twice):
        self.give_back_elsewhere(twice, 200)
        deliver_all()
        for refund in Refund.objects.filter(state=RefundState.PENDING):
            assert refunds.send_refund(refund_id=refund.pk) == RefundState.SUCCEEDED
        found = Refund.objects.filter(line=None, state=RefundState.SUCCEEDED)
        assert sorted(found.values_list("origin", "amount_minor")) == [
            (RefundOrigin.DUPLICATE, 599),
            (RefundOrigin.PROVIDER, 200),
        ]
        twice.refresh_from_db()
        assert twice.state == PaymentState.REFUNDED
        assert "refund_pending" not in balances()
        in_order()

    def test_also_when_ours_was_refused_before_the_notice_came(self, twice):
        self.give_back_elsewhere(twice, 200)
        refused = Refund.objects.get(line=None)
        assert refunds.send_refund(refund_id=refused.pk) == RefundState.FAILED
        deliver_all()
        refunds.send_refund(refund_id=Refund.objects.get(state=RefundState.PENDING).pk)
        assert "refund_pending" not in balances()
        in_order()

    def test_nothing_is_asked_for_when_all_of_it_went_back(self, twice):
        self.give_back_elsewhere(twice, 799)
        deliver_all()
        assert not Refund.objects.filter(state=RefundState.PENDING).exists()
        twice.refresh_from_db()
        assert twice.state == PaymentState.REFUNDED
        assert "refund_pending" not in balances()
        in_order()

    def test_in_several_pieces(self, twice):
        for cents in (100, 150):
            self.give_back_elsewhere(twice, cents)
            deliver_all()
        rest = Refund.objects.get(state=RefundState.PENDING)
        assert rest.amount_minor == 549
        refunds.send_refund(refund_id=rest.pk)
        assert "refund_pending" not in balances()
        in_order()
