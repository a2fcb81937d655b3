"""What people choose about their emails, and links that stop one kind without a log-in (RFC 8058)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts import mail_choices
from accounts.mail_choices import OFF, MailKind
from accounts.models import MailStop, User
from common.errors import NotFound

_SIGNER = signing.Signer(salt="accounts.mail_stop")


@transaction.atomic
def choose(*, actor: User, options: Mapping[str, str], at: datetime) -> int:
    """Save what was chosen, by form field; return how many choices changed. What is not there stays as it is.

    Options that no longer exist are left out: the page may have been open for days.
    """
    changed = 0
    for field, choice in mail_choices.choices_of(actor):
        option = options.get(field, choice.chosen)
        if option == choice.chosen or option not in dict(choice.options):
            continue
        changed += 1
        if mail_choices.is_of_kinds(field):
            set_kind(user=actor, kind=mail_choices.kind_of(choice.code), is_stopped=option == OFF, at=at)
        else:
            mail_choices.source_of(field).choose(actor=actor, code=choice.code, option=option, at=at)
    return changed


@transaction.atomic
def stop_all(*, actor: User, at: datetime) -> int:
    """Stop every email that can be stopped; return how many choices changed."""
    return choose(actor=actor, options={field: one.off for field, one in mail_choices.choices_of(actor)}, at=at)


def set_kind(*, user: User, kind: MailKind, is_stopped: bool, at: datetime) -> None:
    """Stop a kind of email, or allow it again. Safe to repeat."""
    if is_stopped:
        MailStop.objects.get_or_create(user=user, kind=kind.code, defaults={"stopped_at": at})
    else:
        MailStop.objects.filter(user=user, kind=kind.code).delete()


def is_wanted(user: User, code: str) -> bool:
    """Return whether the person did not stop the kind of email."""
    return not MailStop.objects.filter(user=user, kind=mail_choices.kind_of(code).code).exists()


def stop_link(*, user: User, code: str) -> str:
    """Return the URL that stops the kind of email. It does not expire."""
    return settings.SITE_URL + reverse("mail-stop", args=[_SIGNER.sign(f"{user.public_id}.{code}")])


def parse_token(token: str) -> tuple[User, MailKind]:
    """Return the person and the kind of a link. Raises NotFound for a forged one."""
    try:
        user_id, _dot, code = _SIGNER.unsign(token).partition(".")
    except signing.BadSignature:
        raise NotFound from None
    user = User.objects.filter(public_id=user_id).first()
    if user is None:
        raise NotFound
    return user, mail_choices.kind_of(code)
