"""The emails of reviews that a person may stop."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.mail_choices import MailKind, add_kind
from accounts.models import User
from storefront.community.models import Review
from storefront.community.services.review_emails import REVIEW_REPLY


def register() -> None:
    """Register them. Called once, when the app is ready."""
    add_kind(MailKind(REVIEW_REPLY, _("Replies to your reviews"), _("When an author has replied"), _concerns))


def _concerns(user: User) -> bool:
    return Review.objects.filter(user=user).exists()
