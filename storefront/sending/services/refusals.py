"""What devices' services refuse: they write to the address that our emails come from.

A mail server that refuses sends a report (RFC 3464) with the headers of the email it refused. Amazon writes an email of
its own, in the language of the account, which names the file. Whoever forges either can only have a delivery shown as
refused, and has to know its Message-ID or its file name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage, Message
from email.utils import parseaddr

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from common.emails import enqueue
from common.text_cleaning import one_line
from storefront.sending import rules, selectors
from storefront.sending.models import Delivery, DeliveryState

_MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_AMAZON = re.compile(r"(^|\.)amazon\.[a-z.]{2,6}$")
_BY_NAME_WITHIN = timedelta(days=3)
_MAX_TEXT = 200_000


def note(message: EmailMessage, *, at: datetime) -> Delivery | None:
    """Note a refusal and tell the device's owner, once. Return the delivery; None for every other email."""
    delivery = _named_by_report(message) or _named_by_amazon(message, at)
    return None if delivery is None else _refuse(delivery.pk, _reason(message), at)


@transaction.atomic
def _refuse(delivery_id: int, reason: str, at: datetime) -> Delivery | None:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("device__owner", "work")
    delivery = rows.filter(pk=delivery_id, state=DeliveryState.SENT).first()
    if delivery is None:
        return None
    delivery.state, delivery.refusal, delivery.done_at = DeliveryState.REFUSED, reason, at
    delivery.save(update_fields=["state", "refusal", "done_at"])
    owner = delivery.device.owner
    with regions.active(owner.region):
        context = {
            "delivery": delivery,
            "device": delivery.device,
            "is_kindle": rules.is_kindle(delivery.device.address),
            "sender": selectors.sender_address(),
        }
        enqueue(
            "sending_refused", _("%(device)s did not take a book") % {"device": delivery.device}, owner.mail_to, context
        )
    return delivery


def _named_by_report(message: EmailMessage) -> Delivery | None:
    """Return the delivery whose email failed for good by a mail server's report; None if it is only late."""
    if message.get_content_type() != "multipart/report":
        return None
    if not any(fields.get("Action", "").strip().lower() == "failed" for fields in _fields(message)):
        return None
    return Delivery.objects.filter(message_id__in=_original_ids(message)).exclude(message_id="").first()


def _named_by_amazon(message: EmailMessage, at: datetime) -> Delivery | None:
    """Return the one delivery of these days whose file Amazon's email names."""
    if not _AMAZON.search(parseaddr(message.get("From", ""))[1].rpartition("@")[2].lower()):
        return None
    text = _text(message)
    recent = Delivery.objects.filter(state=DeliveryState.SENT, done_at__gt=at - _BY_NAME_WITHIN).select_related(
        "device"
    )
    named = [one for one in recent if rules.is_kindle(one.device.address) and one.file_name in text]
    return named[0] if len(named) == 1 else None


def _original_ids(message: EmailMessage) -> list[str]:
    """Return the Message-IDs in the headers of the refused email, which the report encloses."""
    found = []
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            found += [str(one.get("Message-ID", "")) for one in _enclosed(part)]
        elif part.get_content_type() == "text/rfc822-headers":
            found += _MESSAGE_ID.findall(str(part.get_payload()))
    return [one.strip() for one in found if one.strip()]


def _fields(message: EmailMessage) -> Iterator[dict[str, str]]:
    """Yield the fields of a report, those of each recipient apart."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from ({str(name): str(value) for name, value in block.items()} for block in _enclosed(part))


def _enclosed(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _reason(message: EmailMessage) -> str:
    said = next((fields["Diagnostic-Code"] for fields in _fields(message) if "Diagnostic-Code" in fields), "")
    return one_line(said.partition(";")[2] or said or str(message.get("Subject", ""))).strip()[:300]


def _text(message: EmailMessage) -> str:
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(message.get("Subject", "")), *(str(part.get_content()) for part in parts)])[:_MAX_TEXT]
