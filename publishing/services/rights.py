"""Acceptance of the author terms, and statements about rights and AI use. The rows serve as evidence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from publishing import author_terms, permissions
from publishing.errors import TermsOutdated
from publishing.models import AiUseChange, Edition, RightsStatement, TermsAcceptance
from publishing.services import editions


@dataclass(frozen=True, slots=True)
class Statement:
    """A rights statement: a value of `RightsBasis`, and one of `AiUse` each for text, images, translation and cover.

    Without a value for the cover, that of the images holds for it.
    """

    basis: str
    ai_text: str
    ai_images: str
    ai_translation: str
    ai_cover: str = ""


@transaction.atomic
def accept_terms(*, actor: User, version: str, at: datetime) -> TermsAcceptance:
    """Record that the person accepted the terms, and when. Safe to repeat.

    Raises TermsOutdated for a version that was replaced while the person read it.
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
    """Record why the author may publish the edition, and how AI was used.

    The statement can be corrected while the edition is on sale; the audit log keeps what was stated before.
    """
    work = editions.lock_work(edition.work)
    permissions.require_publish(actor, work)
    values = asdict(statement) | {"ai_cover": statement.ai_cover or statement.ai_images}
    stated, _created = RightsStatement.objects.update_or_create(
        edition=edition, defaults={**values, "stated_by": actor, "stated_at": at}
    )
    _keep_change(actor, edition, values, at)
    account_services.record_audit(actor=actor, verb="rights.stated", subject=edition, facts=values)
    editions.refresh_draft(actor=actor, work=work, at=at)  # its copyright page says what is in the public domain
    editions.announce_change(work)
    return stated


def _keep_change(actor: User, edition: Edition, values: dict[str, str], at: datetime) -> None:
    """Keep what was stated on AI, unless the last statement said the same."""
    uses = {name: value for name, value in values.items() if name.startswith("ai_")}
    last = AiUseChange.objects.filter(edition=edition).first()
    if last is None or any(getattr(last, name) != value for name, value in uses.items()):
        AiUseChange.objects.create(edition=edition, stated_by=actor, stated_at=at, **uses)
