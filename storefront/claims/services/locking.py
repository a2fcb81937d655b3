"""Locks of claims: the work first, then the claim, as publishing and the other claims on the book wait for the work."""

from __future__ import annotations

from datetime import datetime

from publishing.services.editions import lock_work
from storefront.claims import process
from storefront.claims.errors import WrongStep
from storefront.claims.models import Claim
from storefront.claims.process import Act, Actor, State

_RELATED = ("work__owner", "original__owner", "user", "case", "edition", "hold")


def lock(claim: Claim) -> Claim:
    """Return the claim as it is now, locked until the transaction ends, with its work. Raises WrongStep without it."""
    lock_work(claim.work)
    found = Claim.objects.select_for_update(of=("self",)).select_related(*_RELATED).filter(pk=claim.pk).first()
    if found is None:
        raise WrongStep
    return found


def require(claim: Claim, actor: Actor, act: Act) -> None:
    """Require a row of the table. Raises WrongStep."""
    if not process.allows(State(claim.state), actor, act):
        raise WrongStep


def enter(claim: Claim, state: State, at: datetime) -> None:
    """Bring a locked claim into a state; the caller saves it."""
    claim.state, claim.began_at = state, at
