"""What we answer a client's bank: evidence of a milestone's work, sent once, or a dispute that is accepted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from common import clock, jobs
from common.errors import NotAllowed
from hiring.contracts.models import Milestone
from hiring.contracts.selectors.evidence import work_log
from hiring.funding import services, tasks
from hiring.funding.errors import DisputeAnswered
from hiring.funding.models import BankDispute, MilestoneEvidence, MilestonePayment
from payments.models import SandboxObject
from payments.stripe.sandbox import disputes as bank
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator
from tests.hiring.contracts.factories import deliver, make_contract
from tests.hiring.contracts.test_payments import pay
from tests.hiring.funding.paying import charge_of
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def disputed(*, is_delivered: bool = True) -> BankDispute:
    """A bank took the money of a paid milestone."""
    milestone = pay(make_contract(at=clock.now()).milestones.get())
    if is_delivered:
        deliver(milestone, at=clock.now())
    with clock.frozen(clock.now() + timedelta(days=1)):
        bank.open_dispute(charge_of(payment_id_of(milestone)))
        deliver_all()
    return BankDispute.objects.get()


def payment_id_of(milestone: Milestone) -> str:
    return MilestonePayment.objects.get(reference=milestone.public_id).provider_payment_id


def submissions() -> int:
    return int(SandboxObject.objects.get(kind="dispute").data["evidence_details"]["submission_count"])


def browser(person: User) -> Client:
    found = Client()
    found.force_login(person)
    return found


class TestAnswer:
    def test_is_frozen_sent_once_and_says_what_was_done(self) -> None:
        dispute = disputed()
        pack = services.answer_dispute(
            actor=make_finance(), dispute=dispute, explanation="They thanked us.", at=clock.now()
        )
        assert services.send_pack(pack_id=pack.pk) == services.send_pack(pack_id=pack.pk) == "sent"
        deliver_all()
        dispute.refresh_from_db()
        assert (submissions(), dispute.status) == (1, "under_review")
        pack.refresh_from_db()
        fields = pack.fields
        assert fields.uncategorized_text == "They thanked us."
        assert fields.customer_email_address == dispute.payment.payer.mail_to
        assert fields.service_date == clock.now().date().isoformat()
        assert "delivered" in fields.access_activity_log
        assert "SHA-256" in fields.access_activity_log
        assert "One cover, front and spine." in fields.product_description
        assert AuditEntry.objects.filter(verb="milestone_dispute.answered").count() == 1

    def test_its_documents_have_checksums_and_amount(self) -> None:
        dispute = disputed()
        pack = services.answer_dispute(actor=make_finance(), dispute=dispute, explanation="", at=clock.now())
        pack.refresh_from_db()
        assert bytes(pack.receipt).startswith(b"%PDF")
        assert bytes(pack.documentation).startswith(b"%PDF")

    def test_only_finance_does(self) -> None:
        dispute = disputed()
        for person in (dispute.payment.payer, make_moderator(), make_operator()):
            with pytest.raises(NotAllowed):
                services.answer_dispute(actor=person, dispute=dispute, explanation="", at=clock.now())
            with pytest.raises(NotAllowed):
                services.accept_dispute(actor=person, dispute=dispute)
        assert not MilestoneEvidence.objects.exists()

    def test_while_one_is_sent_a_second_is_the_same(self) -> None:
        dispute, finance = disputed(), make_finance()
        with jobs.collect_messages():
            first = services.answer_dispute(actor=finance, dispute=dispute, explanation="One.", at=clock.now())
            again = services.answer_dispute(actor=finance, dispute=dispute, explanation="Two.", at=clock.now())
        assert first == again

    def test_a_decided_dispute_takes_no_answer(self) -> None:
        dispute = disputed()
        bank.decide_dispute(dispute.provider_dispute_id, "lost")
        deliver_all()
        dispute.refresh_from_db()
        with pytest.raises(DisputeAnswered):
            services.answer_dispute(actor=make_finance(), dispute=dispute, explanation="", at=clock.now())
        with pytest.raises(DisputeAnswered):
            services.accept_dispute(actor=make_finance(), dispute=dispute)

    def test_a_lost_message_is_sent_by_the_next_run(self, django_capture_on_commit_callbacks) -> None:
        dispute = disputed()
        with jobs.collect_messages():
            services.answer_dispute(actor=make_finance(), dispute=dispute, explanation="", at=clock.now())
        with clock.frozen(clock.now() + timedelta(minutes=2)), django_capture_on_commit_callbacks(execute=True):
            tasks.retry_stuck()
        assert MilestoneEvidence.objects.get().state == "sent"
        assert submissions() == 1

    def test_a_refusal_is_on_record_and_can_be_tried_anew(self) -> None:
        dispute = disputed()
        with jobs.collect_messages():
            pack = services.answer_dispute(actor=make_finance(), dispute=dispute, explanation="", at=clock.now())
        bank.decide_dispute(dispute.provider_dispute_id, "lost")
        assert services.send_pack(pack_id=pack.pk) == "failed"
        pack.refresh_from_db()
        assert pack.error


class TestBySelf:
    def test_delivered_work_is_defended_a_day_before_the_deadline(self) -> None:
        dispute = disputed()
        assert dispute.evidence_due_at is not None
        assert services.submit_due_evidence(at=dispute.evidence_due_at - timedelta(days=1, seconds=1)) == 0
        assert services.submit_due_evidence(at=dispute.evidence_due_at - timedelta(days=1)) == 1
        assert services.submit_due_evidence(at=dispute.evidence_due_at - timedelta(hours=1)) == 0
        assert MilestoneEvidence.objects.get().created_by is None

    def test_what_was_never_delivered_is_left_to_people(self) -> None:
        dispute = disputed(is_delivered=False)
        assert dispute.evidence_due_at is not None
        assert services.submit_due_evidence(at=dispute.evidence_due_at - timedelta(hours=1)) == 0


class TestAccept:
    def test_the_provider_closes_it_as_lost(self) -> None:
        dispute = services.accept_dispute(actor=make_finance(), dispute=disputed())
        deliver_all()
        assert (dispute.status, dispute.outcome) == ("lost", "lost")
        assert Milestone.objects.get().state == "taken"
        assert_balances_agree()


class TestWorkLog:
    def test_tells_when_both_wrote_and_not_what(self) -> None:
        milestone = pay(make_contract(at=clock.now()).milestones.get())
        log = work_log(milestone.public_id, clock.now() + timedelta(seconds=1))
        assert log is not None
        assert not log.is_delivered
        assert log.service_date == milestone.due_on.isoformat()

    def test_ends_with_the_dispute(self) -> None:
        milestone = pay(make_contract(at=clock.now()).milestones.get())
        deliver(milestone, at=clock.now() + timedelta(days=1))
        log = work_log(milestone.public_id, clock.now() + timedelta(seconds=1))
        assert log is not None
        assert (log.is_delivered, list(log.files)) == (False, [])

    def test_knows_only_milestones(self) -> None:
        assert work_log("mst_none", clock.now()) is None


class TestPages:
    def test_finance_sees_sends_and_reads_what_was_sent(self) -> None:
        dispute, office = disputed(), browser(make_finance())
        assert dispute.provider_dispute_id in office.get(reverse("funding:disputes")).text
        address = reverse("funding:dispute", args=[dispute.provider_dispute_id])
        text = office.get(address).text
        assert "handed over before the dispute" in text
        assert "SHA-256" in text
        answer = reverse("funding:answer", args=[dispute.provider_dispute_id])
        assert "on its way to the bank" in office.post(answer, {"explanation": ""}, follow=True).text
        assert "Responses so far" in office.get(address).text
        for name in ("receipt", "work"):
            sent = office.get(reverse("funding:document", args=[dispute.provider_dispute_id, 1, name]))
            assert sent["Content-Type"] == "application/pdf"
            assert sent.content.startswith(b"%PDF")

    def test_finance_accepts(self) -> None:
        dispute, office = disputed(), browser(make_finance())
        answer = reverse("funding:answer", args=[dispute.provider_dispute_id])
        assert "closes it as lost" in office.post(answer, {"decision": "accept"}, follow=True).text
        assert "does not wait for an answer" in office.post(answer, {"explanation": ""}, follow=True).text

    def test_operators_look_and_nobody_else_finds_it(self) -> None:
        dispute = disputed()
        parts = [dispute.provider_dispute_id]
        operator = browser(make_operator())
        assert operator.get(reverse("funding:dispute", args=parts)).status_code == 200
        assert operator.post(reverse("funding:answer", args=parts), {"explanation": ""}).status_code == 403
        for person in (make_author(), make_moderator(), dispute.payment.payer):
            visitor = browser(person)
            assert visitor.get(reverse("funding:disputes")).status_code == 404
            assert visitor.get(reverse("funding:dispute", args=parts)).status_code == 404
            assert visitor.post(reverse("funding:answer", args=parts)).status_code == 404

    def test_unknown_ones_are_not_found(self) -> None:
        office = browser(make_finance())
        assert office.get(reverse("funding:dispute", args=["dp_none"])).status_code == 404
        assert office.get(reverse("funding:document", args=["dp_none", 1, "work"])).status_code == 404
        assert office.post(reverse("funding:answer", args=["dp_none"])).status_code == 404
