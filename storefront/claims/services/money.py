"""What claims tell the ledger: from when which share is held, and who gets it. Each call may be repeated."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from publishing.models import Work
from royalties.services import claims as ledger
from storefront.claims.models import Claim, Hold, HoldState
from storefront.claims.selectors import shares


def begin(hold: Hold, at: datetime) -> None:
    """Hold the claim's share of what clears from now on. The row is in force, and its work is locked."""
    settle(hold.claim.work, at)
    hold.refresh_from_db(fields=["share_bps"])


def release(claim: Claim, at: datetime) -> None:
    """Give what was held back to the book's authors. The hold has ended."""
    ledger.release(claim=claim.public_id, at=at)
    settle(claim.work, at)


def pay(claim: Claim, at: datetime) -> None:
    """Give what was held to the winner, or to nobody yet: only for the words that the claim is right about. The rest
    goes back. The hold has ended."""
    part = shares.won_part(claim)
    if 0 < part < claim.hold.share_bps:
        ledger.change_share(claim=claim.public_id, share_bps=part, at=at)
    ledger.pay_winner(claim=claim.public_id, winner=claim.winner, at=at)
    settle(claim.work, at)


def name_winner(claim: Claim, winner: User, at: datetime) -> None:
    """Give what waits of an ended claim to its winner."""
    ledger.pay_winner(claim=claim.public_id, winner=winner, at=at)


def settle(work: Work, at: datetime) -> None:
    """Bring the shares of all holds on a book up to date, after one began or ended."""
    now = shares.held_shares(work)
    for hold in Hold.objects.filter(claim__work=work, state=HoldState.HELD).select_related("claim").order_by("pk"):
        share, claim = now[hold.pk], hold.claim.public_id
        if share == hold.share_bps or not share:
            continue
        if hold.share_bps:
            ledger.change_share(claim=claim, share_bps=share, at=at)
        else:
            ledger.hold(claim=claim, work=work, share_bps=share, at=at)
        Hold.objects.filter(pk=hold.pk).update(share_bps=share)
