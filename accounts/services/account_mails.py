"""The mails that allauth asks for, in our words: about log-in, passwords, addresses and second factors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import regions, selectors
from accounts.models import User
from common import mails

# By allauth's name of the mail. tests/accounts/test_account_mails.py misses none that allauth has.
SUBJECTS = {
    "account/email/account_already_exists": _("You already have an account"),
    "account/email/email_changed": _("Your e-mail address was changed"),
    "account/email/email_confirm": _("Your e-mail address is confirmed"),
    "account/email/email_confirmation": _("Confirm your e-mail address"),
    "account/email/email_confirmation_signup": _("Confirm your e-mail address"),
    "account/email/email_deleted": _("An e-mail address was removed"),
    "account/email/login_code": _("Your code to log in"),
    "account/email/password_changed": _("Your password was changed"),
    "account/email/password_reset": _("Your password was changed"),
    "account/email/password_reset_code": _("Your code for a new password"),
    "account/email/password_reset_key": _("Set a new password"),
    "account/email/password_set": _("Your account has a password now"),
    "account/email/unknown_account": _("There is no account with this address"),
    "mfa/email/recovery_codes_generated": _("You have new recovery codes"),
    "mfa/email/totp_activated": _("Two-factor authentication is on"),
    "mfa/email/totp_deactivated": _("Two-factor authentication is off"),
    "mfa/email/webauthn_added": _("A passkey was added"),
    "mfa/email/webauthn_removed": _("A passkey was removed"),
}
# What allauth has no mail for.
OURS = {"account/email/email_added": _("An e-mail address was added")}


def template_of(name: str) -> str:
    """Our template for allauth's mail: "account/email/login_code" -> "account/login_code"."""
    return name.replace("/email/", "/")


def told_of_changes(user: User, *, beside: Iterable[str | None] = ()) -> list[str]:
    """Every address that hears of a change of the account: all confirmed ones, and those that were until now.

    Whoever takes an account over would keep the news to themselves if it went to the first address alone. An account
    that has confirmed none hears at the one it was opened with.
    """
    emails = {*selectors.confirmed_emails(user), *(email.lower() for email in beside if email)}
    return sorted(emails or {user.email})


def post(*, name: str, to: str, context: Mapping[str, Any]) -> None:
    """Have the mail sent in the language of whoever owns the address, or of the page when nobody does."""
    user = context.get("user")
    owner = user if isinstance(user, User) else selectors.owner_of(to)
    with regions.active(owner.region if owner is not None and owner.language else regions.current()):
        mails.post(template_of(name), str({**SUBJECTS, **OURS}[name]), to, {**_on_our_site(context), "email": to})


def _on_our_site(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context with every address on SITE_URL.

    allauth builds them from the request's Host header: a request with another host, sent for somebody else, would mail
    them a link by which that host learns the key.
    """
    ours = {key: _moved(value) for key, value in context.items() if key.endswith("_url")}
    return {**{key: value for key, value in context.items() if key != "request"}, **ours}


def _moved(address: str) -> str:
    return settings.SITE_URL + urlunsplit(("", "", *urlsplit(address)[2:]))
