"""The data that higher apps pass to royalties: sales, quotes and milestones, never orders or contracts.

References are text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from common.money import Money
from royalties.calc import FeeRates
from royalties.entries import Deferral
from royalties.models import SettlementReason

__all__ = [
    "FeeRates",
    "LineBreakdown",
    "MilestoneDisputeFacts",
    "MilestoneFunding",
    "MilestoneParties",
    "MilestonePosition",
    "QuoteLine",
    "Sale",
    "Settlement",
    "SettlementReason",
]


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One edition about to be sold: what the reader would pay, tax included, and the tax in it.

    `full` and `full_tax` are the amounts without a coupon that the platform funds: fees and royalty are calculated from
    them, and the platform adds the difference. None when the reader pays the whole.
    """

    edition_id: int
    paid: Money
    tax: Money
    full: Money | None = None
    full_tax: Money | None = None


@dataclass(frozen=True, slots=True)
class LineBreakdown:
    """Where the price goes: paid + promotion = tax + processor_fee + platform_fee + royalty, to the minor unit."""

    edition_id: int
    paid: Money
    tax: Money
    processor_fee: Money
    platform_fee: Money
    royalty: Money
    terms_id: int
    promotion: Money | None = None  # None means no promotion

    @property
    def promotion_minor(self) -> int:
        return self.promotion.amount_minor if self.promotion is not None else 0


@dataclass(frozen=True, slots=True)
class Sale:
    """One paid line. `reference` is its public id and makes recording idempotent."""

    reference: str
    order_reference: str
    edition_id: int
    breakdown: LineBreakdown
    tax_country: str
    tax_rate_bps: int
    sold_at: datetime
    clears_at: datetime
    list_price: Money  # what the author asks, before coupons and added tax
    deferral: Deferral | None = None  # already paid: see `record_deferred_payment`


@dataclass(frozen=True, slots=True)
class MilestoneParties:
    """Who pays whom for what, with the facts that invoices and tax reports will need, as stated when it was paid.

    Countries are ISO 3166-1, "" when not known.
    """

    payer_id: int
    payee_id: int
    service: str  # a ServiceKind
    payer_country: str = ""
    payer_is_business: bool = False
    payer_vat_number: str = ""
    payee_country: str = ""
    payee_is_business: bool = False


@dataclass(frozen=True, slots=True)
class MilestoneFunding:
    """A milestone that is paid in advance. `reference` ("mst_…") makes recording idempotent.

    `charge_reference` is the provider's name of the payment, by which a bank's dispute finds the milestone.
    """

    reference: str
    contract_reference: str  # "ctr_…"
    title: str  # as statements show it
    parties: MilestoneParties
    amount: Money
    rates: FeeRates
    charge_reference: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What one settlement did: `released` to the provider, our fee in it, `returned` to the client.

    `clears_at` is when the released part is payable; None when nothing was released. `is_new` is False if it was
    recorded before.
    """

    reference: str
    number: int
    released: Money
    fee: Money
    fee_vat: Money
    returned: Money
    clears_at: datetime | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class MilestoneDisputeFacts:
    """The money of a milestone that the bank pulled back, and the provider's fee, maybe in another currency."""

    external_id: str  # "du_…"
    reference: str  # "mst_…"
    amount: Money
    fee: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class MilestonePosition:
    """Where the money of one milestone is: funded = held + released + fee + returned.

    `released` is what the provider has of it, without the fee; `fee` includes `fee_vat`. `returned` counts what the
    bank took, too. Of it, `unsent` is owed to the client but not with them yet, and `fee_kept` is a card fee that they
    bear. Of `released`, `in_clearing` is not payable yet and `disputed` is held while a bank decides.
    """

    reference: str
    funded: Money
    held: Money
    released: Money
    fee: Money
    fee_vat: Money
    returned: Money
    unsent: Money
    fee_kept: Money
    in_clearing: Money
    disputed: Money
    has_open_dispute: bool
    last_number: int  # of its settlements; 0 for none
