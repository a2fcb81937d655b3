"""The provider's bill for Connect: the cost of paying payees out since the last bill, as a movement of its own."""

from __future__ import annotations

from common import clock
from common.money import apply_bps
from payments import payout_fees
from payments.models import SandboxBalanceTransaction, SandboxObject
from payments.stripe.sandbox import funds
from payments.stripe.sandbox.resources import SandboxError

_KIND = "stripe_fee"


def bill_payouts(currency: str) -> int:
    """Charge the fees of all transfers in the currency that have not been billed yet; return the total."""
    rows = SandboxBalanceTransaction.objects.filter(currency=currency.upper())
    bill = rows.filter(kind=_KIND).order_by("-pk").first()
    transfers = list(rows.filter(kind="transfer", pk__gt=bill.pk if bill else 0))
    if not transfers:
        raise SandboxError("", "There was no transfer since the last bill.")
    total = _fees(transfers)
    month = clock.now().strftime("%Y-%m")
    description = f"Connect ({month}): active accounts and payouts"
    funds.move(_KIND, "", currency, -total, category="fee", description=description)
    return total


def _fees(transfers: list[SandboxBalanceTransaction]) -> int:
    sources = SandboxObject.objects.filter(kind="transfer", object_id__in=[row.source_id for row in transfers])
    accounts = {source.data["destination"] for source in sources}
    each = (payout_fees.PER_PAYOUT_MINOR + apply_bps(-row.amount_minor, payout_fees.RATE_BPS) for row in transfers)
    return sum(each) + payout_fees.PER_ACCOUNT_AND_MONTH_MINOR * len(accounts)
