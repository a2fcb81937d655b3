"""Finance's stop on all payouts to one person: with a reason they see, audited, and with an end where known."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from royalties import permissions
from royalties.errors import HoldEndsBeforeItBegins, HoldIsOver, HoldReasonMissing
from royalties.models import HoldRule, PersonHold
from royalties.models.hold_notice import CHOSEN_RULES
from royalties.services import hold_notices


@transaction.atomic
def impose_hold(
    *, actor: User, person: User, rule: HoldRule, reason: str, ends_at: datetime | None, at: datetime
) -> PersonHold:
    """Stop every payout to the person that has not been requested yet; they are sent a statement of reasons.

    Raises NotAllowed (also for oneself), HoldReasonMissing, HoldEndsBeforeItBegins.
    """
    if not permissions.may_hold_payouts(actor) or actor.pk == person.pk:
        raise NotAllowed
    if not reason.strip() or rule not in CHOSEN_RULES:
        raise HoldReasonMissing
    if ends_at is not None and ends_at <= at:
        raise HoldEndsBeforeItBegins
    hold = PersonHold.objects.create(
        user=person, reason=reason.strip(), begins_at=at, ends_at=ends_at, imposed_by=actor
    )
    account_services.record_audit(
        actor=actor, verb="person_hold.imposed", subject=hold, facts={"person": person.public_id}
    )
    hold_notices.of_person(hold, rule=rule)
    return hold


@transaction.atomic
def lift_hold(*, actor: User, hold: PersonHold, at: datetime) -> PersonHold:
    """End a hold early; what waited for it goes on with the next retry. Raises NotAllowed, HoldIsOver."""
    if not permissions.may_hold_payouts(actor) or actor.pk == hold.user_id:
        raise NotAllowed
    hold = PersonHold.objects.select_for_update().get(pk=hold.pk)
    if hold.lifted_at is not None or (hold.ends_at is not None and hold.ends_at <= at):
        raise HoldIsOver
    hold.lifted_at, hold.lifted_by = at, actor
    hold.save(update_fields=["lifted_at", "lifted_by"])
    hold_notices.end(at=at, person_hold=hold)
    account_services.record_audit(actor=actor, verb="person_hold.lifted", subject=hold)
    return hold
