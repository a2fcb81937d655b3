"""Refused log-ins and permissions, counted by the minute first so that nobody can flood the audit log.

There is one row for each kind of attempt, person and network address within a minute, however often it happens. When
the minute is over, it is added to the log with its count. Beyond `MAX_ROWS_A_MINUTE`, attempts are only counted by
kind, those on staff accounts by account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from accounts.models import AuditEntry, Refusal, User
from common import clock
from common.hash_chain import canonical

MAX_ROWS_A_MINUTE = 20
_MINUTE = timedelta(minutes=1)
_BATCH = 500
_ATTEMPTS = 5
_USER = User._meta.label_lower


@dataclass(frozen=True, slots=True)
class RefusedAttempt:
    """A refused attempt: by whom as far as we know, whose account it concerned, and where it came from."""

    verb: str
    place: str = ""
    actor: User | None = None
    about: User | None = None
    facts: Mapping[str, str] | None = None


def note(tried: RefusedAttempt) -> None:
    """Count one refused attempt."""
    minute = clock.now().replace(second=0, microsecond=0)
    facts = {**({"place": tried.place} if tried.place else {}), **(tried.facts or {})}
    row = Refusal(
        key=_key(minute, tried.verb, tried.actor, tried.about, facts),
        minute=minute,
        verb=tried.verb,
        actor=tried.actor,
        about=tried.about,
        facts=facts,
    )
    if not _counted(row):
        _add(row if _has_room(minute) else _as_one_of_many(row))


def note_login(*, verb: str, email: str, place: str) -> None:
    """Count a refused log-in.

    For an address without an account, only a keyed hash is kept: people mistype, and enter their password there.
    """
    address = email.strip().lower()
    known = _owner(address)
    if known is not None:
        note(RefusedAttempt(verb=verb, place=place, about=known))
    else:
        hashed = salted_hmac("accounts.unknown_address", address, algorithm="sha256").hexdigest()[:16]
        note(RefusedAttempt(verb="login.unknown_address", place=place, facts={"address": hashed}))


def _owner(address: str) -> User | None:
    """Return the user whose address it is.

    It always takes two indexed queries, so that the response to a log-in takes as long for unknown addresses. An
    account that nobody was ever let into counts as unknown: it can be deleted, and an entry would keep it.
    """
    by_any = EmailAddress.objects.filter(email=address, verified=True).select_related("user").first()
    by_main = User.objects.annotate(lowered=Lower("email")).filter(lowered=address, last_login__isnull=False).first()
    return by_any.user if by_any else by_main


@transaction.atomic
def enter_counted(*, at: datetime) -> int:
    """Add what was counted in minutes that are over to the audit log. Return how many rows. Safe to run twice."""
    over = Refusal.objects.filter(minute__lte=at - _MINUTE).order_by("minute", "key")
    rows = list(over.select_for_update(skip_locked=True, of=("self",)).select_related("actor", "about")[:_BATCH])
    AuditEntry.objects.bulk_create(_entry(row) for row in rows)
    Refusal.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def forget(person: User) -> None:
    """Delete what was counted in the last minute about a person who is being erased."""
    Refusal.objects.filter(Q(actor=person) | Q(about=person)).delete()


def _entry(row: Refusal) -> AuditEntry:
    person = row.about or row.actor
    subject = person.public_id if person else ""
    return AuditEntry(
        at=row.minute,
        actor_id=row.actor_id,
        about_id=row.about_id,
        verb=row.verb,
        subject_kind=_USER if subject else "",
        subject_id=subject,
        facts={**row.facts, "times": row.times},
    )


def _key(
    minute: datetime, verb: str, actor: User | None, about: User | None, facts: Mapping[str, str] | None = None
) -> str:
    told = [minute.isoformat(), verb, actor and actor.pk, about and about.pk, facts]
    return blake2b(canonical(told), digest_size=16).hexdigest()


def _counted(row: Refusal) -> bool:
    return bool(Refusal.objects.filter(pk=row.key).update(times=F("times") + 1))


def _has_room(minute: datetime) -> bool:
    return Refusal.objects.filter(minute=minute).count() < MAX_ROWS_A_MINUTE


def _as_one_of_many(row: Refusal) -> Refusal:
    """Return the row without its details. Staff accounts stay named: they can do the most harm."""
    actor, about = _if_staff(row.actor), _if_staff(row.about)
    return Refusal(
        key=_key(row.minute, row.verb, actor, about), minute=row.minute, verb=row.verb, actor=actor, about=about
    )


def _if_staff(person: User | None) -> User | None:
    return person if person is not None and person.is_staff_member else None


def _add(row: Refusal) -> None:
    """Count the attempt, trying again if another one came first or the minute was entered in between."""
    for _attempt in range(_ATTEMPTS):
        if _counted(row) or _inserted(row):
            return


def _inserted(row: Refusal) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True
