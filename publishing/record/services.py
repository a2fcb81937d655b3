"""Writing the record of a work: numbers, subjects, keywords, licence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Lower

from accounts import services as account_services
from accounts.models import User
from publishing import permissions, selectors
from publishing.models import Contributor, ContributorRole, EditionState, Isbn, IsbnFormat, Work
from publishing.record import isbn, keywords, thema_codes
from publishing.record.errors import IsbnTaken, KeywordNamesAuthor, MiningNotReservable, SourceMissing
from publishing.record.licences import Licence
from publishing.services import editions


@dataclass(frozen=True, slots=True)
class Record:
    """What the form of the record holds. `isbns` has thirteen digits or "" by format; `subjects` are Thema codes, the
    main one first."""

    isbns: Mapping[str, str] = field(default_factory=dict)
    subjects: Sequence[str] = ()
    keywords: Sequence[str] = ()
    licence: str = Licence.RESERVED
    public_domain_source: str = ""
    rights_line: str = ""
    is_mining_reserved: bool = False


@transaction.atomic
def update_record(*, actor: User, work: Work, record: Record, at: datetime) -> Work:
    """Save the record. A draft's files that say something else are made again.

    Raises the errors of `publishing.record.errors`.
    """
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    thema_codes.check(record.subjects)
    _check_keywords(work, record.keywords)
    _check_rights(record)
    for kind in IsbnFormat:
        _give(work, kind, isbn.cleaned(number) if (number := record.isbns.get(kind, "")) else "", at)
    work.subject = record.subjects[0] if record.subjects else work.subject
    work.more_subjects = list(record.subjects[1:])
    work.keywords = list(record.keywords)
    work.licence = record.licence
    work.public_domain_source = record.public_domain_source if record.licence == Licence.PUBLIC_DOMAIN else ""
    work.rights_line = record.rights_line
    work.is_mining_reserved = record.is_mining_reserved
    work.save()
    account_services.record_audit(actor=actor, verb="record.changed", subject=work, facts=_facts(record))
    editions.refresh_draft(actor=actor, work=work, at=at)
    editions.announce_change(work)
    return work


def _give(work: Work, kind: IsbnFormat, number: str, at: datetime) -> None:
    """Make the number that of the format, or leave it without one. What was sold stays taken. Raises IsbnTaken."""
    now = Isbn.objects.filter(work=work, format=kind, is_current=True).first()
    if now is not None and now.number == number:
        return
    if now is not None:
        if selectors.was_on_sale(work):
            now.is_current = False
            now.save(update_fields=["is_current"])
        else:
            now.delete()
    if not number:
        return
    # Numbers are unique in the table, so of two works that race for one the second waits here, and is refused.
    taken, is_new = Isbn.objects.get_or_create(number=number, defaults={"work": work, "format": kind, "given_at": at})
    if is_new:
        return
    if (taken.work_id, taken.format) != (work.pk, kind):
        raise IsbnTaken(isbn=isbn.shown(number), format=str(kind))
    taken.is_current = True
    taken.save(update_fields=["is_current"])


def _check_keywords(work: Work, given: Sequence[str]) -> None:
    names = list(work.contributors.values_list("name", flat=True))
    series = work.series.title if work.series else ""
    keywords.check(given, known=[work.title, work.subtitle, series, work.imprint, *names])
    possible = keywords.possible_names(given)
    if not possible:
        return
    others = Contributor.objects.filter(
        role=ContributorRole.AUTHOR, work__editions__state=EditionState.PUBLISHED
    ).exclude(work=work)
    own = {name.lower() for name in names}
    found = others.annotate(plain=Lower("name")).filter(plain__in=possible.keys() - own).values_list("plain", flat=True)
    if name := found.first():
        raise KeywordNamesAuthor(keyword=possible[name])


def _check_rights(record: Record) -> None:
    if record.licence == Licence.PUBLIC_DOMAIN and not record.public_domain_source.strip():
        raise SourceMissing
    if record.is_mining_reserved and record.licence != Licence.RESERVED:
        raise MiningNotReservable


def _facts(record: Record) -> dict[str, str | int]:
    values = asdict(record)
    return {
        "isbns": " ".join(f"{kind}:{number}" for kind, number in sorted(record.isbns.items()) if number),
        "subjects": " ".join(record.subjects),
        "keywords": ", ".join(record.keywords),
        **{name: str(values[name]) for name in ("licence", "public_domain_source", "rights_line")},
        "is_mining_reserved": "yes" if record.is_mining_reserved else "no",
    }
