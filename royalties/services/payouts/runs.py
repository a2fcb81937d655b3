"""Payout runs: approved by another person than the one who proposed; single payouts held and released."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.errors import NotAllowed
from royalties import permissions
from royalties.errors import (
    ApproverIsProposer,
    PayoutNotHoldable,
    PayoutNotReleasable,
    PayoutRunNotApprovable,
)
from royalties.models import Payout, PayoutRail, PayoutRun, PayoutRunState, PayoutState
from royalties.services.payouts import bank_files


@transaction.atomic
def approve_run(*, actor: User, run: PayoutRun, at: datetime) -> PayoutRun:
    """Approve somebody else's run: payouts through the provider are sent, those through the bank written to a file.

    A run that the schedule proposed has no person as its maker; anybody who may approve does. Raises NotAllowed,
    ApproverIsProposer, PayoutRunNotApprovable.
    """
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    run = PayoutRun.objects.select_for_update().get(pk=run.pk)  # races with a second approver
    if run.proposed_by_id == actor.pk:
        raise ApproverIsProposer
    if run.state != PayoutRunState.PROPOSED:
        raise PayoutRunNotApprovable(state=run.get_state_display().lower())
    run.state, run.approved_by, run.approved_at = PayoutRunState.APPROVED, actor, at
    run.save(update_fields=["state", "approved_by", "approved_at"])
    account_services.record_audit(actor=actor, verb="payout_run.approved", subject=run)
    for payout_id in run.payouts.sendable().values_list("pk", flat=True):
        jobs.enqueue("royalties.send_payout", payout_id=payout_id)
    if bank_files.is_set_up():
        bank_files.write_waiting(actor=actor, run=run, at=at)
    return run


@transaction.atomic
def cancel_run(*, actor: User, run: PayoutRun, at: datetime) -> PayoutRun:
    """Withdraw a run that nobody approved; its payouts are canceled. Raises NotAllowed, PayoutRunNotApprovable."""
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    run = PayoutRun.objects.select_for_update().get(pk=run.pk)
    if run.state != PayoutRunState.PROPOSED:
        raise PayoutRunNotApprovable(state=run.get_state_display().lower())
    run.state = PayoutRunState.CANCELED
    run.save(update_fields=["state"])
    run.payouts.open().update(state=PayoutState.CANCELED, finished_at=at, reason="The run was withdrawn.")
    account_services.record_audit(actor=actor, verb="payout_run.canceled", subject=run)
    return run


@transaction.atomic
def hold(*, actor: User, payout: Payout, reason: str) -> Payout:
    """Keep a pending payout back until finance releases it. Raises NotAllowed, PayoutNotHoldable."""
    if not permissions.may_hold_payouts(actor):
        raise NotAllowed
    payout = Payout.objects.select_for_update().get(pk=payout.pk)  # races with send_payout and a file's release
    if payout.state != PayoutState.PENDING:
        raise PayoutNotHoldable(state=payout.get_state_display().lower())
    payout.state, payout.reason = PayoutState.HELD, reason[:200]
    payout.save(update_fields=["state", "reason"])
    account_services.record_audit(actor=actor, verb="payout.held", subject=payout)
    return payout


@transaction.atomic
def release(*, actor: User, payout: Payout) -> Payout:
    """Let a held payout go, at once when its run is approved. Raises NotAllowed, PayoutNotReleasable."""
    if not permissions.may_hold_payouts(actor):
        raise NotAllowed
    payout = Payout.objects.select_for_update().select_related("run").get(pk=payout.pk)
    if payout.state != PayoutState.HELD:
        raise PayoutNotReleasable(state=payout.get_state_display().lower())
    payout.state, payout.reason, payout.person_hold = PayoutState.PENDING, "", None
    payout.save(update_fields=["state", "reason", "person_hold"])
    account_services.record_audit(actor=actor, verb="payout.released", subject=payout)
    if payout.run.state == PayoutRunState.APPROVED and payout.rail == PayoutRail.STRIPE:
        jobs.enqueue("royalties.send_payout", payout_id=payout.pk)
    return payout
