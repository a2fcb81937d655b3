"""Password resets by an emailed link, and what they do to an account whose address was never confirmed.

Someone may have opened that account with another person's address, and may wait behind a second address, an open
session or a second factor of their own. Whoever reads the address's mailbox is its owner, so they alone get the
account.
"""

from __future__ import annotations

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from accounts.models import User
from accounts.services.audit import record_audit


class Tokens(EmailAwarePasswordResetTokenGenerator):
    """Tokens that reveal to which address of the account they were emailed."""

    def __init__(self, email: str) -> None:
        super().__init__()
        self.email = email.lower()

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}|to {self.email}"


class AnyAddressTokens(EmailAwarePasswordResetTokenGenerator):
    """For allauth's check of a link: valid if it was emailed to any address of the account."""

    def check_token(self, user: AbstractBaseUser | None, token: str | None) -> bool:
        return isinstance(user, User) and address_of(user, token or "") != ""


def may_be_mailed(user: User, email: str) -> bool:
    """Return whether a link may go to this address: it is confirmed, or it is the one the account was opened with."""
    is_confirmed = EmailAddress.objects.filter(user=user, email=email.lower(), verified=True).exists()
    return is_confirmed or user.email.lower() == email.lower()


def address_of(user: User, token: str) -> str:
    """Return the address that the token was emailed to, or "" if the token is wrong or has expired."""
    emails = {user.email.lower(), *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    return next((email for email in sorted(emails) if Tokens(email).check_token(user, token)), "")


@transaction.atomic
def confirm_by_reset(*, user: User, email: str) -> list[str]:
    """Settle an account whose password was reset by a link to this address. Every session has ended with the old
    password.

    If the address was not confirmed, it is now, and nothing of the person who opened the account stays: other addresses
    and second factors are removed. Return the confirmed addresses that were removed.
    """
    User.objects.select_for_update().get(pk=user.pk)
    address = EmailAddress.objects.filter(user=user, email=email, verified=False).first()
    if address is None or not address.set_verified():
        return []
    others = EmailAddress.objects.filter(user=user).exclude(pk=address.pk)
    dropped = list(others.filter(verified=True).values_list("email", flat=True))
    others.delete()
    Authenticator.objects.filter(user=user).delete()
    address.set_as_primary()
    record_audit(actor=user, verb="user.taken_back", subject=user)
    email_confirmed.send(sender=EmailAddress, request=None, email_address=address)
    return dropped
