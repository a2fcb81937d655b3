"""One builder per event, each returning a balanced entry that has not been written yet. No database.

Amounts are minor units of one currency unless a builder says otherwise; debits positive, credits negative. Postings
to one account are merged and zeros dropped, so an account appears once in an entry.
"""

from royalties.entries.base import Draft, Line, Part, SaleAmounts
from royalties.entries.keeping import (
    adjustment,
    bad_debt,
    fund_fed,
    plan_fee,
    recovery,
    reserve_kept,
    reserve_released,
)
from royalties.entries.payouts import (
    bank_sweep,
    payable_converted,
    payout_cost,
    payout_fee,
    payout_returned,
    transfer_asked,
    transfer_confirmed,
    transfer_failed,
    transfer_reversed,
)
from royalties.entries.returns import (
    Taken,
    deferral_refunded,
    dispute_covered,
    dispute_lost,
    dispute_opened,
    dispute_won,
    needless_payment,
    needless_returned,
    refund,
    refund_failed,
    refund_resent,
)
from royalties.entries.sales import Deferral, clearing, conversion, deferred_payment, processor_fee, sale

__all__ = [
    "Deferral",
    "Draft",
    "Line",
    "Part",
    "SaleAmounts",
    "Taken",
    "adjustment",
    "bad_debt",
    "bank_sweep",
    "clearing",
    "conversion",
    "deferral_refunded",
    "deferred_payment",
    "dispute_covered",
    "dispute_lost",
    "dispute_opened",
    "dispute_won",
    "fund_fed",
    "needless_payment",
    "needless_returned",
    "payable_converted",
    "payout_cost",
    "payout_fee",
    "payout_returned",
    "plan_fee",
    "processor_fee",
    "recovery",
    "refund",
    "refund_failed",
    "refund_resent",
    "reserve_kept",
    "reserve_released",
    "sale",
    "transfer_asked",
    "transfer_confirmed",
    "transfer_failed",
    "transfer_reversed",
]
