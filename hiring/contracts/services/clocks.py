"""What happens by itself: reminders, and the step of the clock when a time is over. Safe to run twice and late."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hiring.contracts import process
from hiring.contracts.models import Milestone
from hiring.contracts.process import Act, Actor, NoticeKind, State
from hiring.contracts.services import decisions, divisions, money, notices, steps
from royalties.dto import SettlementReason

_KINDS = {
    NoticeKind.DUE_SOON: notices.Kind.DUE_SOON,
    NoticeKind.LATE: notices.Kind.LATE,
    NoticeKind.REVIEW_ENDS_SOON: notices.Kind.REVIEW_ENDS_SOON,
    NoticeKind.REVISION_LATE: notices.Kind.REVISION_LATE,
}


@transaction.atomic
def run_clock(*, milestone_id: int, at: datetime) -> bool:
    """Send the reminders that are due, and take the clock's step if its time has come; return whether it was taken.

    A side may have acted a moment before: the contract is locked, and everything is looked at again.
    """
    found = Milestone.objects.filter(pk=milestone_id).first()
    if found is None:
        return False
    milestone = steps.lock_milestone(found)
    if milestone.clock_at is None or milestone.clock_at > at:
        return False
    row = process.clock_row(State(milestone.state))
    if row is not None and process.is_open(row, milestone.moments, at):
        _take(milestone, row.act, at)
        return True
    _remind(milestone, at)
    steps.set_clock(milestone, after=at)
    milestone.save(update_fields=["clock_at"])
    return False


@transaction.atomic
def end_account(*, milestone: Milestone, side: Actor, at: datetime) -> None:
    """End undelivered work with the side that leaves; what was delivered runs its clock."""
    found = steps.lock_milestone(milestone)
    if process.row_of(State(found.state), Actor.CLOCK, Act.END_ACCOUNT) is not None:
        _take(found, Act.END_ACCOUNT, at, leaving=side)


def _take(milestone: Milestone, act: Act, at: datetime, *, leaving: Actor | None = None) -> None:
    step = steps.begin_as(role=Actor.CLOCK, milestone=milestone, act=act, at=at)
    if act in {Act.CLOSE_PAGE, Act.CLEAR}:
        steps.finish(step)
    elif act in {Act.RETURN, Act.END_ACCOUNT}:
        _return(step, leaving)
    elif act == Act.ACCEPT_BY_SILENCE:
        _accept(step)
    elif act == Act.END_ANSWERING:
        steps.finish(step)
        _tell_both(step, notices.Kind.CASE_UNANSWERED)
    elif act == Act.MAKE_FINAL:
        case = divisions.open_case_of(step.milestone)
        assert case is not None and case.provider_minor is not None  # noqa: S101 - decided, by the state
        case.milestone = step.milestone
        decisions.close(step, case, provider_minor=case.provider_minor)


def _return(step: steps.Step, leaving: Actor | None) -> None:
    if not step.milestone.held_minor:
        steps.finish(step)
        _tell_both(step, notices.Kind.CALLED_OFF)
        return
    by = process.cancels(step.row, asked_by=leaving)
    facts = money.settle_all(step, reason=SettlementReason.NOT_DELIVERED, canceled_by=by)
    steps.finish(step, facts)
    back = facts.returned_minor - facts.kept_minor
    for to in (Actor.CLIENT, Actor.PROVIDER):
        notices.send_about(step, notices.Kind.RETURNED, to=to, minor=back, kept_minor=facts.kept_minor)


def _accept(step: steps.Step) -> None:
    facts = money.settle_all(step, reason=SettlementReason.SILENCE, by_silence=True)
    steps.finish(step, facts)
    until = step.milestone.moments.of(process.CLEARED)
    for side in (Actor.CLIENT, Actor.PROVIDER):
        notices.send_about(step, notices.Kind.RELEASED, to=side, until=until, minor=facts.released_minor)


def _tell_both(step: steps.Step, kind: notices.Kind) -> None:
    for side in (Actor.CLIENT, Actor.PROVIDER):
        notices.send_about(step, kind, to=side)


def _remind(milestone: Milestone, at: datetime) -> None:
    """Send the newest reminder that is due: after an outage nobody needs the ones before it."""
    due = [
        (moment, one)
        for one in process.REMINDERS
        if one.state == milestone.state and (moment := milestone.moments.of(one.clock)) <= at
    ]
    if not due:
        return
    moment, reminder = max(due, key=lambda found: found[0])
    row = process.clock_row(State(milestone.state))
    until = milestone.moments.of(row.opens) if row is not None and row.opens is not None else None
    if reminder.kind == NoticeKind.DUE_SOON:
        until = milestone.due_at
    notices.send(
        milestone.contract,
        _KINDS[reminder.kind],
        to=reminder.to,
        about=f"{milestone.public_id} {moment.isoformat()}",
        milestone=milestone,
        until=until,
        minor=milestone.held_minor,
        at=at,
    )
