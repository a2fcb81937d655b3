"""Overrides: the owner's decisions to publish despite a blocking finding, with a written reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from publishing import permissions, selectors
from publishing.errors import EditionSuperseded, NothingToOverride, OverrideRefused, ReasonTooShort
from publishing.models import Edition, EditionState, FindingOverride
from publishing.services.editions import lock_work

MIN_REASON_LENGTH = 15


@transaction.atomic
def override_finding(*, actor: User, edition: Edition, code: str, reason: str, at: datetime) -> FindingOverride:
    """Allow the edition to be published despite a blocking code. The reason is kept with the edition.

    Raises NotAllowed, NothingToOverride, OverrideRefused for a code that cannot be overridden, ReasonTooShort.
    """
    work = lock_work(edition.work)  # serialises decisions made in two tabs
    permissions.require_publish(actor, work)
    if edition.state not in {EditionState.DRAFT, EditionState.WITHDRAWN}:
        raise EditionSuperseded if edition.state == EditionState.SUPERSEDED else NothingToOverride
    blocker = next((one for one in selectors.blockers_of(edition) if one.code == code), None)
    if blocker is None:
        raise NothingToOverride
    if not blocker.is_overridable:
        raise OverrideRefused(title=blocker.title)
    reason = " ".join(reason.split())
    if len(reason) < MIN_REASON_LENGTH:
        raise ReasonTooShort(least=MIN_REASON_LENGTH)
    override, _created = FindingOverride.objects.update_or_create(
        edition=edition, code=code, defaults={"reason": reason[:500], "decided_by": actor, "decided_at": at}
    )
    _audit(actor, "finding.overridden", edition, code)
    return override


@transaction.atomic
def withdraw_override(*, actor: User, edition: Edition, code: str) -> None:
    """Withdraw the override, so that the code blocks again. Raises NotAllowed, NothingToOverride."""
    permissions.require_publish(actor, lock_work(edition.work))
    deleted, _rows = FindingOverride.objects.filter(edition=edition, code=code).delete()
    if not deleted:
        raise NothingToOverride
    _audit(actor, "finding.override_taken_back", edition, code)


def _audit(actor: User, verb: str, edition: Edition, code: str) -> None:
    facts: dict[str, str | int] = {"code": code, "number": edition.number}
    account_services.record_audit(actor=actor, verb=verb, subject=edition, facts=facts)
