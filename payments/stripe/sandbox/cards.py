"""The payment methods on the sandbox's payment page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class TestCard:
    """A test card. `outcome`: pays, declined, challenge (3-D Secure), later_pays or later_fails (asynchronous)."""

    token: str
    number: str
    country: str
    outcome: str
    label: str | Promise
    method: str = "card"

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def fingerprint(self) -> str:
        """Return a fingerprint that is the same for the same number, like the provider's."""
        return hashlib.sha256(self.number.encode()).hexdigest()[:16]


CARDS = {
    card.token: card
    for card in (
        TestCard("us", "4242 4242 4242 4242", "US", "pays", _("Card issued in the United States: succeeds")),
        TestCard(
            "de",
            "4000 0027 6000 0016",
            "DE",
            "pays",
            _("Card issued in Germany: succeeds, with a higher fee outside the euro"),
        ),
        TestCard("gb", "4000 0082 6000 0000", "GB", "pays", _("Card issued in the United Kingdom: succeeds")),
        TestCard("secure", "4000 0025 0000 3155", "US", "challenge", _("Card that requires 3-D Secure")),
        TestCard("declined", "4000 0000 0000 0002", "US", "declined", _("Card that is declined")),
        TestCard("debit", "DE89 3704 0044 0532 0130 00", "DE", "later_pays", _("Bank debit, confirmed later"), "sepa"),
        TestCard(
            "debit_fails", "DE62 3704 0044 0532 0130 01", "DE", "later_fails", _("Bank debit, fails later"), "sepa"
        ),
    )
}
