"""Our response to a dispute: built from receipt, access log, delivery and policy, frozen, then sent.

The pack and its documents are stored before the first call; the idempotency keys of files and submission contain its
number, so that a lost answer can be asked for again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs, pdf
from payments import services as payment_services
from payments.gateway import Evidence, GatewayRefused
from storefront.checkout.entitlements.selectors import access_log
from storefront.checkout.errors import DisputeClosed
from storefront.checkout.models import (
    AccessKind,
    AccessRecord,
    Dispute,
    Entitlement,
    EvidencePack,
    EvidenceState,
    Order,
)

_PDF = "application/pdf"
_MAX_TEXT_LENGTH = 20_000


@transaction.atomic
def prepare_pack(*, dispute: Dispute, explanation: str, at: datetime, actor: User | None) -> EvidencePack:
    """Freeze a response and enqueue sending it; return the one already being sent, if any. Raises DisputeClosed."""
    dispute = Dispute.objects.select_for_update(of=("self",)).select_related("payment__order__buyer").get(pk=dispute.pk)
    waiting = dispute.packs.filter(state=EvidenceState.PENDING).first()
    if waiting is not None:
        return waiting
    if not dispute.is_answerable:
        raise DisputeClosed
    fields = evidence_fields(dispute, explanation)
    context = document_context(dispute)
    pack = EvidencePack.objects.create(
        dispute=dispute,
        number=dispute.packs.count() + 1,
        fields=fields,
        receipt=pdf.render_pdf("checkout/evidence/receipt.html", context),
        documentation=pdf.render_pdf("checkout/evidence/delivery.html", context),
        created_by=actor,
        created_at=at,
    )
    account_services.record_audit(actor=actor, verb="dispute.answered", subject=dispute)
    jobs.enqueue("checkout.send_evidence", pack_id=pack.pk)
    return pack


def send_pack(*, pack_id: int) -> EvidenceState:
    """Upload the documents and submit the evidence. Safe to run twice and at the same time.

    Raises GatewayUnknown if there was no answer: the pack stays pending and is sent again under its keys.
    """
    pack = EvidencePack.objects.select_related("dispute").get(pk=pack_id)
    if pack.state != EvidenceState.PENDING:
        return EvidenceState(pack.state)
    gateway, dispute = payment_services.gateway(), pack.dispute
    key = f"{dispute.public_id}:{pack.number}"
    try:
        receipt = gateway.upload_evidence(
            key=f"evidence-receipt:{key}", name="receipt.pdf", content=bytes(pack.receipt), mime=_PDF
        )
        documentation = gateway.upload_evidence(
            key=f"evidence-delivery:{key}", name="delivery.pdf", content=bytes(pack.documentation), mime=_PDF
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


def evidence_fields(dispute: Dispute, explanation: str) -> Evidence:
    """Return the texts of the response; the files are its documents."""
    order = dispute.payment.order
    opened = access_log.accesses_of(order, before=dispute.opened_at)
    addresses = [record.address for record in opened if record.address]
    return Evidence(
        product_description=_say("checkout/evidence/product.txt", {"order": order, "lines": _lines(order)}),
        customer_name=order.buyer.display_name,
        customer_email_address=order.buyer.mail_to,
        customer_purchase_ip=str(addresses[0]) if addresses else "",
        service_date=_service_date(order),
        access_activity_log="\n".join(_access(record) for record in opened)[:_MAX_TEXT_LENGTH],
        refund_policy_disclosure=_say("checkout/evidence/policy.txt", {"order": order}),
        refund_refusal_explanation=_say("checkout/evidence/refunds.txt", {"order": order, "dispute": dispute}),
        uncategorized_text=explanation.strip()[:_MAX_TEXT_LENGTH],
    )


def document_context(dispute: Dispute) -> dict[str, Any]:
    """Return the context of the response's documents."""
    order = dispute.payment.order
    lines = _lines(order)
    return {
        "dispute": dispute,
        "order": order,
        "payment": dispute.payment,
        "lines": lines,
        "tax_minor": sum(line.tax_minor for line in lines),
        "accesses": access_log.accesses_of(order, before=dispute.opened_at),
    }


@transaction.atomic
def _finish(pack_id: int, state: EvidenceState, error: str) -> EvidenceState:
    pack = EvidencePack.objects.select_for_update().get(pk=pack_id)
    if pack.state == EvidenceState.PENDING:
        pack.state, pack.error, pack.sent_at = state, error[:200], clock.now()
        pack.save(update_fields=["state", "error", "sent_at"])
        jobs.enqueue("checkout.sync_dispute", dispute_id=pack.dispute.provider_dispute_id)
    return EvidenceState(pack.state)


def _service_date(order: Order) -> str:
    """Return the day the reader got the first of the books; for gifts and pre-orders, the day they were paid."""
    granted = Entitlement.objects.filter(line__order=order).order_by("granted_at").first()
    at = granted.granted_at if granted is not None else order.paid_at
    return at.date().isoformat() if at is not None else ""


def _lines(order: Order) -> list[Any]:
    return list(order.lines.select_related("edition__work").order_by("pk"))


def _access(record: AccessRecord) -> str:
    what = "downloaded" if record.kind == AccessKind.DOWNLOAD else "read in the browser"
    where = f" from {record.address}" if record.address else ""
    return f"{record.at:%Y-%m-%d %H:%M} UTC: {record.entitlement.work.title} {what}{where} ({record.detail})"


def _say(template: str, context: dict[str, Any]) -> str:
    with translation.override("en"):  # the bank reads one language, whatever that of the person who sends it
        return " ".join(render_to_string(template, context).split())[:_MAX_TEXT_LENGTH]
