"""Account deletion: what holds it up, and what becomes of a person's contracts.

Held money and open cases are obstacles. When the deletion is done all the same, because its legal deadline has come,
undelivered work ends and its money goes back, delivered work runs its clock, and what is payable stays on
the pseudonym.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext_lazy, ngettext

from accounts.hooks import Obstacle
from accounts.models import Deletion, User
from accounts.retention_schedule import LAW_YEARS
from hiring.contracts.models import (
    Amendment,
    AmendmentState,
    Case,
    CaseStatement,
    Contract,
    Delivery,
    Division,
    Milestone,
    Notice,
    RevisionRequest,
)
from hiring.contracts.process import HOLDING, Actor
from hiring.contracts.services import clocks

_BY_LAW = timedelta(days=366 * LAW_YEARS)
_AT_CONTRACTS = partial(Obstacle, page="contracts:contracts", action=gettext_lazy("Go to your contracts"))


def obstacles(user: User, at: datetime) -> Iterable[Obstacle]:
    """Yield open cases, and contracts in which money is held."""
    theirs = Q(milestone__contract__client=user) | Q(milestone__contract__provider=user)
    if cases := Case.objects.open().filter(theirs).count():
        text = ngettext("You have %(n)d open case.", "You have %(n)d open cases.", cases) % {"n": cases}
        yield _AT_CONTRACTS(text, gettext_lazy("Agree with the other side, or wait for the decision."))
    sides = Q(contract__client=user) | Q(contract__provider=user)
    held = Milestone.objects.filter(sides, state__in=HOLDING, amount_minor__gt=0).values("contract").distinct().count()
    if held:
        text = ngettext(
            "Money is held for %(n)d contract of yours.", "Money is held for %(n)d contracts of yours.", held
        ) % {"n": held}
        yield _AT_CONTRACTS(text, gettext_lazy("Finish the work, give the money back, or end the contract together."))


def losses(user: User, at: datetime) -> Iterable[str]:
    """Yield what ends with the account."""
    if count := Contract.objects.of(user).open().count():
        yield ngettext(
            "%(n)d contract is open. What is not delivered then ends, and its money goes back to the client.",
            "%(n)d contracts are open. What is not delivered then ends, and its money goes back to the client.",
            count,
        ) % {"n": count}


def prepare(deletion: Deletion, at: datetime) -> None:
    """End undelivered work of the person. Safe to repeat."""
    sides = Q(contract__client=deletion.user) | Q(contract__provider=deletion.user)
    for milestone in Milestone.objects.open().filter(sides).select_related("contract").order_by("contract_id", "pk"):
        side = milestone.contract.side_of(deletion.user) or Actor.CLIENT
        clocks.end_account(milestone=milestone, side=side, at=at)


def erase(deletion: Deletion, at: datetime) -> None:
    """Withdraw proposals of the person, and forget what was mailed to them. Contracts stay. Safe to repeat."""
    user = deletion.user
    Notice.objects.filter(user=user).delete()
    open_ones = Amendment.objects.filter(proposed_by=user, state=AmendmentState.PROPOSED)
    open_ones.update(state=AmendmentState.WITHDRAWN, answered_at=at)
    Division.objects.filter(proposed_by=user, replaced_at=None, accepted_at=None).update(replaced_at=at)


def forget(at: datetime) -> None:
    """Each night, remove words and names from contracts whose legal retention has ended."""
    before = at - _BY_LAW
    old = Contract.objects.filter(ended_at__lt=before)
    Delivery.objects.filter(milestone__contract__in=old).exclude(note="").update(note="")
    RevisionRequest.objects.filter(delivery__milestone__contract__in=old).exclude(wishes="").update(wishes="")
    CaseStatement.objects.filter(case__milestone__contract__in=old).exclude(body="").update(body="")
    Case.objects.filter(milestone__contract__in=old).exclude(reason="").update(reason="", appeal="")
    Notice.objects.filter(made_at__lt=at - timedelta(days=365)).delete()
