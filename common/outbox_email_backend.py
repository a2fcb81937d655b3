"""The email backend of an installation without SMTP: emails become rows that the outbox page shows."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from common import clock
from common.models import OutboxMessage


class OutboxBackend(BaseEmailBackend):
    """Stores each email as an `OutboxMessage`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [
            OutboxMessage(
                to=", ".join(message.recipients())[:500],
                subject=str(message.subject)[:500],
                text=str(message.body),
                html=next((str(a[0]) for a in getattr(message, "alternatives", []) if a[1] == "text/html"), ""),
                sent_at=clock.now(),
            )
            for message in email_messages
        ]
        OutboxMessage.objects.bulk_create(rows)
        return len(rows)
