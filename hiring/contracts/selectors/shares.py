"""What became of the royalty share that a contract promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from common.money import Money
from hiring.contracts.models import Contract
from publishing import selectors as publishing_selectors
from publishing.models import SplitShare
from royalties.selectors import splits


@dataclass(frozen=True, slots=True)
class ShareView:
    """`given_bps` is what was given when the contract ended; `began_at` is None before that, and where nothing was
    accepted. `brought` is what counts towards the sum so far.
    """

    agreed_bps: int
    ends_on: date | None
    ends_at_sum: Money | None
    given_bps: int = 0
    began_at: datetime | None = None
    has_ended: bool = False
    brought: Money | None = None


def share_of(contract: Contract, at: datetime) -> ShareView | None:
    """Return the contract's share as it is now; None for one that is paid in money alone."""
    agreed = contract.terms.share
    if agreed is None:
        return None
    limit = agreed.ends_at_sum
    rows = SplitShare.objects.filter(reference=contract.public_id).select_related("agreement__work")
    first = rows.order_by("agreement__effective_at", "pk").first()
    if first is None:
        return ShareView(agreed.share_bps, agreed.ends_on, limit)
    in_force = publishing_selectors.agreement_in_force(first.agreement.work)
    now = publishing_selectors.shares_at(in_force, at) if in_force is not None else []
    is_running = any(one.end is not None and one.end.reference == contract.public_id for one in now)
    brought = splits.brought({contract.public_id})[contract.public_id]
    return ShareView(
        agreed_bps=agreed.share_bps,
        ends_on=agreed.ends_on,
        ends_at_sum=limit,
        given_bps=first.share_bps,
        began_at=first.agreement.effective_at,
        has_ended=not is_running,
        brought=Money(brought, limit.currency) if limit is not None else None,
    )
