"""The process of a milestone as one table: who may do what in which state, until when, and what follows.

Services, pages, permissions, mails, docs/market.md and the test of all cells read it. What has no row is refused.
Clocks are half-open: what may be done until a moment may no longer be done at it, and what the clock does it does from
that moment on. The days are those of the standard terms that the contract was opened with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiring.contracts.standard_terms import Days


class State(models.TextChoices):
    """Where a milestone is."""

    PLANNED = "planned", pgettext_lazy("milestone", "Not paid yet")
    PAYING = "paying", pgettext_lazy("milestone", "Payment page open")
    FUNDED = "funded", pgettext_lazy("milestone", "Paid, in progress")
    DELIVERED = "delivered", pgettext_lazy("milestone", "Delivered")
    IN_REVISION = "in_revision", pgettext_lazy("milestone", "In revision")
    RELEASED = "released", pgettext_lazy("milestone", "Released after no answer")
    IN_CASE = "in_case", pgettext_lazy("milestone", "In a case")
    TO_DECIDE = "to_decide", pgettext_lazy("milestone", "Case to be decided")
    DECIDED = "decided", pgettext_lazy("milestone", "Case decided")
    APPEALED = "appealed", pgettext_lazy("milestone", "Decision appealed")
    FROZEN = "frozen", pgettext_lazy("milestone", "Stopped by a bank")
    ACCEPTED = "accepted", pgettext_lazy("milestone", "Accepted")
    SETTLED = "settled", pgettext_lazy("milestone", "Settled")
    RETURNED = "returned", pgettext_lazy("milestone", "Money returned")
    TAKEN = "taken", pgettext_lazy("milestone", "Taken back by a bank")
    CALLED_OFF = "called_off", pgettext_lazy("milestone", "Called off")


CLOSED = frozenset({State.ACCEPTED, State.SETTLED, State.RETURNED, State.TAKEN, State.CALLED_OFF})
HOLDING = frozenset(
    {
        *(State.FUNDED, State.DELIVERED, State.IN_REVISION, State.IN_CASE, State.TO_DECIDE),
        *(State.DECIDED, State.APPEALED, State.FROZEN),
    }
)
"""States in which the client's money may be held."""
CASE_STATES = frozenset({State.IN_CASE, State.TO_DECIDE, State.DECIDED, State.APPEALED})


class Actor(models.TextChoices):
    """Who acts. `BOTH` is one side that agrees to what the other proposed."""

    CLIENT = "client", _("Client")
    PROVIDER = "provider", pgettext_lazy("of a contract", "Provider")
    BOTH = "both", _("Both sides")
    CLOCK = "clock", _("Clock")
    MODERATOR = "moderator", _("Moderator")
    SECOND_MODERATOR = "second_moderator", _("Second moderator")
    BANK = "bank", _("Payment provider or bank")


class Act(models.TextChoices):
    """What is done."""

    CALL_OFF = "call_off", _("calls it off")
    START_PAYING = "start_paying", _("opens the payment page")
    CLOSE_PAGE = "close_page", _("closes the payment page")
    PAY = "pay", _("reports the payment")
    AMEND = "amend", _("change the agreement")
    DELIVER = "deliver", _("delivers")
    GIVE_BACK = "give_back", _("gives the money back")
    GIVE_BACK_PART = "give_back_part", _("gives part of the money back")
    PROPOSE_DIVISION = "propose_division", _("proposes how to divide the money")
    ACCEPT_DIVISION = "accept_division", _("agree how to divide the money")
    TAKE_BACK = "take_back", _("takes the money back")
    TAKE_BACK_FROM_ABSENT = "take_back_from_absent", _("takes the money back from a provider whose account is closed")
    RETURN = "return", _("returns the money")
    ACCEPT = "accept", _("accepts")
    ACCEPT_PART = "accept_part", _("accepts a part")
    REQUEST_REVISION = "request_revision", _("asks for a revision")
    OPEN_CASE = "open_case", _("opens a case")
    ACCEPT_BY_SILENCE = "accept_by_silence", _("accepts, as nobody answered")
    CLEAR = "clear", _("ends the clearing")
    ANSWER = "answer", _("answers")
    WRITE_IN_CASE = "write_in_case", _("writes in the case")
    ASK_IN_CASE = "ask_in_case", _("asks both sides in the case")
    WITHDRAW_CASE = "withdraw_case", _("withdraws the case")
    END_ANSWERING = "end_answering", _("ends the time for an answer")
    DECIDE = "decide", _("decides in parts")
    APPEAL = "appeal", _("appeals")
    MAKE_FINAL = "make_final", _("makes the decision final")
    DECIDE_APPEAL = "decide_appeal", _("decides the appeal")
    STOP = "stop", _("disputes the payment")
    END_STOP = "end_stop", _("ends the dispute in our favour")
    TAKE = "take", _("takes the money")
    END_ACCOUNT = "end_account", _("ends the work with a deleted account")


class ShareRuling(models.TextChoices):
    """What a person decides about a milestone that a royalty share alone pays for."""

    STANDS = "stands", _("It counts as accepted, and the share stands")
    ENDS = "ends", _("It ends without being accepted, and no share begins for it")
    REVISE = "revise", _("The provider revises it once more")


AFTER_RULING = {
    ShareRuling.STANDS: State.ACCEPTED,
    ShareRuling.ENDS: State.SETTLED,
    ShareRuling.REVISE: State.IN_REVISION,
}
"""Where such a milestone goes once the decision is final; one with money is settled."""


class Guard(StrEnum):
    """What must be true besides the state and the clock; services check it."""

    NOT_ALL = "part"
    ROUNDS_LEFT = "rounds"
    NOT_THE_OPENER = "not_opener"
    THE_OPENER = "opener"
    THE_OPENER_ONCE = "opener_once"
    NOT_THE_PROPOSER = "not_proposer"
    PROVIDER_ABSENT = "provider_absent"
    SOMETHING_CHANGED = "changed"


GUARD_WORDS = {
    Guard.NOT_ALL: _("less than is held"),
    Guard.ROUNDS_LEFT: _("an agreed round is left"),
    Guard.NOT_THE_OPENER: _("the other side opened the case"),
    Guard.THE_OPENER: _("the side that opened the case"),
    Guard.THE_OPENER_ONCE: _("the side that opened the case, once for each milestone"),
    Guard.NOT_THE_PROPOSER: _("the other side proposed it"),
    Guard.PROVIDER_ABSENT: _("the provider’s account is closed"),
    Guard.SOMETHING_CHANGED: _("with a file, or after changes at the desk"),
}


class Ledger(StrEnum):
    """What the ledger does (`royalties.services.milestones`)."""

    NONE = ""
    FUND = "fund"
    FUND_AND_RETURN = "fund, return all"
    RELEASE = "release, payable at once"
    RELEASE_SLOWLY = "release, five days in clearing"
    RETURN = "return"
    DIVIDE = "release and return by the division"
    RELEASE_REST = "release what is not in question"
    HOLD_CLEARING = "stop the clearing"
    END_HOLD = "what was stopped in clearing is payable"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    HOLD_AGAIN = "hold again what the bank had taken"
    LOSE = "pay the bank from what is held"
    LOSE_LATER = "pay the bank from what was released"


class Base(StrEnum):
    """The moment from which a clock runs."""

    SINCE = "since"  # when the milestone came into its state
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment: so many days, by the name they have in the terms, after `base`."""

    base: Base
    days: str


@dataclass(frozen=True, slots=True)
class Moments:
    """What the clocks of one milestone are calculated from."""

    since: datetime
    due: datetime | None
    days: Days
    revision_days: int

    def of(self, clock: Clock) -> datetime:
        base = self.since if clock.base == Base.SINCE else self.due
        if base is None:
            raise ValueError("a milestone that was not paid is not due")
        return base + timedelta(days=self._days(clock.days))

    def _days(self, name: str) -> int:
        if name == "revision":
            return max(self.days.revision_at_least, self.revision_days + self.days.late)
        if name == "revision_agreed":
            return self.revision_days
        if name == "reminder_before_due":
            return -self.days.reminder_before_due
        if name.startswith("review_reminder_"):
            return self.days.review_reminders[int(name.removeprefix("review_reminder_"))]
        found: int = getattr(self.days, name)
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """One permitted step. `next` is None where a milestone goes back to work, as it was before a bank's stop (once
    nothing of its payment is in dispute) or before its case; one that was in clearing before its case is accepted then.
    """

    state: State
    actor: Actor
    act: Act
    next: State | None
    opens: Clock | None = None
    until: Clock | None = None
    ledger: Ledger = Ledger.NONE
    guard: Guard | None = None


PAGE_CLOSES = Clock(Base.SINCE, "payment_page")
LATE = Clock(Base.DUE, "late")
NOT_DELIVERED = Clock(Base.DUE, "not_delivered")
REVIEW_ENDS = Clock(Base.SINCE, "review")
REVISION_AGREED = Clock(Base.SINCE, "revision_agreed")
REVISION_ENDS = Clock(Base.SINCE, "revision")
CLEARED = Clock(Base.SINCE, "clearing_after_silence")
ANSWER_ENDS = Clock(Base.SINCE, "answer_in_case")
DECISION_DUE = Clock(Base.SINCE, "decision")
APPEAL_ENDS = Clock(Base.SINCE, "appeal")

_CLIENT, _PROVIDER, _BOTH, _CLOCK, _BANK = Actor.CLIENT, Actor.PROVIDER, Actor.BOTH, Actor.CLOCK, Actor.BANK


def _before_payment() -> Iterator[Row]:
    for side in (_CLIENT, _PROVIDER):
        yield Row(State.PLANNED, side, Act.CALL_OFF, State.CALLED_OFF)
    yield Row(State.PLANNED, _CLIENT, Act.START_PAYING, State.PAYING)
    yield Row(State.PLANNED, _BOTH, Act.AMEND, State.PLANNED)
    yield Row(State.PAYING, _CLIENT, Act.START_PAYING, State.PAYING, until=PAGE_CLOSES)
    yield Row(State.PAYING, _CLOCK, Act.CLOSE_PAGE, State.PLANNED, opens=PAGE_CLOSES)
    for state in (State.PLANNED, State.PAYING):
        yield Row(state, _BANK, Act.PAY, State.FUNDED, ledger=Ledger.FUND)
        yield Row(state, _CLOCK, Act.END_ACCOUNT, State.CALLED_OFF)
    yield Row(State.CALLED_OFF, _BANK, Act.PAY, State.RETURNED, ledger=Ledger.FUND_AND_RETURN)


def _at_work() -> Iterator[Row]:
    """Rows of money that is held before a delivery, or while one is revised."""
    for state, ends in ((State.FUNDED, NOT_DELIVERED), (State.IN_REVISION, REVISION_ENDS)):
        yield Row(state, _PROVIDER, Act.DELIVER, State.DELIVERED, until=ends, guard=Guard.SOMETHING_CHANGED)
        yield from _giving_back(state, ends)
        yield from _dividing(state, ends)
        yield Row(state, _BOTH, Act.AMEND, state, until=ends)
        yield Row(
            *(state, _CLIENT, Act.TAKE_BACK_FROM_ABSENT, State.RETURNED),
            until=ends,
            ledger=Ledger.RETURN,
            guard=Guard.PROVIDER_ABSENT,
        )
        yield Row(state, _CLOCK, Act.RETURN, State.RETURNED, opens=ends, ledger=Ledger.RETURN)
        yield Row(state, _CLOCK, Act.END_ACCOUNT, State.RETURNED, ledger=Ledger.RETURN)
    yield Row(
        *(State.FUNDED, _CLIENT, Act.TAKE_BACK, State.RETURNED),
        opens=LATE,
        until=NOT_DELIVERED,
        ledger=Ledger.RETURN,
    )
    yield Row(
        State.IN_REVISION, _PROVIDER, Act.OPEN_CASE, State.IN_CASE, until=REVISION_ENDS, ledger=Ledger.RELEASE_REST
    )


def _in_review() -> Iterator[Row]:
    for state, ends in ((State.DELIVERED, REVIEW_ENDS), (State.IN_REVISION, REVISION_ENDS)):
        yield Row(state, _CLIENT, Act.ACCEPT, State.ACCEPTED, until=ends, ledger=Ledger.RELEASE)
        yield Row(state, _CLIENT, Act.ACCEPT_PART, state, until=ends, ledger=Ledger.RELEASE, guard=Guard.NOT_ALL)
    ends = REVIEW_ENDS
    yield Row(State.DELIVERED, _CLIENT, Act.REQUEST_REVISION, State.IN_REVISION, until=ends, guard=Guard.ROUNDS_LEFT)
    yield Row(State.DELIVERED, _CLIENT, Act.OPEN_CASE, State.IN_CASE, until=ends, ledger=Ledger.RELEASE_REST)
    yield Row(State.DELIVERED, _PROVIDER, Act.DELIVER, State.DELIVERED, until=ends, guard=Guard.SOMETHING_CHANGED)
    yield from _giving_back(State.DELIVERED, ends)
    yield from _dividing(State.DELIVERED, ends)
    yield Row(State.DELIVERED, _CLOCK, Act.ACCEPT_BY_SILENCE, State.RELEASED, opens=ends, ledger=Ledger.RELEASE_SLOWLY)
    yield Row(State.RELEASED, _CLIENT, Act.OPEN_CASE, State.IN_CASE, until=CLEARED, ledger=Ledger.HOLD_CLEARING)
    yield Row(State.RELEASED, _CLOCK, Act.CLEAR, State.ACCEPTED, opens=CLEARED)


def _in_cases() -> Iterator[Row]:
    for side in (_CLIENT, _PROVIDER):
        yield Row(State.IN_CASE, side, Act.ANSWER, State.TO_DECIDE, until=ANSWER_ENDS, guard=Guard.NOT_THE_OPENER)
        yield Row(State.DECIDED, side, Act.APPEAL, State.APPEALED, until=APPEAL_ENDS)
        yield Row(State.IN_CASE, side, Act.WRITE_IN_CASE, State.IN_CASE, until=ANSWER_ENDS, guard=Guard.THE_OPENER)
        for state in (State.TO_DECIDE, State.APPEALED):
            yield Row(state, side, Act.WRITE_IN_CASE, state)
        for state, ends in ((State.IN_CASE, ANSWER_ENDS), (State.TO_DECIDE, None)):
            yield Row(
                *(state, side, Act.WITHDRAW_CASE, None),
                until=ends,
                ledger=Ledger.END_HOLD,
                guard=Guard.THE_OPENER_ONCE,
            )
    yield Row(State.IN_CASE, _CLOCK, Act.END_ANSWERING, State.TO_DECIDE, opens=ANSWER_ENDS)
    yield Row(State.TO_DECIDE, Actor.MODERATOR, Act.ASK_IN_CASE, State.TO_DECIDE)
    yield Row(State.TO_DECIDE, Actor.MODERATOR, Act.DECIDE, State.DECIDED)
    yield Row(State.DECIDED, _CLOCK, Act.MAKE_FINAL, State.SETTLED, opens=APPEAL_ENDS, ledger=Ledger.DIVIDE)
    yield Row(State.APPEALED, Actor.SECOND_MODERATOR, Act.ASK_IN_CASE, State.APPEALED)
    yield Row(State.APPEALED, Actor.SECOND_MODERATOR, Act.DECIDE_APPEAL, State.SETTLED, ledger=Ledger.DIVIDE)
    yield from _dividing(State.IN_CASE, ANSWER_ENDS)
    yield from _dividing(State.TO_DECIDE, None)
    yield from _dividing(State.DECIDED, APPEAL_ENDS)
    yield from _dividing(State.APPEALED, None)


def _by_banks() -> Iterator[Row]:
    for state in State:
        if state in HOLDING and state != State.FROZEN:
            yield Row(state, _BANK, Act.STOP, State.FROZEN, ledger=Ledger.FREEZE)
            # A bank that had taken a part gives it back later, on appeal.
            yield Row(state, _BANK, Act.END_STOP, state, ledger=Ledger.HOLD_AGAIN)
    # A payment may be disputed more than once: it is stopped until nothing of it is in dispute.
    yield Row(State.FROZEN, _BANK, Act.STOP, State.FROZEN, ledger=Ledger.FREEZE)
    yield Row(State.FROZEN, _BANK, Act.END_STOP, None, ledger=Ledger.UNFREEZE)
    yield Row(State.FROZEN, _BANK, Act.TAKE, State.TAKEN, ledger=Ledger.LOSE)
    # What was delivered is looked at anew, for the full time; other work goes on.
    yield Row(State.TAKEN, _BANK, Act.END_STOP, None, ledger=Ledger.HOLD_AGAIN)
    yield Row(State.TAKEN, _BANK, Act.STOP, State.TAKEN, ledger=Ledger.FREEZE)
    yield Row(State.TAKEN, _BANK, Act.TAKE, State.TAKEN, ledger=Ledger.LOSE_LATER)
    for state in (State.RELEASED, State.ACCEPTED, State.SETTLED, State.RETURNED):
        yield Row(state, _BANK, Act.STOP, state, ledger=Ledger.FREEZE)
        yield Row(state, _BANK, Act.END_STOP, state, ledger=Ledger.UNFREEZE)
        yield Row(state, _BANK, Act.TAKE, state, ledger=Ledger.LOSE_LATER)


def _giving_back(state: State, ends: Clock) -> Iterator[Row]:
    yield Row(state, _PROVIDER, Act.GIVE_BACK, State.RETURNED, until=ends, ledger=Ledger.RETURN)
    yield Row(state, _PROVIDER, Act.GIVE_BACK_PART, state, until=ends, ledger=Ledger.RETURN, guard=Guard.NOT_ALL)


def _dividing(state: State, ends: Clock | None) -> Iterator[Row]:
    """Rows of ending it together, in parts."""
    for side in (_CLIENT, _PROVIDER):
        yield Row(state, side, Act.PROPOSE_DIVISION, state, until=ends)
    yield Row(
        *(state, _BOTH, Act.ACCEPT_DIVISION, State.SETTLED),
        until=ends,
        ledger=Ledger.DIVIDE,
        guard=Guard.NOT_THE_PROPOSER,
    )


ROWS: tuple[Row, ...] = (*_before_payment(), *_at_work(), *_in_review(), *_in_cases(), *_by_banks())

_PROVIDER_ENDS = frozenset({Act.GIVE_BACK, Act.TAKE_BACK, Act.TAKE_BACK_FROM_ABSENT, Act.RETURN})


def cancels(row: Row, *, asked_by: Actor | None = None) -> Actor | None:
    """Return who cancels a milestone with a step that returns all of its money; None if it is no cancellation.

    A provider does who gives everything back or does not deliver. Of an agreement before a delivery it is the side that
    proposed it (`asked_by`), of a deleted account whose it was. What is agreed after a delivery, or in a case, settles
    what the work is worth.
    """
    if row.act in _PROVIDER_ENDS:
        return Actor.PROVIDER
    if row.act == Act.END_ACCOUNT or (row.act == Act.ACCEPT_DIVISION and row.state == State.FUNDED):
        return asked_by
    return None


_BY_CELL = {(row.state, row.actor, row.act): row for row in ROWS}


def row_of(state: State, actor: Actor, act: Act) -> Row | None:
    """Return the row of a cell; None if it is refused."""
    return _BY_CELL.get((state, actor, act))


def clock_row(state: State) -> Row | None:
    """Return what the clock does in a state when its time has come; None where it does nothing."""
    return next((row for row in ROWS if row.state == state and row.actor == _CLOCK and row.opens), None)


def acts_of(state: State, actor: Actor, moments: Moments, at: datetime) -> list[Row]:
    """Return what an actor may do in a state at a moment, in the table's order."""
    return [row for row in ROWS if row.state == state and row.actor == actor and is_open(row, moments, at)]


def is_open(row: Row, moments: Moments, at: datetime) -> bool:
    """Return whether the row's clock allows it at this moment."""
    if row.opens is not None and at < moments.of(row.opens):
        return False
    return row.until is None or at < moments.of(row.until)


class NoticeKind(StrEnum):
    """Reminders that are mailed when their moment comes."""

    DUE_SOON = "due_soon"
    LATE = "late"
    REVIEW_ENDS_SOON = "review_ends_soon"
    REVISION_LATE = "revision_late"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A mail to one side while a milestone stays in a state."""

    state: State
    clock: Clock
    kind: NoticeKind
    to: Actor


REMINDERS = (
    Reminder(State.FUNDED, Clock(Base.DUE, "reminder_before_due"), NoticeKind.DUE_SOON, _PROVIDER),
    Reminder(State.FUNDED, LATE, NoticeKind.LATE, _CLIENT),
    Reminder(State.DELIVERED, Clock(Base.SINCE, "review_reminder_0"), NoticeKind.REVIEW_ENDS_SOON, _CLIENT),
    Reminder(State.DELIVERED, Clock(Base.SINCE, "review_reminder_1"), NoticeKind.REVIEW_ENDS_SOON, _CLIENT),
    Reminder(State.IN_REVISION, REVISION_AGREED, NoticeKind.REVISION_LATE, _PROVIDER),
)


def next_moment(state: State, moments: Moments, after: datetime) -> datetime | None:
    """Return when the clock next has something to do: a reminder after that moment, or its row.

    Reminders whose moment has passed when a milestone comes into a state are not sent.
    """
    row = clock_row(state)
    found = [moments.of(row.opens)] if row is not None and row.opens is not None else []
    reminders = (moments.of(one.clock) for one in REMINDERS if one.state == state)
    return min([*found, *(moment for moment in reminders if moment > after)], default=None)
