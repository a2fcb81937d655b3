"""Complaints about held money: once, within six months of being told, decided by whoever did not place the hold."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.errors import NotAllowed
from royalties import permissions
from royalties.errors import ComplaintDecided, ComplaintRefused, ComplaintWordsMissing, HoldNotOurs
from royalties.models import ComplaintOutcome, HoldKind, HoldNotice, Payout, PayoutState, PersonHold, ReserveRule
from royalties.services import payouts, reserves


@transaction.atomic
def complain(*, actor: User, notice: HoldNotice, text: str, at: datetime) -> HoldNotice:
    """Complain about a hold, as the person whose money it is. Raises ComplaintRefused, ComplaintWordsMissing."""
    found = _locked(notice)
    if not permissions.may_complain(actor, found, at):
        raise ComplaintRefused
    if not text.strip():
        raise ComplaintWordsMissing
    found.complaint, found.complained_at = text.strip(), at
    found.save(update_fields=["complaint", "complained_at"])
    account_services.record_audit(actor=actor, verb="hold.complained", subject=found)
    return found


@transaction.atomic
def decide(*, actor: User, notice: HoldNotice, outcome: ComplaintOutcome, answer: str, at: datetime) -> HoldNotice:
    """Decide a complaint, as a second person. Overturned, the hold ends at once.

    Raises ComplaintDecided, NotAllowed, ComplaintWordsMissing, HoldNotOurs for money that a bank has pulled back.
    """
    found = _locked(notice)
    if not found.awaits_decision:
        raise ComplaintDecided
    if not permissions.may_decide_complaint(actor, found):
        raise NotAllowed
    if not answer.strip():
        raise ComplaintWordsMissing
    if outcome == ComplaintOutcome.OVERTURNED and not found.can_be_lifted:
        raise HoldNotOurs
    found.outcome, found.answer = outcome, answer.strip()
    found.decided_by, found.decided_at = actor, at
    found.save(update_fields=["outcome", "answer", "decided_by", "decided_at"])
    if outcome == ComplaintOutcome.OVERTURNED and found.is_in_force(at):
        _lift(actor, found, at)
    account_services.record_audit(actor=actor, verb="hold.complaint_decided", subject=found, facts={"outcome": outcome})
    jobs.enqueue("royalties.tell_hold", hold_notice_id=found.pk)
    return found


def _lift(actor: User, found: HoldNotice, at: datetime) -> None:
    if found.kind == HoldKind.PAYOUTS and found.person_hold is not None:
        payouts.lift_hold(actor=actor, hold=found.person_hold, at=at)
    elif found.kind == HoldKind.RESERVE and found.reserve_rule is not None:
        reserves.lift(actor=actor, rule=found.reserve_rule, at=at)
    elif found.payout is not None and found.payout.state == PayoutState.HELD:
        payouts.release(actor=actor, payout=found.payout, at=at)


def _locked(notice: HoldNotice) -> HoldNotice:
    """Lock the hold before its notice, as whoever ends the hold does."""
    list(PersonHold.objects.select_for_update(of=("self",)).filter(notice=notice))
    list(ReserveRule.objects.select_for_update(of=("self",)).filter(notice=notice))
    list(Payout.objects.select_for_update(of=("self",)).filter(hold_notices=notice))
    rows = HoldNotice.objects.select_for_update(of=("self",))
    return rows.select_related("user", "person_hold", "reserve_rule", "payout").get(pk=notice.pk)
