"""The emails of conversations that a person may stop."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.mail_choices import MailKind, add_kind
from accounts.models import User
from hiring.conversations.models import Membership
from hiring.conversations.services.unread_mails import UNREAD_MESSAGES


def register() -> None:
    """Register them. Called once, when the app is ready."""
    add_kind(
        MailKind(
            UNREAD_MESSAGES,
            _("Messages"),
            _("When a message has waited for ten minutes, in one email for all of them"),
            _concerns,
        )
    )


def _concerns(user: User) -> bool:
    return Membership.objects.filter(user=user).exists()
