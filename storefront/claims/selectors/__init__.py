"""Claims for those who may see them: the claimant's, those on a book, the moderators' queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from common.errors import NotFound
from publishing.models import Work
from publishing.passages.models import Match
from publishing.passages.selectors import matches
from royalties.selectors import claims as ledger
from storefront.claims.models import Claim, ConductNotice, HoldState
from storefront.claims.process import Act, Actor, State, allows

_DECISIONS = {State.DECIDING: Act.DECIDE, State.APPEALED: Act.DECIDE_APPEAL}
_RELATED = ("work__owner", "original", "user", "case", "edition", "hold", "winner")


def claims_on(work: Work) -> QuerySet[Claim]:
    """Return the claims on a book that count, newest first."""
    return Claim.objects.counting().filter(work=work).select_related(*_RELATED).order_by("-pk")


def claim_on(work: Work, claim_id: str) -> Claim:
    """Return one of the claims on a book. Raises NotFound."""
    found = claims_on(work).filter(public_id=claim_id).first()
    if found is None:
        raise NotFound
    return found


def claims_by(user: User) -> QuerySet[Claim]:
    """Return the person's claims, newest first."""
    return Claim.objects.filter(user=user).select_related(*_RELATED).order_by("-pk")


def claim_of(claim_id: str) -> Claim:
    """Return a claim that counts, for moderators. Raises NotFound."""
    found = Claim.objects.counting().select_related(*_RELATED, "case__decided_by").filter(public_id=claim_id).first()
    if found is None:
        raise NotFound
    return found


def notices_of(user: User) -> QuerySet[ConductNotice]:
    """Return warnings and suspensions of the person, newest first."""
    return ConductNotice.objects.of(user, "").order_by("-pk")


def own_matches(user: User, work: Work) -> list[Match]:
    """Return the matches of a book on sale with books of the person that had the words first, most words first."""
    return list(matches.of_owner(work, user))


# ---------------------------------------------------------------- the moderators' queue


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim that waits for a moderator: for what, and until when."""

    claim: Claim
    act: Act
    until: datetime | None
    is_late: bool


def waiting(at: datetime) -> list[Waiting]:
    """Return the claims that wait for a moderator, what is due first."""
    found = []
    for claim in Claim.objects.open().select_related(*_RELATED):
        if claim.hold.state == HoldState.LOOK and allows(State(claim.state), Actor.MODERATOR, Act.LOOK):
            found.append((claim, Act.LOOK, claim.hold.look_until))
        if claim.state in _DECISIONS:
            found.append((claim, _DECISIONS[State(claim.state)], claim.ends_at))
    rows = [Waiting(claim, act, until, until is not None and until <= at) for claim, act, until in found]
    return sorted(rows, key=lambda row: (row.until or at, row.claim.pk))


def others() -> QuerySet[Claim]:
    """Return all claims that count, newest first."""
    return Claim.objects.counting().select_related(*_RELATED).order_by("-pk")


def appealed_notices() -> QuerySet[ConductNotice]:
    """Return suspensions whose appeal waits for a decision, oldest first."""
    rows = ConductNotice.objects.filter(appealed_at__isnull=False, appeal_decided_at=None)
    return rows.select_related("user").order_by("appealed_at")


def held(claim: Claim) -> Mapping[str, int]:
    """Return what is held because of a claim now, by currency."""
    return ledger.held_for(claim.public_id)


def won(claim: Claim) -> Mapping[str, int]:
    """Return what the claimant has got by a claim, by currency."""
    return ledger.won_with(claim.public_id)
