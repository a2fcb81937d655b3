"""What entries of the audit log mean: each app says it for its own verbs, facts and subjects when it is ready.

Going up: an app above knows its words, the page of the log and the chain's check read them from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# A reason is free text and may name somebody: it is kept as long as anybody could still ask for it in earnest.
REASONS_LAST = timedelta(days=3 * 365)


class Area(models.TextChoices):
    """Parts of the log. Finance reads the part on money."""

    SECURITY = "security", _("Log-in and security")
    MONEY = "money", _("Money")
    MODERATION = "moderation", _("Moderation")
    PUBLISHING = "publishing", _("Publishing")
    ACCOUNTS = "accounts", _("Accounts")


@dataclass(frozen=True, slots=True)
class Verb:
    """One kind of entry. Its facts are erased once they are older than `lasts`, or the person was erased; without it
    they hold nothing of a person and stay. One that is not told stands in the log alone, not among what people read of
    their own account: a suspicion is for those who look into it."""

    code: str
    words: StrOrPromise
    area: Area
    lasts: timedelta | None = None
    is_told: bool = True


type PersonOf = Callable[[models.Model], int | None]

_verbs: dict[str, Verb] = {}
_facts: dict[str, StrOrPromise] = {}
_subjects: dict[str, StrOrPromise] = {}
_people: dict[str, PersonOf] = {}


def add_verbs(
    area: Area, verbs: Mapping[str, StrOrPromise], *, lasts: timedelta | None = None, is_told: bool = True
) -> None:
    """Say what verbs mean, for how long their facts are kept, and whether those whom they are about read of them."""
    _verbs.update({code: Verb(code, words, area, lasts, is_told) for code, words in verbs.items()})


def add_facts(facts: Mapping[str, StrOrPromise]) -> None:
    """Say what facts are called on the page."""
    _facts.update(facts)


def add_subjects(subjects: Mapping[str, StrOrPromise], people: Mapping[str, str | None]) -> None:
    """Say what things are called, and by which attributes ("line.order.buyer_id") one leads to whose it is."""
    _subjects.update(subjects)
    _people.update({label: _by(path) for label, path in people.items() if path})


def _by(path: str) -> PersonOf:
    def person(subject: models.Model) -> int | None:
        found: object = subject
        for name in path.split("."):
            found = getattr(found, name, None)
        return found if isinstance(found, int) else None

    return person


def verbs() -> list[Verb]:
    """Every verb, by its code."""
    return [_verbs[code] for code in sorted(_verbs)]


def verbs_of(area: Area) -> list[str]:
    return [verb.code for verb in verbs() if verb.area == area]


def not_told() -> list[str]:
    """Verbs that nobody reads of their own account."""
    return [verb.code for verb in verbs() if not verb.is_told]


def words_of(verb: str) -> StrOrPromise:
    """What the entry says, or its code where nobody says it any more."""
    known = _verbs.get(verb)
    return known.words if known else verb


def fact_name(name: str) -> StrOrPromise:
    return _facts.get(name, name.replace("_", " "))


def subject_name(kind: str) -> StrOrPromise:
    return _subjects.get(kind, kind.rpartition(".")[2])


def person_of(subject: models.Model) -> int | None:
    """Whose account the thing belongs to, where an app says so."""
    person = _people.get(subject._meta.label_lower)
    return person(subject) if person else None


def ends() -> dict[str, timedelta]:
    """The verbs whose facts have an end, and how long those are kept."""
    return {verb.code: verb.lasts for verb in verbs() if verb.lasts is not None}


def may_be_erased(entry: AuditEntry, at: datetime) -> bool:
    """Whether the schedule allows that the entry has no facts any more."""
    lasts = ends().get(entry.verb)
    if lasts is None:
        return False
    return entry.at + lasts <= at or any(
        person is not None and person.is_erased for person in (entry.actor, entry.about)
    )
