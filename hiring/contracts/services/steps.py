"""One step of the process: lock, find its row, check the clock, write the new state, log it.

Every service takes its steps through `begin` and `finish`, so that nothing happens that the table does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from common.errors import NotFound
from common.templatetags.money import moment as in_words
from hiring.contracts import hooks, permissions, process
from hiring.contracts.errors import NotInThisState, TimeIsOver, TooEarly
from hiring.contracts.models import Contract, ContractEvent, EventFacts, Milestone
from hiring.contracts.process import Act, Actor, Row, State
from hiring.contracts.services import credits, desk_access


@dataclass(slots=True)
class Step:
    """A step that is allowed and not taken yet. The contract's row is locked until the transaction ends."""

    row: Row
    milestone: Milestone
    actor: User | None
    side: Actor  # who acts; in rows of both sides, the one who agrees
    at: datetime

    @property
    def contract(self) -> Contract:
        return self.milestone.contract


def lock_contract(contract_id: int) -> Contract:
    """Lock the contract: the two sides, the clock and the bank may act at the same moment."""
    rows = Contract.objects.select_for_update(of=("self",)).select_related("client", "provider", "work", "translation")
    found = rows.filter(pk=contract_id).first()
    if found is None:
        raise NotFound
    return found


def lock_milestone(milestone: Milestone) -> Milestone:
    """Return the milestone as it is now, with its contract locked."""
    contract = lock_contract(milestone.contract_id)
    found = contract.milestones.filter(pk=milestone.pk).first()
    if found is None:
        raise NotFound
    found.contract = contract
    return found


def begin(*, actor: User, milestone: Milestone, act: Act, at: datetime, together: bool = False) -> Step:
    """Begin a step of one side; `together` if it agrees to what the other side proposed.

    Raises NotFound, NotAllowed, NotInThisState, TooEarly, TimeIsOver.
    """
    found = lock_milestone(milestone)
    side = permissions.require_side(actor, found.contract)
    row = require_row(found, Actor.BOTH if together else side, act, at)
    return Step(row, found, actor, side, at)


def begin_as(*, role: Actor, milestone: Milestone, act: Act, at: datetime, actor: User | None = None) -> Step:
    """Begin a step of the clock, the bank or a moderator, whose permission the caller has checked."""
    found = lock_milestone(milestone)
    return Step(require_row(found, role, act, at), found, actor, role, at)


def finish(
    step: Step, facts: EventFacts | None = None, *, state: State | None = None, since: datetime | None = None
) -> None:
    """Write the milestone's next state and log the step; end the contract with its last milestone.

    Staying in a state does not restart its clock, unless `since` says so. `state` is where a stop by a bank ends.
    """
    milestone, before = step.milestone, State(step.milestone.state)
    after = state or step.row.next or before
    milestone.state = after
    if since is not None or after != before:
        milestone.since = since or step.at
    if milestone.is_closed and milestone.closed_at is None:
        milestone.closed_at = step.at
    set_clock(milestone, after=step.at)
    milestone.save()
    log(step, before=before, facts=facts)
    end_if_closed(step.contract, step.at)


def set_clock(milestone: Milestone, *, after: datetime) -> None:
    """Note when the clock next has something to do."""
    milestone.clock_at = process.next_moment(State(milestone.state), milestone.moments, after)


def log(step: Step, *, before: State, facts: EventFacts | None = None) -> None:
    ContractEvent.objects.create(
        contract=step.contract,
        milestone=step.milestone,
        actor=step.actor,
        role=step.side,
        act=step.row.act,
        state_before=before,
        state_after=step.milestone.state,
        facts=facts or EventFacts(),
        at=step.at,
    )


def log_contract(
    contract: Contract, *, actor: User | None, role: Actor, act: str, at: datetime, facts: EventFacts | None = None
) -> None:
    """Log what concerns the whole contract."""
    ContractEvent.objects.create(contract=contract, actor=actor, role=role, act=act, facts=facts or EventFacts(), at=at)


def end_if_closed(contract: Contract, at: datetime) -> None:
    """End the contract once all its milestones are closed: access to the text ends with it."""
    if contract.ended_at is not None or contract.milestones.open().exists():
        return
    contract.ended_at = at
    contract.save(update_fields=["ended_at"])
    log_contract(contract, actor=None, role=Actor.CLOCK, act="end", at=at)
    desk_access.end(contract, at=at)
    credits.give(contract, at=at)
    hooks.announce_ended(contract, at)


def reopen(contract: Contract, at: datetime) -> None:
    """Open an ended contract again, of which a milestone goes on: access to the text and the place are taken again."""
    if contract.ended_at is None:
        return
    contract.ended_at = None
    contract.save(update_fields=["ended_at"])
    log_contract(contract, actor=None, role=Actor.BANK, act="reopen", at=at)
    desk_access.begin(contract, at=at)
    hooks.announce_reopened(contract, at)


def require_row(milestone: Milestone, role: Actor, act: Act, at: datetime) -> Row:
    """Return the table's row for a step now. Raises NotInThisState, TooEarly, TimeIsOver."""
    state = State(milestone.state)
    row = process.row_of(state, role, act)
    if row is None:
        raise NotInThisState(state=state.label)
    if row.opens is not None and at < milestone.moments.of(row.opens):
        raise TooEarly(opens=in_words(milestone.moments.of(row.opens)))
    if row.until is not None and at >= milestone.moments.of(row.until):
        raise TimeIsOver(until=in_words(milestone.moments.of(row.until)))
    return row
