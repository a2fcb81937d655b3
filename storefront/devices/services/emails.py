"""Emails about app passwords."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts import regions
from accounts.services import account_emails
from common.emails import enqueue
from storefront.devices.models import AppPassword


def tell_made(password: AppPassword, *, address: str | None, at: datetime) -> None:
    """Email all addresses of the person, who may not be the one who made it, from which address it was made."""
    person = password.user
    with regions.active(person.region):
        context = {"name": password.name, "timestamp": at, "ip": address or _("unknown")}
        for to in account_emails.notified_addresses(person):
            enqueue("app_password_made", _("An app password was made"), to, context)
