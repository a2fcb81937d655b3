"""A bank's dispute about a milestone's payment: held money stops, and clocks with it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hiring.contracts import process
from hiring.contracts.models import EventFacts, Milestone
from hiring.contracts.process import Act, Actor, State
from hiring.contracts.services import divisions, money, notices, steps
from royalties.dto import SettlementReason
from royalties.selectors import milestones as ledger
from royalties.services import milestones as books


@transaction.atomic
def payment_disputed(*, reference: str, at: datetime) -> Milestone | None:
    """Stop a milestone whose payment a bank questions. Twice is once. None if there is no such milestone.

    A bank may dispute one payment more than once: it then stays stopped since the first. The ledger's entries are those
    of whoever takes the bank's notice.
    """
    step = _begin(reference, Act.STOP, at)
    if step is None:
        return None
    milestone = step.milestone
    if step.row.next == State.FROZEN and milestone.state != State.FROZEN:
        milestone.stopped_in, milestone.stopped_at = milestone.state, at
    steps.finish(step, since=milestone.since)
    if step.row.state not in {State.FROZEN, State.TAKEN}:
        _tell(step, notices.Kind.STOPPED)
    return milestone


@transaction.atomic
def payment_dispute_won(
    *, reference: str, at: datetime, held_minor: int | None = None, is_disputed: bool = False
) -> Milestone | None:
    """Go on where a milestone was stopped: the time of the stop is added to its clocks.

    `held_minor` is what the ledger holds now; None for what it held before. It is more when the bank had taken money
    and gives it back on appeal. While the payment `is_disputed` in another way, nothing goes on yet.
    """
    step = _begin(reference, Act.END_STOP, at)
    if step is None:
        return None
    milestone, row = step.milestone, step.row
    if is_disputed and _is_over(milestone):
        steps.finish(step)  # what came back is divided once nothing of the payment is in dispute
        return milestone
    _hold_again(milestone, held_minor)
    if row.state == State.TAKEN:
        _go_on_after_loss(step, is_disputed=is_disputed)
    elif row.state == State.FROZEN:
        _go_on(step, is_disputed=is_disputed)
    else:
        steps.finish(step, _settle_as_before(step))
        _tell(step, notices.Kind.GOES_ON)
    return milestone


def _hold_again(milestone: Milestone, held_minor: int | None) -> None:
    """Count what the bank gave back as held. A case about what was left of the money is about all of it, as decided."""
    if milestone.state == State.TAKEN and held_minor is None:
        held_minor = milestone.taken_minor
    more = min(max((held_minor or 0) - milestone.held_minor, 0), milestone.taken_minor)
    if not more:
        return
    milestone.taken_minor -= more
    case = divisions.open_case_of(milestone)
    if case is not None and case.settlement is None:
        case.amount_minor += more
        if case.as_decided_minor is not None:
            case.provider_minor = min(case.as_decided_minor, case.amount_minor)
        case.save(update_fields=["amount_minor", "provider_minor"])


def _go_on(step: steps.Step, *, is_disputed: bool) -> None:
    """Go on with a stopped milestone, with the time of the whole stop, unless it is disputed in another way, too."""
    milestone = step.milestone
    if is_disputed or milestone.stopped_at is None:
        steps.finish(step, state=State.FROZEN, since=milestone.since)
        return
    stopped = step.at - milestone.stopped_at
    if milestone.due_at is not None:
        milestone.due_at += stopped
    before, milestone.stopped_in, milestone.stopped_at = State(milestone.stopped_in), "", None
    steps.finish(step, state=before, since=milestone.since + stopped)
    _tell(step, notices.Kind.GOES_ON)


def _go_on_after_loss(step: steps.Step, *, is_disputed: bool) -> None:
    """Go on with a milestone whose money the bank had taken. Its contract, if it had ended, is open again.

    What had been released, and was not held when the bank took it, is the provider's again, and nothing goes on.
    """
    milestone = step.milestone
    if not milestone.held_minor:
        steps.finish(step, state=State.TAKEN if milestone.taken_minor or is_disputed else State.ACCEPTED)
        return
    stopped = milestone.events.filter(act=Act.STOP, state_after=State.FROZEN).order_by("pk").last()
    if milestone.due_at is not None and stopped is not None:
        milestone.due_at += step.at - stopped.at
    milestone.closed_at = None
    steps.reopen(step.contract, step.at)
    state = State.DELIVERED if milestone.deliveries.exists() else State.FUNDED
    if is_disputed:
        milestone.stopped_in, milestone.stopped_at = state, step.at
        steps.finish(step, state=State.FROZEN, since=step.at)
        return
    steps.finish(step, state=state, since=step.at)
    clock = process.clock_row(state)
    until = milestone.moments.of(clock.opens) if clock is not None and clock.opens is not None else None
    for side in (Actor.CLIENT, Actor.PROVIDER):
        about = f"{milestone.public_id} {step.at.isoformat()}"
        kind = notices.Kind.HELD_AGAIN
        notices.send_about(step, kind, to=side, about=about, until=until, minor=milestone.held_minor)


def _settle_as_before(step: steps.Step) -> EventFacts | None:
    """Divide money that is held again after everything was decided, in the proportion of the last settlement."""
    milestone = step.milestone
    last = milestone.settlements.order_by("-number").first()
    if last is None or not milestone.held_minor or not _is_over(milestone):
        return None
    whole = last.released_minor + last.returned_minor
    released = milestone.held_minor * last.released_minor // whole
    returned = milestone.held_minor - released
    return money.settle(step, released=released, returned=returned, reason=SettlementReason(last.reason))


def _is_over(milestone: Milestone) -> bool:
    """Return whether everything was divided, so that nothing waits for what a bank had taken."""
    return milestone.state == State.RELEASED or (milestone.is_closed and milestone.state != State.TAKEN)


@transaction.atomic
def payment_dispute_lost(
    *, reference: str, at: datetime, left_minor: int = 0, is_disputed: bool = False
) -> Milestone | None:
    """Close a stopped milestone, whose held money the bank has taken; note it where the money had been released.

    If the bank took a part, the work goes on with `left_minor`, and a case about more is about that. While the payment
    `is_disputed` in another way, nothing goes on yet.
    """
    if _keeps_part(reference, left_minor, at):
        return payment_dispute_won(reference=reference, at=at, is_disputed=is_disputed)
    step = _begin(reference, Act.TAKE, at)
    if step is None:
        return None
    milestone, facts = step.milestone, None
    if step.row.state == State.FROZEN:
        milestone.taken_minor += milestone.held_minor
        milestone.stopped_in, milestone.stopped_at = "", None
        milestone.divisions.filter(replaced_at=None, accepted_at=None).update(replaced_at=at)
        _close_case(milestone, at)
    elif not is_disputed and _is_over(milestone):
        _hold_again(milestone, left_minor)
        facts = _settle_as_before(step)
    steps.finish(step, facts)
    if step.row.state != State.TAKEN:
        _tell(step, notices.Kind.TAKEN)
    return milestone


def _keeps_part(reference: str, left_minor: int, at: datetime) -> bool:
    """Return whether a stopped milestone goes on with a part of the money, after counting what the bank took of it."""
    milestone = Milestone.objects.filter(public_id=reference, state=State.FROZEN).first()
    if milestone is None:
        return False
    current = steps.lock_milestone(milestone)
    case = divisions.open_case_of(current)
    if case is not None and case.settlement is not None:
        left_minor = ledger.left_of_release(current.public_id, case.settlement.number).amount_minor
    elif left_minor:
        current.taken_minor += current.held_minor - left_minor
        current.save(update_fields=["taken_minor"])
    if case is not None and left_minor:
        case.amount_minor = min(case.amount_minor, left_minor)
        if case.provider_minor is not None:
            case.provider_minor = min(case.provider_minor, case.amount_minor)
        case.save(update_fields=["amount_minor", "provider_minor"])
    return left_minor > 0


def _close_case(milestone: Milestone, at: datetime) -> None:
    """Close a case about money that is gone. If it was released and comes back, it is the provider's."""
    case = divisions.open_case_of(milestone)
    if case is None:
        return
    case.closed_at = at
    case.save(update_fields=["closed_at"])
    if case.settlement is not None:
        books.release_clearing(reference=milestone.public_id, number=case.settlement.number, at=at)


def _begin(reference: str, act: Act, at: datetime) -> steps.Step | None:
    milestone = Milestone.objects.filter(public_id=reference).first()
    if milestone is None:
        return None
    return steps.begin_as(role=Actor.BANK, milestone=milestone, act=act, at=at)


def _tell(step: steps.Step, kind: notices.Kind) -> None:
    for side in (Actor.CLIENT, Actor.PROVIDER):
        about = f"{step.milestone.public_id} {step.at.isoformat()}"
        notices.send_about(step, kind, to=side, about=about, minor=step.milestone.amount_minor)
