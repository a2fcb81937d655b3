"""What was refused: log-ins and rights. Counted by the minute first, so that nobody fills the audit log by trying.

One row for each kind of try, person, and place within a minute, however often it comes; when the minute is over it is
entered in the log with its number. Beyond `MAX_ROWS_A_MINUTE` tries are only counted by their kind, those on accounts
of staff by whose account it is.
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
class Try:
    """Something that was refused: by whom as far as we know, whose account it was about, and where it came from."""

    verb: str
    place: str = ""
    actor: User | None = None
    about: User | None = None
    facts: Mapping[str, str] | None = None


def note(tried: Try) -> None:
    """Count one refused try."""
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
    """Count a refused log-in. Of an address that nobody has only a keyed hash is kept: people mistype, and type their
    password there."""
    address = email.strip().lower()
    known = _owner(address)
    if known is not None:
        note(Try(verb=verb, place=place, about=known))
    else:
        hashed = salted_hmac("accounts.unknown_address", address, algorithm="sha256").hexdigest()[:16]
        note(Try(verb="login.unknown_address", place=place, facts={"address": hashed}))


def _owner(address: str) -> User | None:
    """Whose address it is. Always two queries by an index: the answer to a log-in takes as long for nobody's.

    An account that nobody was ever let in to is nobody's: it can be deleted, and an entry would keep it.
    """
    by_any = EmailAddress.objects.filter(email=address, verified=True).select_related("user").first()
    by_main = User.objects.annotate(lowered=Lower("email")).filter(lowered=address, last_login__isnull=False).first()
    return by_any.user if by_any else by_main


@transaction.atomic
def enter_counted(*, at: datetime) -> int:
    """Enter what was counted in minutes that are over in the audit log; returns how many rows. Safe to run twice."""
    over = Refusal.objects.filter(minute__lte=at - _MINUTE).order_by("minute", "key")
    rows = list(over.select_for_update(skip_locked=True, of=("self",)).select_related("actor", "about")[:_BATCH])
    AuditEntry.objects.bulk_create(_entry(row) for row in rows)
    Refusal.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def forget(person: User) -> None:
    """What was counted in the last minute about somebody who is being erased."""
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
    """Without what tells it from others, but that staff are named: they can do most harm."""
    actor, about = _if_staff(row.actor), _if_staff(row.about)
    return Refusal(
        key=_key(row.minute, row.verb, actor, about), minute=row.minute, verb=row.verb, actor=actor, about=about
    )


def _if_staff(person: User | None) -> User | None:
    return person if person is not None and person.is_staff_member else None


def _add(row: Refusal) -> None:
    """Somebody else's try may come first, and the minute may be entered in between: then it begins anew."""
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
