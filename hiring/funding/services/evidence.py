"""Our response to a bank's dispute about a milestone: the receipt, and what was agreed and done; frozen, then sent.

The pack and its documents are stored before the first call, and the idempotency keys have its number, so that a lost
answer can be asked for again. What the two sides wrote to each other stays between them: only when they did is told,
and finance adds what proves more in its own words.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs, pdf
from common.errors import NotAllowed
from hiring.funding import hooks
from hiring.funding.errors import DisputeAnswered
from hiring.funding.models import BankDispute, MilestoneEvidence
from hiring.funding.services import disputes
from payments import services as payment_services
from payments.gateway import Evidence, GatewayRefused
from storefront.checkout import permissions
from storefront.checkout.models import EvidenceState

_PDF = "application/pdf"
_MAX_TEXT_LENGTH = 20_000
# Evidence is sent by itself this long before the bank's deadline.
_LAST_MOMENT = timedelta(days=1)


def answer_dispute(*, actor: User, dispute: BankDispute, explanation: str, at: datetime) -> MilestoneEvidence:
    """Send our evidence to the bank, with finance's explanation. Raises NotAllowed, DisputeAnswered."""
    if not permissions.may_answer_disputes(actor):
        raise NotAllowed
    return _prepare(dispute, explanation, at, actor)


def accept_dispute(*, actor: User, dispute: BankDispute) -> BankDispute:
    """Accept the dispute: the provider closes it as lost. A refund beside it would pay the client twice.

    Raises NotAllowed, DisputeAnswered, GatewayUnknown.
    """
    if not permissions.may_answer_disputes(actor):
        raise NotAllowed
    if not dispute.is_answerable:
        raise DisputeAnswered
    account_services.record_audit(actor=actor, verb="milestone_dispute.accepted", subject=dispute)
    try:
        payment_services.gateway().accept_dispute(
            key=f"accept:{dispute.provider_dispute_id}", dispute_id=dispute.provider_dispute_id
        )
    except GatewayRefused as refused:
        raise DisputeAnswered from refused
    return disputes.sync_dispute(dispute_id=dispute.provider_dispute_id)


def submit_due_evidence(*, at: datetime) -> int:
    """Send the evidence of unanswered disputes about delivered work whose deadline is near; return how many."""
    late = BankDispute.objects.answerable().filter(evidence_due_at__lte=at + _LAST_MOMENT, evidence_due_at__gt=at)
    waiting = [one for one in late.filter(packs=None).select_related("payment").order_by("pk") if is_delivered(one)]
    for dispute in waiting:
        _prepare(dispute, "", at, None)
    return len(waiting)


def is_delivered(dispute: BankDispute) -> bool:
    """Return whether something was delivered before the dispute."""
    log = hooks.work_log_of(dispute.payment.reference, dispute.opened_at)
    return log is not None and log.is_delivered


def send_pack(*, pack_id: int) -> EvidenceState:
    """Upload the documents and submit the evidence. Safe to run twice and at the same time.

    Raises GatewayUnknown if there was no answer: the pack stays pending and is sent again under its keys.
    """
    pack = MilestoneEvidence.objects.select_related("dispute").get(pk=pack_id)
    if pack.state != EvidenceState.PENDING:
        return EvidenceState(pack.state)
    gateway, dispute = payment_services.gateway(), pack.dispute
    key = f"{dispute.provider_dispute_id}:{pack.number}"
    try:
        receipt = gateway.upload_evidence(
            key=f"evidence-receipt:{key}", name="receipt.pdf", content=bytes(pack.receipt), mime=_PDF
        )
        documentation = gateway.upload_evidence(
            key=f"evidence-work:{key}", name="work.pdf", content=bytes(pack.documentation), mime=_PDF
        )
        gateway.submit_evidence(
            key=f"evidence:{key}",
            dispute_id=dispute.provider_dispute_id,
            evidence=replace(pack.fields, receipt=receipt, service_documentation=documentation),
            submit=True,
        )
    except GatewayRefused as refused:
        return _finish(pack_id, EvidenceState.FAILED, str(refused))
    return _finish(pack_id, EvidenceState.SENT, "")


def evidence_fields(dispute: BankDispute, explanation: str) -> Evidence:
    """Return the texts of the response; the files are its documents."""
    context = document_context(dispute)
    log, payer = context["log"], dispute.payment.payer
    return Evidence(
        product_description=_say("product", context),
        customer_name=payer.display_name,
        customer_email_address=payer.mail_to,
        service_date=log.service_date if log is not None else "",
        access_activity_log=_say("log", context),
        refund_policy_disclosure=_say("policy", context),
        refund_refusal_explanation=_say("refunds", context),
        uncategorized_text=explanation.strip()[:_MAX_TEXT_LENGTH],
    )


def document_context(dispute: BankDispute) -> dict[str, Any]:
    """Return the context of the response's texts and documents."""
    payment = dispute.payment
    return {
        "dispute": dispute,
        "payment": payment,
        "refunds": list(payment.refunds.order_by("pk")),
        "log": hooks.work_log_of(payment.reference, dispute.opened_at),
    }


@transaction.atomic
def _prepare(dispute: BankDispute, explanation: str, at: datetime, actor: User | None) -> MilestoneEvidence:
    """Freeze a response and enqueue sending it; return the one already being sent, if any. Raises DisputeAnswered."""
    dispute = BankDispute.objects.select_for_update(of=("self",)).select_related("payment__payer").get(pk=dispute.pk)
    waiting = dispute.packs.filter(state=EvidenceState.PENDING).first()
    if waiting is not None:
        return waiting
    if not dispute.is_answerable:
        raise DisputeAnswered
    fields, context = evidence_fields(dispute, explanation), document_context(dispute)
    with translation.override("en"):
        receipt = pdf.render_pdf("hiring/funding/evidence/receipt.html", context)
        documentation = pdf.render_pdf("hiring/funding/evidence/work.html", context)
    pack = MilestoneEvidence.objects.create(
        dispute=dispute,
        number=dispute.packs.count() + 1,
        fields=fields,
        receipt=receipt,
        documentation=documentation,
        created_by=actor,
        created_at=at,
    )
    account_services.record_audit(actor=actor, verb="milestone_dispute.answered", subject=dispute)
    jobs.enqueue("funding.send_evidence", pack_id=pack.pk)
    return pack


@transaction.atomic
def _finish(pack_id: int, state: EvidenceState, error: str) -> EvidenceState:
    pack = MilestoneEvidence.objects.select_for_update(of=("self",)).select_related("dispute").get(pk=pack_id)
    if pack.state == EvidenceState.PENDING:
        pack.state, pack.error, pack.sent_at = state, error[:200], clock.now()
        pack.save(update_fields=["state", "error", "sent_at"])
        jobs.enqueue("funding.sync_dispute", dispute_id=pack.dispute.provider_dispute_id)
    return EvidenceState(pack.state)


def _say(name: str, context: dict[str, Any]) -> str:
    with translation.override("en"):  # the bank reads one language, whatever that of the person who sends it
        text = render_to_string(f"hiring/funding/evidence/{name}.txt", context)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)[:_MAX_TEXT_LENGTH]
