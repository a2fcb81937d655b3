"""What proves the work of a milestone to a bank: what was agreed, delivered and accepted, and when both sides wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation

from hiring.contracts.models import Contract, DeliveryFile, Milestone
from hiring.contracts.selectors.event_words import line_of
from hiring.conversations.models import Message
from hiring.funding.hooks import DeliveredFile, LogLine, WorkLog
from hiring.service_kinds import ServiceKind


def work_log(reference: str, before: datetime) -> WorkLog | None:
    """Return what happened in a milestone before a moment, in English; None when there is no such milestone."""
    milestone = (
        Milestone.objects.select_related("contract__client", "contract__provider").filter(public_id=reference).first()
    )
    if milestone is None:
        return None
    first = milestone.deliveries.filter(delivered_at__lt=before).order_by("number").first()
    day = first.delivered_at.date() if first is not None else milestone.due_on
    with translation.override("en"):
        return WorkLog(
            agreed=_agreed(milestone),
            service_date=day.isoformat(),
            lines=sorted([*_steps(milestone, before), *_messages(milestone.contract, before)], key=lambda one: one.at),
            files=list(_files(milestone, before)),
            is_delivered=first is not None,
        )


def _agreed(milestone: Milestone) -> str:
    contract = milestone.contract
    terms = contract.terms
    return (
        f"{ServiceKind(contract.kind).label} by {contract.provider.display_name} for “{contract.title}”: "
        f"{milestone.title}, due {milestone.due_on.isoformat()}, {terms.revision_rounds} revisions included. "
        f"Both sides agreed on {contract.opened_at:%Y-%m-%d} under version {contract.terms_version} of our terms: "
        f"{terms.scope}"
    )


def _steps(milestone: Milestone, before: datetime) -> Iterator[LogLine]:
    for event in milestone.events.filter(at__lt=before).select_related("actor", "milestone").order_by("pk"):
        line = line_of(event, currency=milestone.currency, names_milestone=False)
        yield LogLine(event.at, line.words)


def _messages(contract: Contract, before: datetime) -> Iterator[LogLine]:
    """Yield when somebody wrote. What they wrote stays between the two."""
    rows = Message.objects.filter(conversation__public_id=contract.terms.conversation_reference, sent_at__lt=before)
    for message in rows.select_related("author").order_by("pk"):
        yield LogLine(message.sent_at, f"{message.author.display_name} wrote to the other side")


def _files(milestone: Milestone, before: datetime) -> Iterator[DeliveredFile]:
    rows = DeliveryFile.objects.filter(delivery__milestone=milestone, delivery__delivered_at__lt=before)
    for file in rows.select_related("delivery").order_by("pk"):
        yield DeliveredFile(file.delivery.delivered_at, file.file_name, file.sha256, file.size_bytes)
