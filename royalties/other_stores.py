"""What other stores pay an author for one sale: their published rules as data, with their sources.

The figures are those of our product brief, and each rule is written so that it gives them; KDP's assume a file of one
megabyte. `standing` says which rules somebody read at the source and which we only know from third parties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from royalties import calc

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_NO_FEES = calc.ProcessorFees(0, 0)
_CARD = (290, 30)
_MEGABYTE = 1 << 20
_READ = "read 2026-11 in an undated copy"


@dataclass(frozen=True, slots=True)
class Peer:
    """One store's rule: `rule` in words, `terms` and `fees` for our arithmetic, `published` at 4.99 and 0.99 USD.

    `source` is where to check them, `standing` when and how far that was done.
    """

    name: StrOrPromise
    rule: StrOrPromise
    source: str
    terms: calc.Terms
    fees: calc.ProcessorFees
    published: tuple[int, int]
    size_bytes: int = 0
    standing: str = "as of 2026-11, not checked"

    @property
    def provenance(self) -> str:
        """The source and how far it was checked, for the table."""
        return f"{self.source}; {self.standing}"


PEERS = (
    Peer(
        _("Payhip, free plan"),
        _("5 % and the card fee; no marketplace"),
        "help.payhip.com, How Do I Get Paid?",
        calc.OctavoTerms(500),
        calc.ProcessorFees(*_CARD),
        (430, 61),
        standing=_READ,
    ),
    Peer(
        _("Gumroad, own link"),
        _("10 % + 0.50 and the card fee"),
        "gumroad.com/pricing, as in antiwork/gumroad",
        calc.OctavoTerms(0),
        calc.ProcessorFees(1000 + _CARD[0], 50 + _CARD[1]),  # one deduction, rounded once
        (355, 6),
        standing=f"{_READ}, the card fee on top not checked",
    ),
    Peer(
        "Apple Books",
        _("70 % at every price"),
        "authors.apple.com",
        calc.FlatTerms(7000),
        _NO_FEES,
        (349, 69),
    ),
    Peer(
        "Amazon KDP, 1 MB",
        _("70 %, less 0.15 a megabyte, from 2.99 to 9.99; else 35 %"),
        "kdp.amazon.com, eBook royalty options",
        calc.RateBandTerms(
            (
                calc.Band(1, 298, 3500, has_delivery=False),
                calc.Band(299, 999, 7000, has_delivery=True),
                calc.Band(1000, 20_000, 3500, has_delivery=False),
            ),
            delivery_per_mb_minor=15,
        ),
        _NO_FEES,
        (339, 35),
        size_bytes=_MEGABYTE,
    ),
)
