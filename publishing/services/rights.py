"""Author terms accepted, and statements of rights and of AI use made. Rows are what can be shown when somebody asks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from publishing import author_terms, permissions
from publishing.errors import TermsOutdated
from publishing.models import Edition, RightsStatement, TermsAcceptance
from publishing.services import editions


@dataclass(frozen=True, slots=True)
class Statement:
    """Values of `RightsBasis` and, for text, images and translation, of `AiUse`."""

    basis: str
    ai_text: str
    ai_images: str
    ai_translation: str


@transaction.atomic
def accept_terms(*, actor: User, version: str, at: datetime) -> TermsAcceptance:
    """Keep that the person accepted the terms, and when. Safe to repeat.

    Raises TermsOutdated for a version that was replaced while it was read.
    """
    if version != author_terms.CURRENT:
        raise TermsOutdated
    accepted, is_new = TermsAcceptance.objects.get_or_create(
        person=actor, version=version, defaults={"accepted_at": at}
    )
    if is_new:
        account_services.record_audit(actor=actor, verb="terms.accepted", subject=accepted, facts={"version": version})
    return accepted


@transaction.atomic
def state_rights(*, actor: User, edition: Edition, statement: Statement, at: datetime) -> RightsStatement:
    """Keep with the edition why its author may publish it and what AI had to do with it. Of an edition on sale it can
    be put right; the audit log has what was stated before."""
    work = editions.locked(edition.work)
    permissions.require_publish(actor, work)
    values = asdict(statement)
    stated, _created = RightsStatement.objects.update_or_create(
        edition=edition, defaults={**values, "stated_by": actor, "stated_at": at}
    )
    account_services.record_audit(actor=actor, verb="rights.stated", subject=edition, facts=values)
    editions.announce_change(work)
    return stated
