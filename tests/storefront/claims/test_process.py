"""Every state, actor and act: a row of the table is done, everything else refused without a change; and the clocks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from common import clock
from common.errors import DomainError
from storefront.claims import process
from storefront.claims.models import Claim, HoldState, Outcome, Reply, Side
from storefront.claims.process import Act, Actor, State
from storefront.claims.services import answers, clock_runs, decisions, endings, filing, holds
from tests.conftest import NOON
from tests.conversion.passages.texts import drawn_words
from tests.factories.accounts import make_moderator, make_reader
from tests.factories.claims import (
    EVIDENCE,
    REASON,
    answer,
    appeal,
    decide,
    file_copied,
    mail_all,
    make_sold,
    seen,
    uphold,
)

pytestmark = pytest.mark.django_db
WORDS = drawn_words(2000, 81)


def _filed() -> Claim:
    return file_copied(make_sold(WORDS).work, [*WORDS[:200], *WORDS[1000:1200]])


def _answering() -> Claim:
    return filing.confirm(claim=_filed(), at=clock.now())


def _decided() -> Claim:
    claim = decide(uphold(answer(_answering())), won=[0])
    mail_all(claim)
    return claim


def _ended() -> Claim:
    return answer(_answering(), Reply.AGREE)


MAKERS: dict[State, Callable[[], Claim]] = {
    State.UNCONFIRMED: _filed,
    State.ANSWERING: _answering,
    State.CONTESTED: lambda: answer(_answering()),
    State.DECIDING: lambda: _go_on(_answering()),
    State.DECIDED: _decided,
    State.APPEALED: lambda: appeal(_decided(), Side.AUTHOR),
    State.ENDED: _ended,
}


def _go_on(claim: Claim) -> Claim:
    """The author is silent, so that a late answer is possible."""
    clock_runs.run_due(at=clock.now() + process.ANSWER)
    return Claim.objects.get(pk=claim.pk)


def _first(claim: Claim) -> Any:
    return claim.case.decided_by if claim.case and claim.case.decided_by else make_moderator()


def _do(act: Act, claim: Claim, actor: Actor, at: datetime) -> object:
    """The act as this actor would do it."""
    side = Side.CLAIMANT if actor == Actor.CLAIMANT else Side.AUTHOR
    moderator = make_moderator() if actor == Actor.SECOND_MODERATOR else _first(claim)
    ways: dict[tuple[Act, Actor], Callable[[], object]] = {
        (Act.CONFIRM, Actor.CLAIMANT): lambda: filing.confirm(claim=claim, at=at),
        (Act.WITHDRAW, Actor.CLAIMANT): lambda: answers.withdraw(claim=claim, at=at),
        (Act.UPHOLD, Actor.CLAIMANT): lambda: answers.uphold(claim=claim, evidence=EVIDENCE, at=at),
        (Act.TAKE, Actor.CLAIMANT): lambda: endings.take(actor=make_reader(email=claim.email), claim=claim, at=at),
        (Act.ANSWER, Actor.AUTHOR): lambda: answers.answer(
            actor=claim.work.owner, claim=claim, reply=Reply.MINE, words="I did.", at=at
        ),
    }
    for one in (Actor.CLAIMANT, Actor.AUTHOR):
        ways[Act.APPEAL, one] = lambda: decisions.appeal(actor=None, claim=claim, side=side, words="Look.", at=at)
    for one in (Actor.MODERATOR, Actor.SECOND_MODERATOR):
        ways[Act.LOOK, one] = lambda: holds.look(actor=moderator, claim=claim, is_held=True, reason=REASON, at=at)
        ways[Act.DECIDE, one] = lambda: decisions.decide(
            actor=moderator, claim=claim, won=[0], evidence=EVIDENCE, reason=REASON, seen=seen(claim), at=at
        )
        ways[Act.DECIDE_APPEAL, one] = lambda: decisions.decide_appeal(
            actor=moderator, claim=claim, won=[0], reason=REASON, seen=seen(claim), at=at
        )
    return ways[act, actor]()


_DOORS = [
    *((act, Actor.CLAIMANT) for act in (Act.CONFIRM, Act.WITHDRAW, Act.UPHOLD, Act.TAKE, Act.APPEAL)),
    *((act, Actor.AUTHOR) for act in (Act.ANSWER, Act.APPEAL)),
    *((act, Actor.MODERATOR) for act in (Act.LOOK, Act.DECIDE, Act.DECIDE_APPEAL)),
    *((act, Actor.SECOND_MODERATOR) for act in (Act.DECIDE_APPEAL,)),
]


def _facts(claim: Claim) -> dict[str, Any]:
    row = Claim.objects.filter(pk=claim.pk).values().get()
    return {name: row[name] for name in ("state", "outcome", "answer", "evidence", "won", "ended_at", "winner_id")}


@pytest.mark.both
@pytest.mark.parametrize(("state", "door"), list(product(State, _DOORS)), ids=str)
def test_a_row_is_done_and_everything_else_refused(state: State, door: tuple[Act, Actor]) -> None:
    act, actor = door
    claim = appeal(_decided(), Side.CLAIMANT) if (state, actor) == (State.APPEALED, Actor.AUTHOR) else MAKERS[state]()
    before = _facts(claim)
    assert before["state"] == state
    at = NOON + timedelta(days=15) if act == Act.DECIDE_APPEAL else NOON + timedelta(days=1)
    if not process.allows(state, actor, act):
        # Following the link in the receipt again does nothing.
        with nullcontext() if act == Act.CONFIRM else pytest.raises(DomainError):
            _do(act, claim, actor, at)
        assert _facts(claim) == before
        return
    assert _do(act, claim, actor, at) is not None
    hold = Claim.objects.get(pk=claim.pk).hold.state
    assert _facts(claim) != before or (hold == HoldState.HELD if act == Act.LOOK else claim.appeals.count() == 2)


def test_every_row_that_people_have_is_among_the_doors() -> None:
    rows = {(act, actor) for (_state, actor), acts in process.TABLE.items() for act in acts if actor != Actor.CLOCK}
    assert rows == set(_DOORS) - {(Act.DECIDE_APPEAL, Actor.MODERATOR)}


_CLOCKS = {
    State.UNCONFIRMED: (process.CONFIRM, None, ""),
    State.ANSWERING: (process.ANSWER, State.DECIDING, ""),
    State.CONTESTED: (process.UPHOLD, State.ENDED, Outcome.LAPSED),
    State.DECIDED: (process.APPEAL, State.ENDED, Outcome.UPHELD),
}


@pytest.mark.both
@pytest.mark.parametrize("state", State)
def test_what_the_clock_does_it_does_at_the_moment_and_not_before(state: State) -> None:
    claim = MAKERS[state]()
    before, began = _facts(claim), Claim.objects.get(pk=claim.pk).began_at
    lasts, after, outcome = _CLOCKS.get(state, (timedelta(days=400), state, before["outcome"]))
    clock_runs.run_due(at=began + lasts - timedelta(seconds=1))
    assert _facts(claim) == before
    clock_runs.run_due(at=began + lasts)
    if after is None:
        assert not Claim.objects.filter(pk=claim.pk).exists()
        return
    found = _facts(claim)
    assert (found["state"], found["outcome"]) == (after, outcome)
    clock_runs.run_due(at=began + lasts)
    assert _facts(claim) == found, "a second run changes nothing"


def test_the_clocks_are_those_of_the_table() -> None:
    assert {state for state, actor in process.TABLE if actor == Actor.CLOCK} == set(_CLOCKS)


class TestTimesOfPeople:
    """What may be done until a moment may no longer be done at it, whether or not the periodic task has run."""

    def test_an_answer(self) -> None:
        claim = _answering()
        with pytest.raises(DomainError):
            answer(claim, at=NOON + process.ANSWER)
        assert answer(claim, at=NOON + process.ANSWER - timedelta(seconds=1)).state == State.CONTESTED

    def test_but_a_late_one_until_somebody_decides(self) -> None:
        claim = answer(_go_on(_answering()), at=NOON + timedelta(days=20))
        assert (claim.state, claim.answer) == (State.DECIDING, Reply.LICENCE)

    def test_only_one_answer(self) -> None:
        claim = _go_on(_answering())
        answer(claim, at=NOON + timedelta(days=20))
        with pytest.raises(DomainError):
            answer(claim, Reply.AGREE, at=NOON + timedelta(days=20))

    def test_upholding(self) -> None:
        claim = answer(_answering())
        with pytest.raises(DomainError):
            uphold(claim, at=NOON + process.UPHOLD)
        assert uphold(claim, at=NOON + process.UPHOLD - timedelta(seconds=1)).state == State.DECIDING

    def test_an_appeal_from_being_told(self) -> None:
        claim = decide(uphold(answer(_answering())))
        mail_all(claim, NOON + timedelta(days=3))
        until = NOON + timedelta(days=3) + process.APPEAL
        with pytest.raises(DomainError):
            appeal(claim, Side.AUTHOR, at=until)
        assert appeal(claim, Side.AUTHOR, at=until - timedelta(seconds=1)).state == State.APPEALED

    def test_nothing_is_final_before_both_are_told(self) -> None:
        claim = decide(uphold(answer(_answering())))
        clock_runs.run_due(at=NOON + timedelta(days=60))
        assert Claim.objects.get(pk=claim.pk).state == State.DECIDED
        assert appeal(claim, Side.AUTHOR, at=NOON + timedelta(days=60)).state == State.APPEALED

    def test_taking_the_money(self) -> None:
        claim, reader = _ended(), make_reader(email="ann@example.org")
        with pytest.raises(DomainError):
            endings.take(actor=reader, claim=claim, at=NOON + process.TAKE)
        taken = endings.take(actor=reader, claim=claim, at=NOON + process.TAKE - timedelta(seconds=1))
        assert taken.winner == reader

    def test_not_by_somebody_with_another_address(self) -> None:
        with pytest.raises(DomainError):
            endings.take(actor=make_reader(), claim=_ended(), at=NOON)
