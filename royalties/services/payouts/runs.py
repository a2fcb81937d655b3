"""Payout runs: approved by someone other than the proposer; single payouts held and released."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.errors import NotAllowed
from common.money import Money
from royalties import permissions
from royalties.errors import (
    ApproverIsProposer,
    HoldReasonMissing,
    NothingGoes,
    PayoutNotHoldable,
    PayoutNotReleasable,
    PayoutRunChanged,
    PayoutRunNotApprovable,
)
from royalties.models import HoldRule, Payout, PayoutRail, PayoutRun, PayoutRunState, PayoutState
from royalties.models.hold_notice import CHOSEN_RULES
from royalties.selectors import run_preview as selectors
from royalties.selectors.run_preview import RunPreview
from royalties.services import hold_notices
from royalties.services.payouts import bank_files


@transaction.atomic
def approve_run(*, actor: User, run: PayoutRun, at: datetime, seen: str | None = None) -> PayoutRun:
    """Approve somebody else's run: payouts through the provider are sent, those through the bank written to a file.

    What could not be sent at this moment is removed and waits for the next run: releasing it later would send what
    nobody approved. `seen` is what the approver's page showed (`Going.seen`). A run proposed by the schedule has no
    proposer, so anybody who may approve runs can approve it. Raises NotAllowed, ApproverIsProposer,
    PayoutRunNotApprovable, PayoutRunChanged, NothingGoes.
    """
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    run = PayoutRun.objects.select_for_update().get(pk=run.pk)  # races with a second approver
    if run.proposed_by_id == actor.pk:
        raise ApproverIsProposer
    if run.state != PayoutRunState.PROPOSED:
        raise PayoutRunNotApprovable(state=run.get_state_display().lower())
    # Their locks prevent a release that would add to what was seen.
    list(run.payouts.open().select_for_update().order_by("pk"))
    leaves = selectors.run_preview(run, at=at)
    if seen is not None and seen != leaves.seen:
        raise PayoutRunChanged
    if not leaves.payouts:
        raise NothingGoes
    _take_out(leaves, at)
    run.state, run.approved_by, run.approved_at = PayoutRunState.APPROVED, actor, at
    run.save(update_fields=["state", "approved_by", "approved_at"])
    facts: dict[str, str | int] = {"total": str(Money(leaves.total_minor, run.currency)), "left_out": leaves.left_out}
    account_services.record_audit(actor=actor, verb="payout_run.approved", subject=run, facts=facts)
    for payout_id in run.payouts.sendable().values_list("pk", flat=True):
        jobs.enqueue("royalties.send_payout", payout_id=payout_id)
    if bank_files.is_set_up():
        bank_files.write_waiting(actor=actor, run=run, at=at)
    return run


def _take_out(leaves: RunPreview, at: datetime) -> None:
    for each in leaves.candidates:
        if not each.goes:
            payout = each.payout
            payout.state, payout.finished_at, payout.person_hold = PayoutState.CANCELED, at, None
            payout.reason = each.why_not[:200]
            payout.save(update_fields=["state", "finished_at", "person_hold", "reason"])
            hold_notices.end(at=at, payout=payout)


@transaction.atomic
def cancel_run(*, actor: User, run: PayoutRun, at: datetime) -> PayoutRun:
    """Withdraw a run that nobody approved; its payouts are cancelled. Raises NotAllowed, PayoutRunNotApprovable."""
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    run = PayoutRun.objects.select_for_update().get(pk=run.pk)
    if run.state != PayoutRunState.PROPOSED:
        raise PayoutRunNotApprovable(state=run.get_state_display().lower())
    run.state = PayoutRunState.CANCELED
    run.save(update_fields=["state"])
    hold_notices.end(at=at, payout__in=run.payouts.open())
    run.payouts.open().update(state=PayoutState.CANCELED, finished_at=at, reason="The run was withdrawn.")
    account_services.record_audit(actor=actor, verb="payout_run.canceled", subject=run)
    return run


@transaction.atomic
def hold(*, actor: User, payout: Payout, rule: HoldRule, reason: str, at: datetime) -> Payout:
    """Hold a pending payout until finance releases it; its payee is sent a statement of reasons.

    Raises NotAllowed, HoldReasonMissing, PayoutNotHoldable.
    """
    if not permissions.may_hold_payouts(actor):
        raise NotAllowed
    if not reason.strip() or rule not in CHOSEN_RULES:
        raise HoldReasonMissing
    payout = Payout.objects.select_for_update().get(pk=payout.pk)  # races with send_payout and a file's release
    if payout.state != PayoutState.PENDING:
        raise PayoutNotHoldable(state=payout.get_state_display().lower())
    payout.state, payout.reason = PayoutState.HELD, reason.strip()[:200]
    payout.save(update_fields=["state", "reason"])
    hold_notices.of_payout(payout, rule=rule, facts=payout.reason, actor=actor, at=at)
    account_services.record_audit(actor=actor, verb="payout.held", subject=payout)
    return payout


@transaction.atomic
def release(*, actor: User, payout: Payout, at: datetime) -> Payout:
    """Release a held payout. In an approved run only payouts held after its approval remain, so it is sent at once.

    Raises NotAllowed, PayoutNotReleasable.
    """
    if not permissions.may_hold_payouts(actor):
        raise NotAllowed
    payout = Payout.objects.select_for_update().select_related("run").get(pk=payout.pk)
    if payout.state != PayoutState.HELD:
        raise PayoutNotReleasable(state=payout.get_state_display().lower())
    payout.state, payout.reason, payout.person_hold = PayoutState.PENDING, "", None
    payout.save(update_fields=["state", "reason", "person_hold"])
    hold_notices.end(at=at, payout=payout)
    account_services.record_audit(actor=actor, verb="payout.released", subject=payout)
    if payout.run.state == PayoutRunState.APPROVED and payout.rail == PayoutRail.STRIPE:
        jobs.enqueue("royalties.send_payout", payout_id=payout.pk)
    return payout
