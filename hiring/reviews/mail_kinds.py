"""The emails of reviews between members that a person may stop."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.mail_choices import MailKind, add_kind
from accounts.models import User
from hiring.reviews.models import Reviewer
from hiring.reviews.services.mails import REVIEW_ASKED


def register() -> None:
    """Register them. Called once, when the app is ready."""
    add_kind(MailKind(REVIEW_ASKED, _("Reviews of contracts"), _("Once, when a contract has ended"), _concerns))


def _concerns(user: User) -> bool:
    return Reviewer.objects.filter(user=user).exists()
