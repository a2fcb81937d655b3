"""The buttons of a milestone: what the process allows the viewer now, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiring.contracts import process
from hiring.contracts.models import Milestone
from hiring.contracts.process import Act, Actor, Guard, State
from royalties.selectors import milestones as positions

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class ActWords:
    """A step as a page names it: its button, what the page says before, and what was done."""

    label: Words
    explains: Words
    done: Words
    is_primary: bool = False
    is_quiet: bool = False


ACTS: dict[Act, ActWords] = {
    Act.ACCEPT: ActWords(
        pgettext_lazy("a delivery", "Accept"),
        _(
            "All that is held is released to the provider, and the agreed rights pass to you. This cannot be undone. "
            "If only a part is good, accept a part or open a case."
        ),
        _("Accepted. The money is released."),
        is_primary=True,
    ),
    Act.ACCEPT_PART: ActWords(
        _("Accept a part"),
        _("The part is released to the provider. The rest stays held, and the time to look at it runs on."),
        _("The part is released. The rest stays held."),
        is_quiet=True,
    ),
    Act.REQUEST_REVISION: ActWords(
        _("Ask for a revision"),
        _("The provider delivers again, and you then have the full time to look at it anew."),
        _("We have asked the provider for a revision."),
    ),
    Act.OPEN_CASE: ActWords(
        _("Open a case"),
        _(
            "Say how much of the money is in question. The rest is released. The other side answers within a week; "
            "then a moderator decides in parts. You can agree with each other at any time before."
        ),
        _("The case is open. We have asked the other side for an answer."),
        is_quiet=True,
    ),
    Act.TAKE_BACK: ActWords(
        _("Take the money back"),
        _("The work is late. The milestone ends, and the money goes back to the card or account you paid with."),
        _("The money is on its way back to you."),
        is_primary=True,
    ),
    Act.TAKE_BACK_FROM_ABSENT: ActWords(
        _("Take the money back"),
        _("The provider’s account is closed. The milestone ends, and the money goes back to you."),
        _("The money is on its way back to you."),
        is_primary=True,
    ),
    Act.GIVE_BACK: ActWords(
        _("Give the money back"),
        _("The milestone ends, and the client gets everything back that is held. You get nothing for it."),
        _("The money goes back to the client."),
        is_quiet=True,
    ),
    Act.GIVE_BACK_PART: ActWords(
        _("Give a part back"),
        _("The client gets the part back. The rest stays held for you."),
        _("The part goes back to the client."),
        is_quiet=True,
    ),
    Act.PROPOSE_DIVISION: ActWords(
        _("Propose to end it and divide the money"),
        _("You say who gets how much. The other side accepts it, or nothing changes."),
        _("We have told the other side what you propose. Nothing moves unless they accept it."),
        is_quiet=True,
    ),
    Act.CALL_OFF: ActWords(
        _("Call it off"),
        _("Nothing is paid, so nobody owes anything. The milestone ends."),
        _("The milestone is called off."),
        is_quiet=True,
    ),
    Act.ANSWER: ActWords(
        _("Answer the case"),
        _(
            "Say what happened from your side, with files if you like. Then a moderator decides, unless you agree with "
            "each other before."
        ),
        _("Your answer is in the case."),
        is_primary=True,
    ),
    Act.WRITE_IN_CASE: ActWords(
        _("Write in the case"),
        _("Add to what you said, with files if you like. The other side reads it, and whoever decides."),
        _("It is in the case, and the other side has been told."),
        is_quiet=True,
    ),
    Act.WITHDRAW_CASE: ActWords(
        _("Withdraw the case"),
        _("Nobody decides it then."),
        _("The case is withdrawn."),
        is_quiet=True,
    ),
    Act.APPEAL: ActWords(
        _("Appeal"),
        _("A second person looks at everything again. Their decision is final, and may also be worse for you."),
        _("Your appeal is in the case."),
    ),
}


@dataclass(frozen=True, slots=True)
class Action:
    act: Act
    label: Words
    href: str
    is_primary: bool = False
    is_quiet: bool = False


def actions_of(milestone: Milestone, side: Actor, at: datetime, *, bank_decides: bool = False) -> list[Action]:
    """Return the steps that the viewer may take now: the usual ones first, then the others, in the order of `ACTS`.

    Delivering has a page of its own.
    """
    state, contract = State(milestone.state), milestone.contract
    open_rows = {row.act: row for row in process.acts_of(state, side, milestone.moments, at)}
    found = []
    if Act.START_PAYING in open_rows:
        href = reverse("contracts:pay", args=[contract.public_id, milestone.public_id])
        found.append(Action(Act.START_PAYING, _("Pay"), href, is_primary=True))
    if Act.DELIVER in open_rows:
        href = reverse("contracts:deliver", args=[contract.public_id, milestone.public_id])
        found.append(
            Action(
                Act.DELIVER, _("Deliver"), href, is_primary=state != State.DELIVERED, is_quiet=state == State.DELIVERED
            )
        )
    for act in ACTS:
        row, words = open_rows.get(act), words_of(act, milestone)
        if row is None or not _passes(row.guard, milestone, side):
            continue
        if not milestone.amount_minor and (
            act in _ABOUT_MONEY or (act == Act.OPEN_CASE and not contract.days.has_share_cases)
        ):
            continue
        if act == Act.OPEN_CASE and bank_decides:
            continue
        href = _href(act, milestone)
        found.append(Action(act, words.label, href, words.is_primary, words.is_quiet))
    return sorted(found, key=lambda action: action.is_quiet)


def has_bank_to_decide(milestone: Milestone) -> bool:
    """Return whether a bank decides about what was released, so that nobody else can."""
    if milestone.state != State.RELEASED:
        return False
    position = positions.position(milestone.public_id)
    return position is not None and position.has_open_dispute


def _href(act: Act, milestone: Milestone) -> str:
    """Return where a step is taken: words and files of a case are written on its page."""
    if act in IN_CASE:
        case = next(one for one in milestone.cases.all() if one.closed_at is None)
        return reverse("contracts:case", args=[case.public_id]) + "#write"
    return reverse("contracts:act", args=[milestone.contract.public_id, milestone.public_id, act])


IN_CASE = frozenset({Act.ANSWER, Act.WRITE_IN_CASE})
"""Steps that have their form on the page of the case."""
_ABOUT_MONEY = {Act.ACCEPT_PART, Act.GIVE_BACK_PART}
# Where nothing is held, a division of nothing ends a milestone together, and a provider gives up what gives no money.
_WITHOUT_MONEY = {
    Act.ACCEPT: ActWords(
        pgettext_lazy("a delivery", "Accept"),
        _(
            "The milestone counts as accepted, and the agreed rights pass to you. The share begins when the contract "
            "ends. This cannot be undone."
        ),
        _("Accepted."),
        is_primary=True,
    ),
    Act.OPEN_CASE: ActWords(
        _("Open a case"),
        _(
            "Say what was agreed, and what is different. The other side answers within a week; then a moderator "
            "decides whether the share stands, the milestone ends without one, or the work is revised once more. You "
            "can agree with each other at any time before."
        ),
        _("The case is open. We have asked the other side for an answer."),
        is_quiet=True,
    ),
    Act.PROPOSE_DIVISION: ActWords(
        _("Propose to end it"),
        _("Once the other side agrees, the milestone ends without being accepted, and no share begins for it."),
        _("We have told the other side what you propose."),
        is_quiet=True,
    ),
    Act.GIVE_BACK: ActWords(
        _("Give it up"),
        _("The milestone ends without being accepted, and no share begins for it."),
        _("The milestone has ended."),
        is_quiet=True,
    ),
}


def words_of(act: Act, milestone: Milestone) -> ActWords:
    """Return how a page names a step of this milestone."""
    return ACTS[act] if milestone.amount_minor else _WITHOUT_MONEY.get(act, ACTS[act])


def _passes(guard: Guard | None, milestone: Milestone, side: Actor) -> bool:
    if guard == Guard.ROUNDS_LEFT:
        return milestone.rounds_used < milestone.contract.terms.revision_rounds
    if guard == Guard.PROVIDER_ABSENT:
        return not milestone.contract.provider.is_active
    if guard == Guard.NOT_ALL:
        return milestone.held_minor > 1
    if guard in {Guard.NOT_THE_OPENER, Guard.THE_OPENER, Guard.THE_OPENER_ONCE}:
        case = next((one for one in milestone.cases.all() if one.closed_at is None), None)
        is_opener = case is not None and milestone.contract.side_of(case.opened_by) == side
        if guard == Guard.THE_OPENER_ONCE and any(one.withdrawn_at for one in milestone.cases.all()):
            return False
        return case is not None and is_opener != (guard == Guard.NOT_THE_OPENER)
    return True
