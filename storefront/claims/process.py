"""The process of a claim as one table: who may do what in which state, and until when.

Services, pages, docs/claims.md and the test of all cells read it. What has no row is refused. Clocks are half-open:
what may be done until a moment may no longer be done at it, and what the clock does it does from that moment on.
Nothing but the stored times says when a clock ends, so a late run of the periodic task changes nobody's rights.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CONFIRM = timedelta(days=7)
ANSWER = timedelta(days=14)
UPHOLD = timedelta(days=14)
DECIDE = timedelta(days=14)
APPEAL = timedelta(days=14)
LOOK = timedelta(hours=72)
TAKE = timedelta(days=180)


class State(models.TextChoices):
    """Where a claim is."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("claim", "Waiting for confirmation")
    ANSWERING = "answering", pgettext_lazy("claim", "Waiting for the author’s answer")
    CONTESTED = "contested", pgettext_lazy("claim", "Contested")
    DECIDING = "deciding", pgettext_lazy("claim", "Waiting for a decision")
    DECIDED = "decided", pgettext_lazy("claim", "Decided")
    APPEALED = "appealed", pgettext_lazy("claim", "Appealed")
    ENDED = "ended", pgettext_lazy("claim", "Ended")


class Actor(models.TextChoices):
    """Who acts. A second moderator is one who did not decide."""

    CLAIMANT = "claimant", pgettext_lazy("claim", "Claimant")
    AUTHOR = "author", pgettext_lazy("claim", "Owner of the book")
    MODERATOR = "moderator", _("Moderator")
    SECOND_MODERATOR = "second", _("Second moderator")
    CLOCK = "clock", _("Clock")


class Act(models.TextChoices):
    """What is done."""

    CONFIRM = "confirm", pgettext_lazy("claim", "confirms the claim")
    WITHDRAW = "withdraw", pgettext_lazy("claim", "withdraws the claim")
    ANSWER = "answer", pgettext_lazy("claim", "answers")
    UPHOLD = "uphold", pgettext_lazy("claim", "upholds the claim")
    LOOK = "look", pgettext_lazy("claim", "looks at the passages")
    DECIDE = "decide", pgettext_lazy("claim", "decides")
    APPEAL = "appeal", pgettext_lazy("claim", "appeals")
    DECIDE_APPEAL = "decide_appeal", pgettext_lazy("claim", "decides the appeal")
    TAKE = "take", pgettext_lazy("claim", "takes the money to an account")
    FORGET = "forget", pgettext_lazy("claim", "deletes the claim")
    GO_ON = "go_on", pgettext_lazy("claim", "asks for a decision")
    LAPSE = "lapse", pgettext_lazy("claim", "ends the claim")
    MAKE_FINAL = "make_final", pgettext_lazy("claim", "makes the decision final")


# `ANSWER` after the clock: a late answer is read as long as nobody has decided. `TAKE` while nobody has the money.
TABLE: Mapping[tuple[State, Actor], frozenset[Act]] = {
    (State.UNCONFIRMED, Actor.CLAIMANT): frozenset({Act.CONFIRM}),
    (State.UNCONFIRMED, Actor.CLOCK): frozenset({Act.FORGET}),
    (State.ANSWERING, Actor.CLAIMANT): frozenset({Act.WITHDRAW}),
    (State.ANSWERING, Actor.AUTHOR): frozenset({Act.ANSWER}),
    (State.ANSWERING, Actor.MODERATOR): frozenset({Act.LOOK}),
    (State.ANSWERING, Actor.CLOCK): frozenset({Act.GO_ON}),
    (State.CONTESTED, Actor.CLAIMANT): frozenset({Act.UPHOLD, Act.WITHDRAW}),
    (State.CONTESTED, Actor.MODERATOR): frozenset({Act.LOOK}),
    (State.CONTESTED, Actor.CLOCK): frozenset({Act.LAPSE}),
    (State.DECIDING, Actor.CLAIMANT): frozenset({Act.WITHDRAW}),
    (State.DECIDING, Actor.AUTHOR): frozenset({Act.ANSWER}),
    (State.DECIDING, Actor.MODERATOR): frozenset({Act.LOOK, Act.DECIDE}),
    (State.DECIDED, Actor.CLAIMANT): frozenset({Act.APPEAL, Act.WITHDRAW}),
    (State.DECIDED, Actor.AUTHOR): frozenset({Act.APPEAL}),
    (State.DECIDED, Actor.CLOCK): frozenset({Act.MAKE_FINAL}),
    (State.APPEALED, Actor.CLAIMANT): frozenset({Act.APPEAL, Act.WITHDRAW}),
    (State.APPEALED, Actor.AUTHOR): frozenset({Act.APPEAL}),
    (State.APPEALED, Actor.SECOND_MODERATOR): frozenset({Act.DECIDE_APPEAL}),
    (State.ENDED, Actor.CLAIMANT): frozenset({Act.TAKE}),
}

# How long each state lasts, from when it began; what the clock does then, if it does anything: a decision that is late
# stays to be made, and the queue says so.
LASTS: Mapping[State, timedelta] = {
    State.UNCONFIRMED: CONFIRM,
    State.ANSWERING: ANSWER,
    State.CONTESTED: UPHOLD,
    State.DECIDING: DECIDE,
    State.DECIDED: APPEAL,
    State.APPEALED: DECIDE,
}


def allows(state: State, actor: Actor, act: Act) -> bool:
    """Return whether the table has a row for it."""
    return act in TABLE.get((state, actor), frozenset())
