"""The provider's list prices for a card payment, by the currency of the price.

The simulated provider charges these fees, as if we had a domestic account in each currency. The first rows of a new
installation quote the same domestic rates, and a test compares the two. Quoted and booked fees then differ only for
foreign cards, whose higher fee the platform bears. `source` says where a row was read and how recent it is, or that it
was not checked.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from payments.rails.coverage import EEA_COUNTRIES


@dataclass(frozen=True, slots=True)
class CardFees:
    """A rate and a fixed part in minor units. `elsewhere_bps` is the rate for cards issued outside `home`, except
    those of `neighbours`."""

    rate_bps: int
    fixed_minor: int
    elsewhere_bps: int
    home: AbstractSet[str]
    source: str
    neighbours: AbstractSet[str] = field(default_factory=frozenset)
    neighbours_bps: int = 0

    def rate_for(self, card_country: str) -> int:
        """Return the rate in basis points for a card issued in the country."""
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
