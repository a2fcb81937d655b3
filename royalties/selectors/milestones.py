"""Where the money of milestones is, and what our fee on them will be."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, Sum

from common.money import Money
from royalties import calc
from royalties.chart import AccountKind
from royalties.dto import FeeRates, MilestonePosition
from royalties.errors import NoTermsInForce
from royalties.models import ContractFee, DisputeState, MilestoneDisputeHold, MilestoneRecord


def position(reference: str) -> MilestonePosition | None:
    """Return where the money of a milestone is; None when it was never paid."""
    found = MilestoneRecord.objects.filter(reference=reference).first()
    return _position(found) if found is not None else None


def _position(milestone: MilestoneRecord) -> MilestonePosition:
    def money(minor: int) -> Money:
        return Money(minor, milestone.currency)

    settlements = milestone.settlements.aggregate(clearing=Sum("left_minor", filter=Q(cleared_at=None), default=0))
    holds = MilestoneDisputeHold.objects.filter(dispute__milestone=milestone, dispute__state=DisputeState.OPEN)
    held = dict(holds.order_by().values_list("kind").annotate(n=Sum("amount_minor")))
    return MilestonePosition(
        reference=milestone.reference,
        funded=money(milestone.funded_minor),
        held=money(milestone.held_minor),
        released=money(milestone.released_minor - milestone.fee_minor),
        fee=money(milestone.fee_minor),
        fee_vat=money(milestone.fee_vat_minor),
        returned=money(milestone.returned_minor),
        unsent=money(milestone.unsent_minor),
        in_clearing=money(settlements["clearing"] - held.get(AccountKind.CONTRIBUTOR_CLEARING.value, 0)),
        disputed=money(sum(held.values())),
        has_open_dispute=milestone.disputes.filter(state=DisputeState.OPEN).exists(),
        last_number=milestone.settlements.count(),
    )


def fee_rates(*, payer_id: int, payee_id: int, currency: str, at: datetime) -> FeeRates:
    """Return the rates in force for this pair, to be frozen with a milestone.

    What the client has released to the provider so far, less what was taken back, counts towards the lower rate.
    Raises NoTermsInForce for a currency without rates.
    """
    terms = _terms(currency, at)
    released = MilestoneRecord.objects.filter(payer=payer_id, payee=payee_id, currency=currency).aggregate(
        n=Sum("released_minor", default=0)
    )["n"]
    return FeeRates(
        bps=terms.fee_bps,
        lasting_bps=terms.lasting_bps,
        full_minor=max(terms.lasting_from_minor - released, 0),
        vat_bps=terms.vat_bps,
        vat_country=terms.vat_country,
    )


def fee_of(*, released: Money, rates: FeeRates) -> Money:
    """Return our fee when that much of a milestone has been released in all. The ledger takes exactly this."""
    return Money(calc.contract_fee(released.amount_minor, rates), released.currency)


def smallest_milestone(*, currency: str, at: datetime) -> Money:
    """Return the smallest amount that a milestone may have. Raises NoTermsInForce."""
    return Money(_terms(currency, at).smallest_minor, currency)


def _terms(currency: str, at: datetime) -> ContractFee:
    found = ContractFee.objects.in_force(currency=currency, at=at)
    if found is None:
        raise NoTermsInForce(currency=currency)
    return found
