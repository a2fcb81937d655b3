"""The only writers of the audit log. An entry is written with the act it records; its link follows a moment later.

Writers do not wait for each other. An entry is committed together with the act, and a single chainer links it seconds
later, as the ledger's chainer does for its entries (decision 79).
"""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

from accounts import audit_chain, audit_registry
from accounts.models import ERASED, AuditEntry, AuditLink, User
from accounts.selectors import audit_chain as selectors
from common import clock, hash_chain

_BATCH = 1000
# One chainer at a time. The number only has to be unique to us.
_ADVISORY_LOCK = 0x0A0D_1700


def record_audit(
    *, actor: User | None, verb: str, subject: models.Model, facts: dict[str, str | int] | None = None
) -> AuditEntry:
    """Record who did what to which thing.

    `verb` reads noun.verbed. Facts hold no personal data, except for verbs that are registered with an expiry
    (`accounts.audit_registry`).
    """
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=actor,
        about_id=audit_registry.person_of(subject),
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=str(getattr(subject, "public_id", subject.pk)),
        facts=facts or {},
    )


def chain_committed() -> int:
    """Chain every entry that is committed and not chained yet, in batches. Return how many. Safe to run twice."""
    chained = 0
    while batch := _chain_batch():
        chained += batch
    return chained


@transaction.atomic
def _chain_batch() -> int:
    hash_chain.wait_for_turn(_ADVISORY_LOCK)
    waiting = AuditEntry.objects.filter(link=None, pk__gt=selectors.newest_chained() - selectors.LATE_BY)
    last = selectors.head()
    previous = last.hash if last else audit_chain.GENESIS
    links = []
    for entry in waiting.order_by("pk")[:_BATCH]:
        links.append(audit_chain.new_link(entry, previous))
        previous = links[-1].hash
    AuditLink.objects.bulk_create(links)
    return len(links)


def erase_old_facts(*, at: datetime) -> int:
    """Erase facts that have expired, or whose person was erased before they were chained. Return for how many entries.

    The links stay and still verify.
    """
    ends = audit_registry.expiring_verbs()
    is_erased = Q(actor__email__startswith=ERASED) | Q(about__email__startswith=ERASED)
    late = _erase(AuditEntry.objects.filter(is_erased, verb__in=ends))
    return late + sum(_erase(AuditEntry.objects.filter(verb=verb, at__lte=at - lasts)) for verb, lasts in ends.items())


def erase_facts_of(person: User) -> None:
    """Erase the facts about a person who is being erased, except those the schedule keeps permanently."""
    _erase(AuditEntry.objects.filter(Q(actor=person) | Q(about=person), verb__in=audit_registry.expiring_verbs()))


def _erase(entries: models.QuerySet[AuditEntry]) -> int:
    """Erase the facts of chained entries only: the chain commits to what was said. Others are erased the next night."""
    return entries.filter(link__isnull=False).exclude(salt="").update(facts={}, salt="")
