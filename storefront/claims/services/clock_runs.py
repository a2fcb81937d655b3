"""Ends what is due, and finds emails that were not sent because a message was lost.

When something is due is a function of stored times (`process`, `Claim.ends_at`); a late run changes nobody's rights.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from common import jobs
from storefront.claims import process
from storefront.claims.errors import WrongStep
from storefront.claims.models import Claim, ConductNotice, Mail, Outcome
from storefront.claims.process import Act, Actor, State
from storefront.claims.services import answers, decisions, endings, locking

_BATCH = 100
_HEAD_START = timedelta(minutes=1)  # for the message that was sent at once
_ACTS = {
    State.UNCONFIRMED: Act.FORGET,
    State.ANSWERING: Act.GO_ON,
    State.CONTESTED: Act.LAPSE,
    State.DECIDED: Act.MAKE_FINAL,
}


def run_due(*, at: datetime) -> int:
    """Do what the clock does with claims whose time is over, each in its own transaction; return how many."""
    found = sum(_run_one(claim, at) for claim in due(at)[:_BATCH])
    retry_emails(at=at)
    return found


def due(at: datetime) -> list[Claim]:
    """Return the claims with which the clock has something to do."""
    over = Q()
    for state in _ACTS:
        over |= Q(state=state, began_at__lte=at - process.LASTS[state])
    rows = Claim.objects.filter(over).select_related("work").order_by("began_at", "pk")
    return [claim for claim in rows if claim.ends_at is not None and claim.ends_at <= at]


@transaction.atomic
def _run_one(claim: Claim, at: datetime) -> bool:
    try:
        claim = locking.lock(claim)
    except WrongStep:
        return False
    if claim.ends_at is None or at < claim.ends_at or claim.state not in _ACTS:
        return False
    act = _ACTS[State(claim.state)]
    locking.require(claim, Actor.CLOCK, act)
    if act == Act.FORGET:
        claim.delete()
    elif act == Act.GO_ON:
        answers.await_decision(claim, at)
    elif act == Act.LAPSE:
        endings.end(claim, Outcome.LAPSED, actor=None, at=at)
    else:
        decisions.make_final(claim, at)
    return True


def retry_emails(*, at: datetime) -> None:
    """Enqueue unsent emails again, a random batch: those that always fail would hold up all others."""
    before = at - _HEAD_START
    unsent = Mail.objects.filter(sent_at=None, made_at__lte=before).order_by("?")
    for mail_id in unsent.values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("claims.mail_step", mail_id=mail_id)
    waiting = Q(told_at=None, made_at__lte=before) | Q(appeal_told_at=None, appeal_decided_at__lte=before)
    for notice_id in ConductNotice.objects.filter(waiting).order_by("?").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("claims.mail_conduct", notice_id=notice_id)
