"""T8: a dispute in every status the provider knows, and our answers, through the real events of the simulation."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from common import clock
from common.errors import NotAllowed
from payments.gateway import GatewayUnknown
from payments.models import FaultKind, ProviderEvent, SandboxObject
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from payments.stripe.sandbox import faults, radar
from royalties.models import SaleDispute, SaleRecord
from royalties.services import protection_fund
from storefront.checkout.disputes.services import disputes, evidence, fraud
from storefront.checkout.entitlements.services import access_log
from storefront.checkout.errors import DisputeClosed
from storefront.checkout.models import Dispute, Entitlement, EvidencePack, EvidenceState, FraudWarning, Refund
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_finance, make_reader
from tests.factories.buying import buy, make_book
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree, balance

pytestmark = pytest.mark.django_db


def charge_of(order) -> str:
    return gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id


@pytest.fixture
def order(reader, book):
    return buy(reader, book)


def disputed(order, **how):
    dispute = bank.open_dispute(charge_of(order), **how)
    deliver_all()
    return dispute["id"]


class TestT08EveryStatus:
    def test_t08_needs_response(self, order):
        disputed(order)
        dispute = Dispute.objects.get()
        assert (dispute.status, dispute.is_withdrawn, dispute.is_answerable) == ("needs_response", True, True)
        assert SaleRecord.objects.get().state == "disputed"
        assert_balances_agree()

    def test_t08_under_review(self, order):
        dispute_id = disputed(order)
        bank.update_dispute({"evidence": {"product_description": "A book."}}, dispute_id)
        deliver_all()
        assert Dispute.objects.get().status == "under_review"

    def test_t08_won(self, order, book):
        bank.decide_dispute(disputed(order), "won")
        deliver_all()
        assert Dispute.objects.get().status == "won"
        assert balance("contributor_clearing", book.work.owner) == 415
        assert Entitlement.objects.get().ended_at is None
        assert_balances_agree()

    def test_t08_lost(self, order, book):
        bank.decide_dispute(disputed(order), "lost")
        deliver_all()
        assert Dispute.objects.get().status == "lost"
        assert balance("contributor_clearing", book.work.owner) == 0
        assert Entitlement.objects.get().ended_at is not None
        assert_balances_agree()

    def test_t08_lost_with_proved_delivery_is_borne_by_the_fund(self, reader, order, book):
        buy(make_reader(), make_book(prices={"USD": 200_000}))
        protection_fund.contribute(at=clock.now())
        access_log.record_download(actor=reader, work=book.work, detail="a.epub", address=None, at=clock.now())
        with clock.frozen(clock.now() + timedelta(hours=1)):
            bank.decide_dispute(disputed(order), "lost")
            deliver_all()
        assert balance("contributor_payable", book.work.owner) == 415
        assert_balances_agree()

    def test_t08_warning_needs_response(self, order):
        disputed(order, is_inquiry=True)
        dispute = Dispute.objects.get()
        assert (dispute.status, dispute.is_withdrawn) == ("warning_needs_response", False)
        assert SaleRecord.objects.get().state == "clearing"
        assert_balances_agree()

    def test_t08_warning_under_review_and_closed(self, order):
        dispute_id = disputed(order, is_inquiry=True)
        bank.update_dispute({"evidence": {"product_description": "A book."}}, dispute_id)
        deliver_all()
        assert Dispute.objects.get().status == "warning_under_review"
        bank.decide_dispute(dispute_id, "warning_closed")
        deliver_all()
        assert Dispute.objects.get().status == "warning_closed"
        assert not SaleDispute.objects.exists()

    def test_t08_an_inquiry_that_becomes_a_dispute(self, order):
        dispute_id = disputed(order, is_inquiry=True)
        bank.decide_dispute(dispute_id, "escalated")
        deliver_all()
        assert SaleRecord.objects.get().state == "disputed"
        assert_balances_agree()

    def test_t08_prevented(self, order):
        bank.decide_dispute(disputed(order, is_inquiry=True), "prevented")
        deliver_all()
        assert Dispute.objects.get().status == "prevented"
        assert_balances_agree()

    @pytest.mark.parametrize("seed", range(6))
    def test_t08_any_order_of_the_events(self, order, book, seed):
        """Created, withdrawn and closed in each order, each twice: the end is the same."""
        dispute = bank.open_dispute(charge_of(order))
        bank.decide_dispute(dispute["id"], "lost")
        events = list(itertools.permutations(["created", "funds_withdrawn", "closed"]))[seed]
        for name in [*events, *events]:
            disputes.sync_dispute(dispute_id=dispute["id"])
            assert SaleDispute.objects.count() == 1, name
        deliver_all()
        assert_balances_agree()
        assert balance("contributor_clearing", book.work.owner) == 0

    def test_a_dispute_of_a_payment_nobody_knows_waits(self, order):
        dispute_id = bank.open_dispute(charge_of(order))["id"]
        payment = order.payments.get()
        order.payments.update(provider_payment_id="")
        deliver_all()
        assert ProviderEvent.objects.filter(object_id=dispute_id, state="parked").exists()
        order.payments.update(provider_payment_id=payment.provider_payment_id)
        disputes.sync_dispute(dispute_id=dispute_id)
        assert Dispute.objects.count() == 1


class TestEvidence:
    def answer(self, actor=None):
        disputes.answer_dispute(
            actor=actor or make_finance(), dispute=Dispute.objects.get(), explanation="They read it.", at=clock.now()
        )
        return EvidencePack.objects.latest("pk")

    def test_is_built_from_what_happened(self, reader, order, book):
        access_log.record_download(actor=reader, work=book.work, detail="a.epub", address="192.0.2.7", at=clock.now())
        with clock.frozen(clock.now() + timedelta(hours=1)):
            disputed(order)
            pack = self.answer()
        assert "192.0.2.7" in pack.fields.access_activity_log
        assert pack.fields.customer_purchase_ip == "192.0.2.7"
        assert "The Lighthouse" in pack.fields.product_description
        assert "did not ask for a refund" in pack.fields.refund_refusal_explanation
        assert bytes(pack.receipt).startswith(b"%PDF") and bytes(pack.documentation).startswith(b"%PDF")

    def test_is_sent_with_its_documents(self, order):
        disputed(order)
        assert evidence.send_pack(pack_id=self.answer().pk) == EvidenceState.SENT
        stored = SandboxObject.objects.get(kind="dispute").data["evidence"]
        assert stored["uncategorized_text"] == "They read it."
        assert SandboxObject.objects.filter(kind="file").count() == 2
        deliver_all()
        assert Dispute.objects.get().status == "under_review"

    @pytest.mark.parametrize("path", ["/v1/files", "/v1/disputes"])
    def test_a_lost_answer_is_asked_for_again(self, order, path):
        disputed(order)
        pack = self.answer()
        faults.arm(FaultKind.LOST_AFTER, path, times=3)
        with pytest.raises(GatewayUnknown):
            evidence.send_pack(pack_id=pack.pk)
        pack.refresh_from_db()
        assert pack.state == EvidenceState.PENDING
        assert evidence.send_pack(pack_id=pack.pk) == EvidenceState.SENT
        assert SandboxObject.objects.filter(kind="file").count() == 2

    def test_one_at_a_time(self, order):
        disputed(order)
        assert self.answer() == self.answer()

    def test_leaves_by_itself_before_it_is_late(self, reader, order, book):
        access_log.record_download(actor=reader, work=book.work, detail="a.epub", address=None, at=clock.now())
        with clock.frozen(clock.now() + timedelta(hours=1)):
            disputed(order)
            assert disputes.submit_due_evidence(at=clock.now()) == 0
            late = Dispute.objects.get().evidence_due_at - timedelta(hours=2)
            assert disputes.submit_due_evidence(at=late) == 1
            assert disputes.submit_due_evidence(at=late) == 0

    def test_decided_disputes_take_none(self, order):
        bank.decide_dispute(disputed(order), "won")
        deliver_all()
        with pytest.raises(DisputeClosed):
            self.answer()

    def test_readers_may_not(self, order, reader):
        disputed(order)
        with pytest.raises(NotAllowed):
            self.answer(reader)

    def test_giving_up_loses_it(self, order):
        disputed(order)
        assert disputes.accept_dispute(actor=make_finance(), dispute=Dispute.objects.get()).status == "lost"
        deliver_all()
        assert_balances_agree()


class TestFraudWarning:
    def test_a_small_payment_goes_back_by_itself(self, order):
        radar.warn_of_fraud(charge_of(order))
        deliver_all()
        assert FraudWarning.objects.get().outcome == "refunded"
        refunds.send_refund(refund_id=Refund.objects.get().pk)
        assert Entitlement.objects.get().ended_at is not None
        assert_balances_agree()

    def test_a_large_one_waits_for_finance(self, reader):
        order = buy(reader, make_book(prices={"USD": 9900}))
        radar.warn_of_fraud(charge_of(order))
        deliver_all()
        warning = FraudWarning.objects.get()
        assert warning.handled_at is None
        fraud.decide_warning(actor=make_finance(), warning=warning, gives_back=False, at=clock.now())
        assert not Refund.objects.exists()
        warning.refresh_from_db()
        assert warning.outcome == "kept"

    def test_twice_is_once(self, order):
        warning = radar.warn_of_fraud(charge_of(order))
        for _ in range(2):
            fraud.record_warning(warning_id=warning["id"])
        assert Refund.objects.count() == 1
