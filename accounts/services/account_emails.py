"""Our versions of allauth's emails about log-in, passwords, addresses and two-factor authentication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import regions, selectors
from accounts.models import User
from common import emails

# By allauth's name of the email. tests/accounts/test_account_mails.py checks that none of allauth's is missing.
SUBJECTS = {
    "account/email/account_already_exists": _("You already have an account"),
    "account/email/email_changed": _("Your email address was changed"),
    "account/email/email_confirm": _("Your email address is confirmed"),
    "account/email/email_confirmation": _("Confirm your email address"),
    "account/email/email_confirmation_signup": _("Confirm your email address"),
    "account/email/email_deleted": _("An email address was removed"),
    "account/email/login_code": _("Your log-in code"),
    "account/email/password_changed": _("Your password was changed"),
    "account/email/password_reset": _("Your password was changed"),
    "account/email/password_reset_code": _("Your code to set a new password"),
    "account/email/password_reset_key": _("Set a new password"),
    "account/email/password_set": _("Your account now has a password"),
    "account/email/unknown_account": _("There is no account with this address"),
    "mfa/email/recovery_codes_generated": _("You have new recovery codes"),
    "mfa/email/totp_activated": _("Two-factor authentication is on"),
    "mfa/email/totp_deactivated": _("Two-factor authentication is off"),
    "mfa/email/webauthn_added": _("A passkey was added"),
    "mfa/email/webauthn_removed": _("A passkey was removed"),
}
# Events that allauth sends no email for.
OURS = {"account/email/email_added": _("An email address was added")}


def template_of(name: str) -> str:
    """Return our template for allauth's email: "account/email/login_code" -> "account/login_code"."""
    return name.replace("/email/", "/")


def notified_addresses(user: User, *, beside: Iterable[str | None] = ()) -> list[str]:
    """Return every address to notify of a change to the account: all confirmed ones, and those that were until now.

    Someone who takes over an account could keep the news to themselves if it went only to the first address. If the
    account has confirmed none, the address it was opened with is notified.
    """
    addresses = {*selectors.confirmed_emails(user), *(email.lower() for email in beside if email)}
    return sorted(addresses or {user.email})


def post(*, name: str, to: str, context: Mapping[str, Any]) -> None:
    """Send the email in the language of the address's owner, or in the page's language if nobody owns the address."""
    user = context.get("user")
    owner = user if isinstance(user, User) else selectors.owner_of(to)
    with regions.active(owner.region if owner is not None and owner.language else regions.current()):
        emails.enqueue(template_of(name), str({**SUBJECTS, **OURS}[name]), to, {**_on_our_site(context), "email": to})


def _on_our_site(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context with every URL on SITE_URL.

    allauth builds URLs from the request's Host header. A request with another host, made on someone's behalf, would
    email them a link by which that host learns the key.
    """
    ours = {key: _moved(value) for key, value in context.items() if key.endswith("_url")}
    return {**{key: value for key, value in context.items() if key != "request"}, **ours}


def _moved(address: str) -> str:
    return settings.SITE_URL + urlunsplit(("", "", *urlsplit(address)[2:]))
