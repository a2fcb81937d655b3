"""Writing what the record says of the people of a work: role, biography, numbers, and the order of their names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from publishing import permissions
from publishing.errors import AlreadyContributor
from publishing.models import Contributor
from publishing.record import name_ids
from publishing.services import editions

MAX_BIOGRAPHY = 2000


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What the form holds about one person. Numbers may be ""."""

    role: str
    biography: str = ""
    orcid: str = ""
    isni: str = ""


@transaction.atomic
def describe_person(*, actor: User, contributor: Contributor, person: PersonRecord, at: datetime) -> Contributor:
    """Save role, biography and numbers of a credited person. Raises OrcidWrong, IsniWrong, AlreadyContributor."""
    work = editions.lock_work(contributor.work)
    permissions.require_publish(actor, work)
    others = work.contributors.exclude(pk=contributor.pk)
    if contributor.user_id is not None and others.filter(user=contributor.user_id, role=person.role).exists():
        raise AlreadyContributor(name=contributor.name)
    contributor.role = person.role
    contributor.biography = person.biography
    contributor.orcid = name_ids.cleaned_orcid(person.orcid) if person.orcid else ""
    contributor.isni = name_ids.cleaned_isni(person.isni) if person.isni else ""
    contributor.save(update_fields=["role", "biography", "orcid", "isni"])
    account_services.record_audit(actor=actor, verb="contributor.described", subject=contributor)
    editions.refresh_draft(actor=actor, work=work, at=at)
    editions.announce_change(work)
    return contributor


@transaction.atomic
def move_person(*, actor: User, contributor: Contributor, is_up: bool, at: datetime) -> None:
    """Move a name one place up or down; at the end of the list it stays."""
    work = editions.lock_work(contributor.work)
    permissions.require_publish(actor, work)
    people = list(work.contributors.order_by("position", "id"))
    here = people.index(contributor)
    there = here - 1 if is_up else here + 1
    if not 0 <= there < len(people):
        return
    people[here], people[there] = people[there], people[here]
    for position, person in enumerate(people):
        person.position = position
    Contributor.objects.bulk_update(people, ["position"])
    editions.refresh_draft(actor=actor, work=work, at=at)
    editions.announce_change(work)
