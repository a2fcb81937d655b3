"""Where the money of milestones is, and what our fee on them will be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Sum, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from common.money import Money
from royalties import calc
from royalties.chart import AccountKind
from royalties.dto import FeeRates, MilestonePosition
from royalties.errors import NoTermsInForce
from royalties.models import (
    AccountBalance,
    ContractFee,
    DisputeState,
    MilestoneDispute,
    MilestoneDisputeHold,
    MilestoneRecord,
    MilestoneSettlement,
    ProcessorFeeSchedule,
)
from royalties.selectors.clearing_accounts import HELD_TOO_LONG


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
        fee_kept=money(milestone.kept_minor),
        in_clearing=money(settlements["clearing"] - held.get(AccountKind.CONTRIBUTOR_CLEARING.value, 0)),
        disputed=money(sum(held.values())),
        has_open_dispute=milestone.disputes.filter(state=DisputeState.OPEN).exists(),
        last_number=milestone.settlements.count(),
    )


def left_of_release(reference: str, number: int) -> Money:
    """Return what is left of what one settlement released, our fee on it included."""
    settlement = MilestoneSettlement.objects.get(milestone__reference=reference, number=number)
    taken = settlement.takings.filter(undone_at=None).aggregate(n=Sum("gross_minor", default=0))["n"]
    return Money(settlement.gross_minor - taken, settlement.currency)


class HeldState(TextChoices):
    """Why the money of a milestone is still with us."""

    DISPUTED = "disputed", _("In dispute")
    HELD = "held", _("Held")
    TOO_LONG = "too_long", _("Held too long")
    OWED = "owed", _("Owed to the client")


def waiting_for(at: datetime) -> QuerySet[MilestoneRecord]:
    """Return milestones with money that is held or owed to the client, the oldest first, with their `held_state`."""
    held = F("funded_minor") - F("released_minor") - F("returned_minor")
    unsent = F("returned_minor") - F("sent_minor") - F("bank_minor") - F("kept_minor")
    disputed = MilestoneDispute.objects.filter(milestone=OuterRef("pk"), state=DisputeState.OPEN)
    state = Case(
        When(Exists(disputed), then=Value(HeldState.DISPUTED)),
        When(held=0, then=Value(HeldState.OWED)),
        When(paid_at__lt=at - HELD_TOO_LONG, then=Value(HeldState.TOO_LONG)),
        default=Value(HeldState.HELD),
        output_field=CharField(),
    )
    rows = MilestoneRecord.objects.annotate(held=held, unsent=unsent)
    waiting = rows.filter(Q(held__gt=0) | Q(unsent__gt=0) | Exists(disputed))
    return waiting.annotate(held_state=state).select_related("payer", "payee").order_by("paid_at", "pk")


def held_too_long(at: datetime) -> int:
    """Return how many milestones have held money for more than 90 days."""
    held = F("funded_minor") - F("released_minor") - F("returned_minor")
    return MilestoneRecord.objects.annotate(held=held).filter(held__gt=0, paid_at__lt=at - HELD_TOO_LONG).count()


def held_by_currency() -> list[tuple[str, int]]:
    """Return what is held for milestones now, by currency."""
    rows = AccountBalance.objects.filter(account__kind=AccountKind.MILESTONE_HELD.value, balance_minor__lt=0)
    summed = rows.order_by("account__currency").values_list("account__currency").annotate(n=-Sum("balance_minor"))
    return list(summed)


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


def card_fee(amount: Money, *, at: datetime) -> Money:
    """Return the card fee of a payment, as it is quoted to readers at checkout; 0 in a currency without one."""
    fees = ProcessorFeeSchedule.objects.in_force(currency=amount.currency, at=at)
    minor = calc.processor_fee(amount.amount_minor, fees.as_fees()) if fees is not None else 0
    return Money(minor, amount.currency)


def published_fees(*, currencies: Sequence[str], at: datetime) -> list[ContractFee]:
    """Return the fees in force, one row per currency that has one."""
    found = (ContractFee.objects.in_force(currency=currency, at=at) for currency in currencies)
    return [fee for fee in found if fee is not None]


def smallest_milestone(*, currency: str, at: datetime) -> Money:
    """Return the smallest amount that a milestone may have. Raises NoTermsInForce."""
    return Money(_terms(currency, at).smallest_minor, currency)


def _terms(currency: str, at: datetime) -> ContractFee:
    found = ContractFee.objects.in_force(currency=currency, at=at)
    if found is None:
        raise NoTermsInForce(currency=currency)
    return found
