"""What the provider lists for a card payment, by the currency of the price.

The simulated provider takes its fees by it, as if we had an account at home in each currency; the first rows of a new
installation quote the same domestic rates, and a test compares the two. Quoted and booked then differ by cards from
abroad alone, whose higher fee the platform bears. `source` says where a row was read and of when it is, or that it was
not checked.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from payments.rails.coverage import EEA_COUNTRIES


@dataclass(frozen=True, slots=True)
class CardFees:
    """A rate and a fixed part in minor units. `elsewhere_bps` is the rate for cards from outside `home`, save those
    of `neighbours`."""

    rate_bps: int
    fixed_minor: int
    elsewhere_bps: int
    home: AbstractSet[str]
    source: str
    neighbours: AbstractSet[str] = field(default_factory=frozenset)
    neighbours_bps: int = 0

    def rate_for(self, card_country: str) -> int:
        """In basis points, by where the card was issued."""
        if card_country in self.home:
            return self.rate_bps
        return self.neighbours_bps if card_country in self.neighbours else self.elsewhere_bps


_UK = frozenset({"GB"})

LISTED = {
    "USD": CardFees(290, 30, 440, frozenset({"US"}), "stripe.com/pricing as of 2026-09-20, domestic card"),
    "EUR": CardFees(
        150,
        25,
        325,
        EEA_COUNTRIES,
        "support.stripe.com, pricing updates for the EEA of 2023-04-10, standard card of the EEA",
        neighbours=_UK,
        neighbours_bps=250,
    ),
    "GBP": CardFees(
        150,
        20,
        325,
        _UK,
        "support.stripe.com, pricing updates for the UK of 2023-04-10, standard card of the UK",
        neighbours=EEA_COUNTRIES,
        neighbours_bps=250,
    ),
    # One rate for all cards.
    "JPY": CardFees(360, 0, 360, frozenset({"JP"}), "as others report it in 2026, not checked with the provider"),
}
