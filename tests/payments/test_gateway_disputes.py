"""Disputes, evidence and early warnings, as the gateway tells them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.money import Money
from payments import sandbox_events
from payments.errors import SimulationRefused
from payments.gateway import Evidence, GatewayRefused
from payments.models import SandboxBalance, SandboxEvent, SandboxObject
from payments.stripe.sandbox import disputes, due

PDF = b"%PDF-1.7\n\x00\xff\r\n--not-a-boundary\r\n%%EOF"


def types():
    return list(SandboxEvent.objects.order_by("pk").values_list("event_type", flat=True))


@pytest.fixture
def charge(gateway, paid_payment):
    return gateway.fetch_payment(payment_id=paid_payment()).charge_id


@pytest.fixture
def opened(gateway, charge):
    def opener(**how):
        return gateway.fetch_dispute(dispute_id=sandbox_events.open_dispute(charge_id=charge, **how))

    return opener


def answer(gateway, dispute, *, text="They read it.", submit=True, key="evidence:1"):
    evidence = Evidence(product_description="An e-book", uncategorized_text=text)
    return gateway.submit_evidence(key=key, dispute_id=dispute.dispute_id, evidence=evidence, submit=submit)


class TestOpening:
    def test_a_chargeback_takes_amount_and_fee_at_once(self, opened, gateway):
        dispute = opened(reason="product_not_received")
        assert (dispute.status, dispute.reason, dispute.amount) == (
            "needs_response",
            "product_not_received",
            Money(499, "USD"),
        )
        assert (dispute.withdrawn, dispute.reinstated, dispute.fee) == (Money(499, "USD"), None, Money(1500, "USD"))
        assert SandboxBalance.objects.get().available_minor == 455 - 499 - 1500
        assert types()[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
        payment = gateway.fetch_payment(payment_id=dispute.payment_id)
        assert (payment.dispute_id, payment.charge_id) == (dispute.dispute_id, dispute.charge_id)

    def test_an_inquiry_moves_nothing(self, opened):
        dispute = opened(is_inquiry=True)
        assert dispute.status == "warning_needs_response"
        assert (dispute.withdrawn, dispute.reinstated, dispute.fee) == (None, None, Money(0, "USD"))
        assert SandboxBalance.objects.get().available_minor == 455

    def test_only_the_rest_of_a_payment_is_disputed(self, gateway, charge, opened):
        sandbox_events.refund_in_dashboard(charge_id=charge, amount_minor=200)
        assert opened().amount == Money(299, "USD")

    def test_one_at_a_time(self, charge, opened):
        opened()
        with pytest.raises(SimulationRefused):
            sandbox_events.open_dispute(charge_id=charge)

    def test_a_disputed_payment_is_not_refunded_too(self, gateway, opened):
        dispute = opened()
        with pytest.raises(GatewayRefused) as refused:
            gateway.refund(key="refund:rfd_1", payment_id=dispute.payment_id, amount=Money(499, "USD"))
        assert refused.value.code == "charge_disputed"

    def test_one_that_was_won_may_be(self, gateway, opened):
        dispute = opened()
        sandbox_events.decide_dispute(dispute_id=dispute.dispute_id, outcome="won")
        refund = gateway.refund(key="refund:rfd_1", payment_id=dispute.payment_id, amount=Money(499, "USD"))
        assert refund.status == "succeeded"

    def test_a_refund_ends_an_inquiry(self, gateway, opened):
        dispute = opened(is_inquiry=True)
        gateway.refund(key="refund:rfd_1", payment_id=dispute.payment_id, amount=Money(499, "USD"))
        due.process_due()
        assert gateway.fetch_dispute(dispute_id=dispute.dispute_id).status == "warning_closed"

    def test_unknown_charge(self, db):
        with pytest.raises(SimulationRefused, match="No such charge"):
            sandbox_events.open_dispute(charge_id="ch_none")


class TestT8EveryStatus:
    """T8 of the list of faults: every status a dispute can have, and what moved with it."""

    @pytest.mark.parametrize(
        ("is_inquiry", "steps", "status", "reinstated", "balance"),
        [
            (True, [], "warning_needs_response", None, 455),
            (True, ["answer"], "warning_under_review", None, 455),
            (True, ["answer", "warning_closed"], "warning_closed", None, 455),
            (True, ["prevented"], "prevented", None, 455 - 499),
            (True, ["escalated"], "needs_response", None, 455 - 499 - 1500),
            (False, [], "needs_response", None, 455 - 499 - 1500),
            (False, ["answer"], "under_review", None, 455 - 499 - 1500),
            (False, ["answer", "won"], "won", Money(499, "USD"), 455 - 1500),
            (False, ["answer", "lost"], "lost", None, 455 - 499 - 1500),
            (False, ["lost", "appealable"], "appeal_needs_response", None, 455 - 499 - 1500),
            (False, ["lost", "appealable", "answer"], "appeal_under_review", None, 455 - 499 - 1500),
            (False, ["lost", "appealable", "answer", "won"], "won", Money(499, "USD"), 455 - 1500),
        ],
    )
    def test_t08(self, gateway, opened, *, is_inquiry, steps, status, reinstated, balance):
        dispute = opened(is_inquiry=is_inquiry)
        for step in steps:
            if step == "answer":
                answer(gateway, dispute)
            else:
                sandbox_events.decide_dispute(dispute_id=dispute.dispute_id, outcome=step)
        now = gateway.fetch_dispute(dispute_id=dispute.dispute_id)
        assert (now.status, now.reinstated) == (status, reinstated)
        assert SandboxBalance.objects.get().available_minor == balance

    @pytest.mark.parametrize("outcome", ["won", "lost", "appealable"])
    def test_an_inquiry_is_neither_won_nor_lost(self, opened, outcome):
        dispute = opened(is_inquiry=True)
        with pytest.raises(SimulationRefused):
            sandbox_events.decide_dispute(dispute_id=dispute.dispute_id, outcome=outcome)

    def test_decided_once(self, opened):
        dispute = opened()
        sandbox_events.decide_dispute(dispute_id=dispute.dispute_id, outcome="won")
        with pytest.raises(SimulationRefused):
            sandbox_events.decide_dispute(dispute_id=dispute.dispute_id, outcome="won")
        assert SandboxBalance.objects.get().available_minor == 455 - 1500

    def test_winning_is_told_in_the_provider_s_order(self, opened):
        sandbox_events.decide_dispute(dispute_id=opened().dispute_id, outcome="won")
        assert types()[-2:] == ["charge.dispute.closed", "charge.dispute.funds_reinstated"]

    def test_movements_are_named_for_accountants(self, gateway, opened):
        dispute = opened()
        sandbox_events.decide_dispute(dispute_id=dispute.dispute_id, outcome="won")
        hour = timedelta(hours=1)
        changes = list(gateway.balance_changes(since=clock.now() - hour, until=clock.now() + hour))
        assert [(change.kind, change.reporting_category) for change in changes] == [
            ("adjustment", "dispute_reversal"),
            ("adjustment", "dispute"),
            ("charge", "charge"),
        ]
        assert {change.source_id for change in changes[:2]} == {dispute.dispute_id}


class TestEvidence:
    def test_staged_evidence_is_not_handed_in(self, gateway, opened):
        staged = answer(gateway, opened(), submit=False)
        assert (staged.status, staged.has_evidence, staged.submissions) == ("needs_response", True, 0)
        handed_in = answer(gateway, staged, key="evidence:2")
        assert (handed_in.status, handed_in.submissions) == ("under_review", 1)

    def test_the_bank_takes_it_once(self, gateway, opened):
        dispute = answer(gateway, opened())
        with pytest.raises(GatewayRefused):
            answer(gateway, dispute, key="evidence:2")

    def test_a_file_arrives_byte_for_byte(self, gateway, opened):
        file_id = gateway.upload_evidence(key="file:1", name="access log", content=PDF, mime="application/pdf")
        stored = SandboxObject.objects.get(object_id=file_id).data
        assert (stored["filename"], stored["type"], stored["size"]) == ("access log.pdf", "pdf", len(PDF))
        dispute = opened()
        gateway.submit_evidence(
            key="evidence:1",
            dispute_id=dispute.dispute_id,
            evidence=Evidence(service_documentation=file_id),
            submit=True,
        )
        assert SandboxObject.objects.get(kind="dispute").data["evidence"]["service_documentation"] == file_id

    def test_the_same_key_stores_one_file(self, gateway):
        give = {"key": "file:1", "name": "log.pdf", "content": PDF, "mime": "application/pdf"}
        assert gateway.upload_evidence(**give) == gateway.upload_evidence(**give)
        assert SandboxObject.objects.filter(kind="file").count() == 1

    @pytest.mark.parametrize(
        ("content", "mime"), [(b"GIF89a", "image/gif"), (b"GIF89a", "image/png"), (b"", "application/pdf")]
    )
    def test_other_files_are_refused(self, gateway, db, content, mime):
        with pytest.raises(GatewayRefused):
            gateway.upload_evidence(key="file:1", name="x", content=content, mime=mime)

    def test_unknown_file(self, gateway, opened):
        with pytest.raises(GatewayRefused) as refused:
            gateway.submit_evidence(
                key="e", dispute_id=opened().dispute_id, evidence=Evidence(receipt="file_none"), submit=True
            )
        assert refused.value.code == "resource_missing"

    def test_too_much_text(self, gateway, opened):
        with pytest.raises(GatewayRefused):
            answer(gateway, opened(), text="x" * 150_001)

    @pytest.mark.parametrize(("text", "status"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
    def test_the_provider_s_magic_words_decide_a_little_later(self, gateway, opened, text, status):
        dispute = answer(gateway, opened(), text=text)
        due.process_due()
        assert gateway.fetch_dispute(dispute_id=dispute.dispute_id).status == "under_review"
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            due.process_due()
        assert gateway.fetch_dispute(dispute_id=dispute.dispute_id).status == status

    def test_an_appeal_is_not_decided_by_the_words_before_it(self, gateway, opened):
        dispute = answer(gateway, opened(), text="losing_evidence")
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            due.process_due()
            sandbox_events.decide_dispute(dispute_id=dispute.dispute_id, outcome="appealable")
            answer(gateway, dispute, key="evidence:2", text="They read all of it.")
            due.process_due()
        assert gateway.fetch_dispute(dispute_id=dispute.dispute_id).status == "appeal_under_review"

    def test_no_answer_in_time_is_lost(self, gateway, opened):
        dispute = opened()
        assert dispute.evidence_due_at > clock.now()
        with clock.frozen(dispute.evidence_due_at):
            due.process_due()
        assert gateway.fetch_dispute(dispute_id=dispute.dispute_id).status == "lost"

    def test_giving_in(self, gateway, opened):
        dispute = opened()
        assert gateway.accept_dispute(key="accept:1", dispute_id=dispute.dispute_id).status == "lost"
        with pytest.raises(GatewayRefused):
            gateway.accept_dispute(key="accept:2", dispute_id=dispute.dispute_id)


class TestLists:
    def test_open_ones_and_all_since(self, gateway, paid_payment):
        charges = [gateway.fetch_payment(payment_id=paid_payment(key=f"checkout:{n}:a")).charge_id for n in range(3)]
        with clock.frozen(clock.now() - timedelta(days=30)):
            disputes.open_dispute(charges[0])
        won, still_open = (sandbox_events.open_dispute(charge_id=charge) for charge in charges[1:])
        sandbox_events.decide_dispute(dispute_id=won, outcome="won")
        since = clock.now() - timedelta(days=1)
        assert [found.dispute_id for found in gateway.disputes_since(since=since)] == [still_open, won]
        assert [found.dispute_id for found in gateway.open_disputes()][:1] == [still_open]
        assert len(list(gateway.open_disputes())) == 2


class TestFraudWarnings:
    def test_tells_the_payment_and_whether_a_refund_still_helps(self, gateway, charge):
        warning_id = sandbox_events.warn_of_fraud(charge_id=charge)
        assert types()[-1] == "radar.early_fraud_warning.created"
        warning = gateway.fetch_fraud_warning(warning_id=warning_id)
        assert (warning.charge_id, warning.kind, warning.is_actionable) == (charge, "made_with_stolen_card", True)
        gateway.refund(key="refund:1", payment_id=warning.payment_id, amount=Money(499, "USD"))
        assert not gateway.fetch_fraud_warning(warning_id=warning_id).is_actionable
