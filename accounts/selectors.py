"""What is known of people's addresses."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.models import User


def confirmed_emails(user: User) -> list[str]:
    """The addresses that the person has shown to be theirs, in small letters."""
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return [email.lower() for email in rows.values_list("email", flat=True)]
