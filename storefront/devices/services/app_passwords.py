"""Making, using and revoking app passwords."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services import record_audit
from storefront.devices import permissions
from storefront.devices.errors import BadName, NameTaken, NoScope, TooManyAppPasswords
from storefront.devices.models import AppPassword, Scope
from storefront.devices.selectors.app_passwords import sha256_hex
from storefront.devices.services import emails

MAX_APP_PASSWORDS = 25
LENGTH = 16
# Letters and digits but for those that look alike on an e-reader: 0 and O, 1 and l. Each is worth 5.8 bits.
ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Made:
    """A new app password with its text, which is never shown again."""

    password: AppPassword
    text: str


@transaction.atomic
def make(*, actor: User, name: str, scopes: Collection[str], address: str | None, at: datetime) -> Made:
    """Make an app password, and tell the person by email.

    Raises NotAllowed for guests, BadName, NoScope, NameTaken, TooManyAppPasswords.
    """
    permissions.require_member(actor)
    if not name.strip() or ":" in name:
        raise BadName
    if not set(scopes) & set(Scope.values):
        raise NoScope
    User.objects.select_for_update().get(pk=actor.pk)  # two at once could both be the last one allowed
    theirs = AppPassword.objects.filter(user=actor)
    if theirs.filter(name__iexact=name).exists():
        raise NameTaken(name=name)
    if theirs.count() >= MAX_APP_PASSWORDS:
        raise TooManyAppPasswords(limit=MAX_APP_PASSWORDS)
    text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    password = AppPassword.objects.create(
        user=actor,
        name=name,
        sha256=sha256_hex(text),
        md5_sha256=sha256_hex(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()),
        may_see_catalogue=Scope.CATALOGUE in scopes,
        may_sync=Scope.SYNC in scopes,
        made_at=at,
    )
    record_audit(actor=actor, verb="app_password.made", subject=password, facts={"name": name})
    emails.tell_made(password, address=address, at=at)
    return Made(password, text)


@transaction.atomic
def revoke(*, actor: User, password: AppPassword) -> None:
    """Delete the app password, so that its device is refused from the next request on. Raises NotFound."""
    permissions.require_own(actor, password)
    if AppPassword.objects.filter(pk=password.pk).delete()[0]:
        record_audit(actor=actor, verb="app_password.revoked", subject=password, facts={"name": password.name})


@transaction.atomic
def revoke_all(*, actor: User) -> None:
    """Delete all app passwords of the person."""
    for password in AppPassword.objects.filter(user=actor).order_by("pk"):
        revoke(actor=actor, password=password)


def note_used(*, password: AppPassword, at: datetime) -> None:
    """Note the day on which the password was used: at most one write a day."""
    if password.used_on != at.date():
        AppPassword.objects.filter(pk=password.pk).update(used_on=at.date())
