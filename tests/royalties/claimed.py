"""Works under claims, as tests of their money ask for them."""

from __future__ import annotations

from datetime import timedelta

from common.money import Money
from royalties import chart, entries
from royalties.models import ClaimedShare
from royalties.services import claims, clearing, disputes, ledger
from royalties.services.disputes import DisputeFacts
from tests.royalties.books import balance
from tests.royalties.factories import NOON, WINDOW

CLEARS = NOON + WINDOW
FILED = NOON + timedelta(days=1)
DECIDED = CLEARS + timedelta(days=40)
_PLACES = ("clearing", "payable", "claimed", "disputed", "reserve", "receivable")


def where(person, currency: str = "USD") -> dict[str, int]:
    found = {place: balance(f"contributor_{place}", person, currency) for place in _PLACES}
    return {place: amount for place, amount in found.items() if amount}


def hold(book, bps=4000, claim="clm_1", at=FILED) -> ClaimedShare:
    return claims.hold(claim=claim, work=book.work, share_bps=bps, at=at)


def clear(at=CLEARS) -> None:
    clearing.clear_due(at=at)
    claims.settle_due(at=at)


def dispute(sold, amount=499, at=CLEARS, number="dp_1"):
    facts = DisputeFacts(number, sold.order_reference, Money(amount, "USD"), Money(1500, "USD"), at)
    return disputes.open_dispute(facts=facts)


def owe(person, amount: int) -> None:
    """Take back from somebody what is payable to them, by hand."""
    draft = entries.adjustment(
        external_id="man_1",
        owner=person.public_id,
        currency="USD",
        occurred_at=DECIDED,
        amount=-amount,
        against=chart.PROMOTION,
    )
    ledger.post_one(draft)
