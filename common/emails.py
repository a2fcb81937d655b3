"""Sending emails as text and HTML: at once, or through a queue that survives an outage of the mail server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from common import clock, jobs
from common.models import PendingMail
from common.text_cleaning import one_line

# A password reset link is valid for three days.
_MAX_AGE = timedelta(days=3)
_MAX_WAIT = timedelta(hours=4)
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Written:
    """An email as it is sent."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an email."""

    name: str
    content: bytes
    media_type: str


def send(
    name: str,
    subject: str,
    to: str,
    context: dict[str, Any],
    *,
    headers: dict[str, str] | None = None,
    attachment: Attachment | None = None,
) -> None:
    """Send the email whose templates have that name, in the active language and formats.

    For background jobs, which are retried when the mail server refuses. Erased people have no address and get no email.
    """
    if is_address(to):
        _send(written(name, subject, context), to, headers, attachment)


@transaction.atomic
def enqueue(
    name: str, subject: str, to: str, context: dict[str, Any], *, headers: dict[str, str] | None = None
) -> None:
    """Queue the email after commit, and retry if the mail server cannot be reached.

    For requests: what a visitor does must not fail because of the mail server.
    """
    if not is_address(to):
        return
    message, now = written(name, subject, context), clock.now()
    pending = PendingMail.objects.create(
        to=to,
        subject=message.subject[:500],
        text=message.text,
        html=message.html,
        headers=headers or {},
        made_at=now,
        due_at=now,
    )
    jobs.enqueue("common.send_mail", mail_id=pending.pk)


def send_pending(*, mail_id: int, at: datetime) -> bool:
    """Send one queued email if it is due. Return whether it was sent now. Raises the mail server's errors.

    The next attempt is scheduled before this one, so that two workers do not send it twice and a server that refuses is
    tried less and less often.
    """
    with transaction.atomic():
        pending = PendingMail.objects.select_for_update().filter(pk=mail_id, due_at__lte=at).first()
        if pending is None:
            return False
        pending.tries += 1
        pending.due_at = at + min(timedelta(minutes=2 ** min(pending.tries, 10)), _MAX_WAIT)
        pending.save(update_fields=["tries", "due_at"])
    _send(Written(pending.subject, pending.text, pending.html), pending.to, pending.headers)
    pending.delete()
    return True


def retry_pending(*, at: datetime) -> None:
    """Retry emails that are still queued, and drop those that are too old."""
    PendingMail.objects.filter(made_at__lt=at - _MAX_AGE).delete()
    for mail_id in PendingMail.objects.filter(due_at__lte=at).order_by("pk").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("common.send_mail", mail_id=mail_id)


def one_click(link: str) -> dict[str, str]:
    """Return the headers by which email programs unsubscribe with one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def is_address(to: str) -> bool:
    """Return whether emails can go there: erased people have a placeholder of ours instead."""
    return "@" in to


def written(name: str, subject: str, context: dict[str, Any]) -> Written:
    """Render the email in the active language and formats.

    The subject is put on one line: with a line break from a name or a title, sending would fail.
    """
    context = {**context, "SITE_URL": settings.SITE_URL, "SITE_NAME": settings.SITE_NAME}
    return Written(
        subject=one_line(subject),
        text=render_to_string(f"emails/{name}.txt", context).strip() + "\n",
        html=render_to_string(f"emails/{name}.html", context),
    )


def _send(message: Written, to: str, headers: dict[str, str] | None, attachment: Attachment | None = None) -> None:
    mail = EmailMultiAlternatives(message.subject, message.text, to=[to], headers=headers)
    mail.attach_alternative(message.html, "text/html")
    if attachment is not None:
        mail.attach(attachment.name, attachment.content, attachment.media_type)
    mail.send()
