"""The way to their earnings on the account page, for people who are paid for services and may have no dashboard."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.account_links import AccountLink
from accounts.models import User
from royalties.models import PayeeDetails


def links_of(user: User) -> Iterable[AccountLink]:
    """Return the link to the earnings of whoever was ever paid for a service; none for others."""
    details = PayeeDetails.objects.filter(user=user).first()
    if details is not None:
        is_asked = details.stated_at is None
        yield AccountLink(
            _("Earnings"),
            _("Before we can pay you, tell us who you are") if is_asked else _("What you were paid for services"),
            reverse("earnings-details") if is_asked else reverse("earnings"),
        )
