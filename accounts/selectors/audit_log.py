"""Queries for the pages of the audit log: who sees which entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import audit_chain, audit_registry, permissions
from accounts.audit_registry import Area
from accounts.models import AuditEntry, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_MAX_PEOPLE = 50
# Facts that people see in entries about themselves; other facts are for those who investigate.
_OWN_FACTS = ("reason", "place", "times")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry with its labels. `person` and `about` are "" for nobody.

    `is_intact` says whether the entry is as it was chained; it is None before that.
    """

    entry: AuditEntry
    words: StrOrPromise
    person: str
    about: str
    subject: StrOrPromise
    is_intact: bool | None

    @property
    def facts(self) -> list[tuple[StrOrPromise, object]]:
        return [(audit_registry.fact_name(name), value) for name, value in self.entry.facts.items()]


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One entry as the person concerned sees it."""

    entry: AuditEntry
    words: StrOrPromise
    by: str
    facts: list[tuple[StrOrPromise, object]]


def entries_for(reader: User) -> QuerySet[AuditEntry]:
    """Return the entries that someone with a role may read."""
    entries = AuditEntry.objects.select_related("actor", "about", "link")
    if permissions.is_operator(reader):
        return entries
    theirs = Q(actor=reader)
    if permissions.is_finance(reader):
        theirs |= Q(verb__in=audit_registry.verbs_of(Area.MONEY))
    return entries.filter(theirs)


def found(
    entries: QuerySet[AuditEntry],
    *,
    person: str = "",
    verb: str = "",
    subject: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEntry]:
    """Filter entries by a person (address, id or name), a verb or an area, a thing's id, and days in UTC."""
    if person:
        people = _people(person)
        entries = entries.filter(Q(actor__in=people) | Q(about__in=people))
    if verb:
        verbs = audit_registry.verbs_of(Area(verb)) if verb in Area.values else [verb]
        entries = entries.filter(verb__in=verbs)
    if subject:
        entries = entries.filter(subject_id=subject)
    if since:
        entries = entries.filter(at__gte=datetime.combine(since, time.min, UTC))
    if until:
        entries = entries.filter(at__lte=datetime.combine(until, time.max, UTC))
    return entries


def _people(text: str) -> list[int]:
    same = Q(public_id=text) | Q(email__iexact=text) | Q(display_name__icontains=text)
    return list(User.objects.filter(same).order_by("pk").values_list("pk", flat=True)[:_MAX_PEOPLE])


def entry_of(entries: QuerySet[AuditEntry], number: int) -> AuditEntry | None:
    """Return one of the entries that the reader may see, or None."""
    return entries.filter(pk=number).first()


def rows(entries: Iterable[AuditEntry]) -> list[Row]:
    """Return the entries with their labels. They are fetched with their people and links."""
    return [
        Row(
            entry=entry,
            words=audit_registry.label_of(entry.verb),
            person=_name(entry.actor) if entry.actor else _nobody(entry),
            about=_name(entry.about) if entry.about else "",
            subject=audit_registry.subject_name(entry.subject_kind) if entry.subject_kind else "",
            is_intact=_is_intact(entry),
        )
        for entry in entries
    ]


def _name(person: User) -> str:
    return person.display_name or str(person.public_id)


def _nobody(entry: AuditEntry) -> str:
    """Name the missing actor: unknown for a refused log-in, the shop itself for everything else."""
    return _("Unknown") if entry.verb.startswith("login.") else _("The shop")


def _is_intact(entry: AuditEntry) -> bool | None:
    link = getattr(entry, "link", None)
    if link is None:
        return None
    is_same = audit_chain.hash_of(entry, link.facts_hash, link.previous_hash) == link.hash
    is_erased = entry.salt == "" and not entry.facts
    return is_same and (is_erased or audit_chain.commitment(entry) == link.facts_hash)


def own(person: User) -> QuerySet[AuditEntry]:
    """Return what the person did and what was done on their account, except for verbs that are not told."""
    kind = User._meta.label_lower
    about = Q(about=person) | Q(subject_kind=kind, subject_id=person.public_id)
    told = about & ~Q(verb__in=audit_registry.staff_only_verbs())
    return (
        AuditEntry.objects.filter(Q(actor=person) | told).select_related("actor").prefetch_related("actor__role_grants")
    )


def own_rows(entries: Sequence[AuditEntry], person: User) -> list[OwnRow]:
    """Return the same entries with their labels for the person. Staff are not named."""
    return [
        OwnRow(
            entry=entry,
            words=audit_registry.label_of(entry.verb),
            by=_by(entry, person),
            facts=[(audit_registry.fact_name(name), entry.facts[name]) for name in _OWN_FACTS if name in entry.facts],
        )
        for entry in entries
    ]


def _by(entry: AuditEntry, person: User) -> str:
    if entry.actor is None:
        return _nobody(entry)
    if entry.actor_id == person.pk:
        return _("You")
    return _("Staff") if _was_staff(entry.actor, entry.at) else _("Someone you work with")


def _was_staff(actor: User, at: datetime) -> bool:
    """Return whether the person was staff then, or is now: a user made by `createsuperuser` has no grant."""
    held = (grant for grant in actor.role_grants.all() if grant.confirmed_at and grant.confirmed_at <= at)
    return actor.is_staff_member or any(grant.ended_at is None or at <= grant.ended_at for grant in held)
