"""Decisions at the gate: publishing in spite of a finding, for a written reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from publishing import permissions, selectors
from publishing.errors import EditionSuperseded, NothingToOverride, OverrideRefused, ReasonTooShort
from publishing.models import Edition, EditionState, FindingOverride
from publishing.services.editions import locked

REASON_CHARACTERS = 15


@transaction.atomic
def override_finding(*, actor: User, edition: Edition, code: str, reason: str, at: datetime) -> FindingOverride:
    """Let the edition be published in spite of a blocking code. The reason stays with the edition.

    Raises NotAllowed, NothingToOverride, OverrideRefused for what is no matter of taste, ReasonTooShort.
    """
    work = locked(edition.work)  # two tabs decide one after the other
    permissions.require_publish(actor, work)
    if edition.state not in {EditionState.DRAFT, EditionState.WITHDRAWN}:
        raise EditionSuperseded if edition.state == EditionState.SUPERSEDED else NothingToOverride
    blocker = next((one for one in selectors.blockers_of(edition) if one.code == code), None)
    if blocker is None:
        raise NothingToOverride
    if not blocker.is_overridable:
        raise OverrideRefused(title=blocker.title)
    reason = " ".join(reason.split())
    if len(reason) < REASON_CHARACTERS:
        raise ReasonTooShort(least=REASON_CHARACTERS)
    override, _created = FindingOverride.objects.update_or_create(
        edition=edition, code=code, defaults={"reason": reason[:500], "decided_by": actor, "decided_at": at}
    )
    _audit(actor, "finding.overridden", edition, code)
    return override


@transaction.atomic
def take_override_back(*, actor: User, edition: Edition, code: str) -> None:
    """Let the code block again. Raises NotAllowed, NothingToOverride."""
    permissions.require_publish(actor, locked(edition.work))
    deleted, _rows = FindingOverride.objects.filter(edition=edition, code=code).delete()
    if not deleted:
        raise NothingToOverride
    _audit(actor, "finding.override_taken_back", edition, code)


def _audit(actor: User, verb: str, edition: Edition, code: str) -> None:
    facts: dict[str, str | int] = {"code": code, "number": edition.number}
    account_services.record_audit(actor=actor, verb=verb, subject=edition, facts=facts)
