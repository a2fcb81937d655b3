"""The register of audit log labels: each app adds its own verbs, facts and subjects when it is ready.

Apps above this one register their labels here; the log's pages and the chain check read them.
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


# A reason is free text and may name a person, so it is kept only as long as someone may still need it.
REASONS_LAST = timedelta(days=3 * 365)


class Area(models.TextChoices):
    """Sections of the log. Finance reads the one about money."""

    SECURITY = "security", _("Log-in and security")
    MONEY = "money", _("Money")
    MODERATION = "moderation", _("Moderation")
    PUBLISHING = "publishing", _("Publishing")
    ACCOUNTS = "accounts", _("Accounts")


@dataclass(frozen=True, slots=True)
class Verb:
    """One kind of entry.

    Its facts are erased once they are older than `lasts`, or once the person is erased. Without `lasts` the facts hold
    no personal data and stay. If `is_told` is false, entries appear only in the staff log and not on the person's own
    activity page, because a suspicion is only for those who investigate it.
    """

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
    """Register labels for verbs, how long their facts are kept, and whether the people concerned can see them."""
    _verbs.update({code: Verb(code, words, area, lasts, is_told) for code, words in verbs.items()})


def add_facts(facts: Mapping[str, StrOrPromise]) -> None:
    """Register labels for facts."""
    _facts.update(facts)


def add_subjects(subjects: Mapping[str, StrOrPromise], people: Mapping[str, str | None]) -> None:
    """Register labels for things, and attribute paths ("line.order.buyer_id") to the users they belong to."""
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
    """Return every verb, sorted by code."""
    return [_verbs[code] for code in sorted(_verbs)]


def verbs_of(area: Area) -> list[str]:
    return [verb.code for verb in verbs() if verb.area == area]


def staff_only_verbs() -> list[str]:
    """Return the codes of verbs that are not shown on a person's own activity page."""
    return [verb.code for verb in verbs() if not verb.is_told]


def label_of(verb: str) -> StrOrPromise:
    """Return the verb's label, or its code if no app registers it any more."""
    known = _verbs.get(verb)
    return known.words if known else verb


def fact_name(name: str) -> StrOrPromise:
    return _facts.get(name, name.replace("_", " "))


def subject_name(kind: str) -> StrOrPromise:
    return _subjects.get(kind, kind.rpartition(".")[2])


def person_of(subject: models.Model) -> int | None:
    """Return the id of the user the thing belongs to, if its app registered a path to one."""
    person = _people.get(subject._meta.label_lower)
    return person(subject) if person else None


def expiring_verbs() -> dict[str, timedelta]:
    """Return the verbs whose facts expire, with how long the facts are kept."""
    return {verb.code: verb.lasts for verb in verbs() if verb.lasts is not None}


def may_be_erased(entry: AuditEntry, at: datetime) -> bool:
    """Return whether the retention schedule allows this entry to have no facts any more."""
    lasts = expiring_verbs().get(entry.verb)
    if lasts is None:
        return False
    return entry.at + lasts <= at or any(
        person is not None and person.is_erased for person in (entry.actor, entry.about)
    )
