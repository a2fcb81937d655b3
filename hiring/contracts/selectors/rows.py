"""The list of a person's contracts: what waits for them, and how those that ended have ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from common.money import Money
from hiring.contracts.models import Amendment, AmendmentState, Case, Contract, Division, Milestone
from hiring.contracts.models.contract import ContractQuerySet
from hiring.contracts.process import Actor, State
from hiring.contracts.selectors.next_steps import NextStep, next_steps

type Words = str | Promise

TONES = {
    State.FUNDED: "progress",
    State.IN_REVISION: "progress",
    State.DELIVERED: "caution",
    State.PAYING: "progress",
    State.IN_CASE: "danger",
    State.TO_DECIDE: "danger",
    State.DECIDED: "danger",
    State.APPEALED: "danger",
    State.FROZEN: "danger",
    State.TAKEN: "danger",
    State.ACCEPTED: "success",
    State.RELEASED: "success",
    State.SETTLED: "success",
}
_IN_PART = pgettext_lazy("milestone", "Accepted in part")
_ANSWER_CHANGE = _("The other side proposes a change of the contract. Accept or decline it.")
_ANSWER_DIVISION = _(
    "The other side proposes to end a milestone and divide its money. Accept it, or propose otherwise."
)


@dataclass(frozen=True, slots=True)
class ContractRow:
    contract: Contract
    side: Actor
    other: User
    step: NextStep | None
    label: Words
    tone: str
    held: Money | None
    released: Money | None  # of contracts that have ended

    @property
    def waits_for_me(self) -> bool:
        return self.step is not None and self.step.waits_for_me


def contracts() -> ContractQuerySet:
    """Return contracts with what their lists need."""
    milestones = Milestone.objects.order_by("position").prefetch_related(
        Prefetch("cases", Case.objects.select_related("opened_by")),
        Prefetch("divisions", Division.objects.filter(replaced_at=None).order_by("-pk")),
    )
    proposed = Amendment.objects.filter(state=AmendmentState.PROPOSED)
    rows = Contract.objects.all().select_related("client", "provider", "work")
    return rows.prefetch_related(Prefetch("milestones", milestones), Prefetch("amendments", proposed))


def contracts_of(user: User) -> list[ContractRow]:
    """Return the person's contracts: those that wait for them, then open ones, then ended ones, newest first."""
    rows = [_row(contract, user) for contract in contracts().of(user).order_by("-opened_at", "-pk")]
    return sorted(rows, key=lambda row: (row.contract.ended_at is not None, not row.waits_for_me))


def waiting_for(user: User) -> int:
    """Return how many open contracts wait for the person: for a step, or for an answer to what is proposed."""
    return sum(_row(contract, user).waits_for_me for contract in contracts().of(user).open())


def label_of(milestones: Sequence[Milestone]) -> Words:
    """Return in one phrase where milestones are that have ended, or where the only one is."""
    states = {State(one.state) for one in milestones}
    if len(milestones) == 1 and not milestones[0].is_closed:
        return State(milestones[0].state).label
    if not any(_is_accepted(one) for one in milestones):
        found = (one for one in (State.RETURNED, State.TAKEN, State.SETTLED) if one in states)
        return next(found, State.CALLED_OFF).label
    if all(one.state == State.ACCEPTED for one in milestones):
        return State.ACCEPTED.label
    if states == {State.SETTLED} and len(milestones) == 1:
        return State.SETTLED.label
    is_whole = all(one.released_minor == one.amount_minor and one.state != State.CALLED_OFF for one in milestones)
    return State.ACCEPTED.label if is_whole else _IN_PART


def open_divisions(milestone: Milestone) -> list[Division]:
    """Return the proposals that can still be accepted, the newest first."""
    if milestone.is_closed:
        return []
    return [one for one in milestone.divisions.all() if one.accepted_at is None and _fits(one, milestone)]


def _fits(division: Division, milestone: Milestone) -> bool:
    """Whether a proposal still divides what there is to divide."""
    case = next((one for one in milestone.cases.all() if one.closed_at is None), None)
    return division.whole_minor == (case.amount_minor if case is not None else milestone.held_minor)


def _is_accepted(milestone: Milestone) -> bool:
    return milestone.released_minor > 0 or milestone.state == State.ACCEPTED


def _row(contract: Contract, user: User) -> ContractRow:
    side = contract.side_of(user) or Actor.CLIENT
    milestones = list(contract.milestones.all())
    for one in milestones:
        one.contract = contract
    pairs = zip(milestones, next_steps(milestones, side), strict=True)
    steps = [(one, _with_proposals(one, step, user)) for one, step in pairs if not one.is_closed]
    steps.sort(key=lambda pair: not pair[1].waits_for_me)
    shown, step = steps[0] if steps else (milestones[-1], None)
    released = sum(one.released_minor for one in milestones)
    is_paid = bool(contract.currency)
    return ContractRow(
        contract=contract,
        side=side,
        other=contract.provider if side == Actor.CLIENT else contract.client,
        step=step,
        label=State(shown.state).label if step is not None else label_of(milestones),
        tone=TONES.get(State(shown.state), "") if step is not None else _ended_tone(milestones),
        held=Money(sum(one.held_minor for one in milestones), contract.currency) if is_paid and step else None,
        released=Money(released, contract.currency) if is_paid and released and step is None else None,
    )


def _with_proposals(milestone: Milestone, step: NextStep, user: User) -> NextStep:
    """Return the step, or the answer to what the other side proposes where nothing else waits for the person."""
    if any(one.proposed_by_id != user.pk for one in open_divisions(milestone)):
        return replace(step, words=_ANSWER_DIVISION, waits_for_me=True)
    if not step.waits_for_me and any(one.proposed_by_id != user.pk for one in milestone.contract.amendments.all()):
        return NextStep(_ANSWER_CHANGE, waits_for_me=True)
    return step


def _ended_tone(milestones: Sequence[Milestone]) -> str:
    if any(_is_accepted(one) for one in milestones):
        return "success"
    return "danger" if any(one.state == State.TAKEN for one in milestones) else ""
