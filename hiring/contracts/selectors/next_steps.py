"""What happens next in a milestone, in words: who waits for whom, until when, and what silence means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hiring.contracts import process
from hiring.contracts.models import Milestone
from hiring.contracts.process import Actor, Clock, State

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class NextStep:
    """`waits_for_me`: the viewer is the one to act. `until` is when the clock acts, and `then` what it does."""

    words: Words
    waits_for_me: bool
    until: datetime | None = None
    then: Words = ""


@dataclass(frozen=True, slots=True)
class _Next:
    client: Words
    provider: Words
    waits_for: Actor | None
    clock: Clock | None = None
    then: Words = ""


_NEXT: dict[State, _Next] = {
    State.PLANNED: _Next(
        _("Pay to begin. We hold the money until you accept the work."),
        _("Not paid yet: do not begin. We will email you when it is paid."),
        Actor.CLIENT,
    ),
    State.PAYING: _Next(
        _("Your payment page is open."),
        _("The client is paying. Do not begin before we tell you that the money is here."),
        Actor.CLIENT,
        process.PAGE_CLOSES,
        _("the payment page closes"),
    ),
    State.FUNDED: _Next(
        _("The provider is at work. Whatever they need from you, such as the text, goes into the messages."),
        _("It is paid, and the money is held for you. From a week after the due day on, the client may take it back."),
        Actor.PROVIDER,
        process.NOT_DELIVERED,
        _("undelivered work ends, and the money returns to the client"),
    ),
    State.DELIVERED: _Next(
        _("Look at the delivery: accept it, ask for a revision, or open a case."),
        _("The client looks at your delivery."),
        Actor.CLIENT,
        process.REVIEW_ENDS,
        _("it counts as accepted if nobody answers; the client then has a few more days to object"),
    ),
    State.IN_REVISION: _Next(
        _("The provider revises the work."),
        _("The client asks for a revision. Deliver again."),
        Actor.PROVIDER,
        process.REVISION_ENDS,
        _("it counts as not delivered, and the money returns to the client"),
    ),
    State.RELEASED: _Next(
        _("Accepted, as you did not answer. If something is wrong, open a case now."),
        _("Accepted, as the client did not answer."),
        None,
        process.CLEARED,
        _("the money is payable to the provider"),
    ),
    State.IN_CASE: _Next(
        _("A case is open."),
        _("A case is open."),
        None,
        process.ANSWER_ENDS,
        _("a moderator decides on what is there"),
    ),
    State.TO_DECIDE: _Next(
        _("A moderator decides the case. You can still agree with the provider."),
        _("A moderator decides the case. You can still agree with the client."),
        None,
        process.DECISION_DUE,
        _("the decision should be there"),
    ),
    State.DECIDED: _Next(
        _("The case is decided. You can appeal to a second person, or agree with the provider."),
        _("The case is decided. You can appeal to a second person, or agree with the client."),
        None,
        process.APPEAL_ENDS,
        _("the decision is final, and the money is divided so"),
    ),
    State.APPEALED: _Next(
        _("A second person decides the appeal. That is final."),
        _("A second person decides the appeal. That is final."),
        None,
        process.DECISION_DUE,
        _("the decision should be there"),
    ),
    State.FROZEN: _Next(
        _("Your bank has questioned the payment. Nothing moves until it decides."),
        _("A bank has questioned the payment. Nothing moves until it decides: do not work on."),
        None,
    ),
    State.ACCEPTED: _Next(_("Accepted and paid."), _("Accepted. The money is yours."), None),
    State.SETTLED: _Next(_("The money is divided."), _("The money is divided."), None),
    State.RETURNED: _Next(_("Your money came back."), _("The money went back to the client."), None),
    State.TAKEN: _Next(_("Your bank has taken the payment back."), _("A bank has taken the payment back."), None),
    State.CALLED_OFF: _Next(_("Called off before it was paid."), _("Called off before it was paid."), None),
}


# A case waits for the side that did not open it.
_ANSWER_IT = _("The other side has opened a case. Answer it, or agree on a division.")
_WAIT_FOR_ANSWER = _("You have opened a case. The other side answers, or you both agree on a division.")

_THEN_WITHOUT_MONEY: dict[State, Words] = {
    State.IN_REVISION: _("it counts as not delivered, and ends without a share"),
    State.RELEASED: _("it is accepted, and counts for the share"),
    State.DECIDED: _("the decision is final"),
}

_FOR_MODERATORS: dict[State, Words] = {
    State.PLANNED: _("Not paid yet."),
    State.PAYING: _("The client is on the payment page."),
    State.FUNDED: _("Paid. The provider is at work."),
    State.DELIVERED: _("Delivered. The client looks at it."),
    State.IN_REVISION: _("The client asked for a revision. The provider is at work."),
    State.RELEASED: _("Accepted, as the client did not answer. They may still open a case."),
    State.IN_CASE: _("The side that did not open the case answers, or both agree on a division."),
    State.TO_DECIDE: _("A moderator decides the case, unless both sides agree before."),
    State.DECIDED: _("Decided. Both sides may appeal to a second person, or agree."),
    State.APPEALED: _("A second person decides the appeal, unless both sides agree before. That is final."),
    State.FROZEN: _("A bank has questioned the payment. Nothing moves until it decides."),
    State.ACCEPTED: _("Accepted. The money is the provider’s."),
    State.RETURNED: _("The money went back to the client."),
    State.TAKEN: _("A bank has taken the payment back."),
}


_PAY_LATER = _("Not paid yet. Pay when this part is to begin.")


def next_steps(milestones: Sequence[Milestone], side: Actor | None) -> list[NextStep]:
    """Return what happens next in each milestone of a contract, in their order.

    One that is not paid waits for nobody as long as one before it is open.
    """
    found, is_first = [], True
    for one in milestones:
        step = next_step(one, side)
        if one.state == State.PLANNED and not is_first and side == Actor.CLIENT:
            step = NextStep(_PAY_LATER, waits_for_me=False)
        found.append(step)
        is_first = is_first and one.is_closed
    return found


def next_step(milestone: Milestone, side: Actor | None) -> NextStep:
    """Return what happens next, as one side reads it, or a moderator."""
    state = State(milestone.state)
    found = _NEXT[state]
    words, waits = found.provider if side == Actor.PROVIDER else found.client, found.waits_for
    if state == State.IN_CASE:
        case = next((one for one in milestone.cases.all() if one.closed_at is None), None)
        opener = milestone.contract.side_of(case.opened_by) if case is not None else None
        waits = Actor.PROVIDER if opener == Actor.CLIENT else Actor.CLIENT
        words = _ANSWER_IT if waits == side else _WAIT_FOR_ANSWER
    if side is None:
        words = _FOR_MODERATORS.get(state, words)
    until = milestone.moments.of(found.clock) if found.clock is not None else None
    then = found.then if milestone.amount_minor else _THEN_WITHOUT_MONEY.get(state, found.then)
    return NextStep(words, side is not None and waits == side, until, then)
