"""Held money is decided about: by acceptance, a clock, an agreement or a case. One function for all of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from common.money import Money
from royalties import calc, entries
from royalties.dto import Settlement, SettlementReason
from royalties.entries import FeePart
from royalties.errors import EntryDiffers, MilestoneRefused
from royalties.models import MilestoneRecord, MilestoneSettlement
from royalties.services import ledger, payee_details
from royalties.services.milestones import locking

# A client who did not answer may still open a case for this long.
SILENCE_CLEARS_AFTER = timedelta(days=5)


@transaction.atomic
def settle(
    *,
    reference: str,
    released: Money,
    returned: Money,
    reason: SettlementReason,
    at: datetime,
    by_silence: bool = False,
    number: int | None = None,
) -> Settlement:
    """Release held money to the provider, return held money to the client, or both at once.

    What is released is payable at the next clearing run, after five days if `by_silence`. What is returned is owed to
    the client until `confirm_return`. `number` counts a milestone's settlements from 1: given twice with the same
    amounts it is one settlement; None takes the next. Raises MilestoneUnknown, MilestoneFrozen while the bank decides,
    MilestoneTooLittle when less is held, EntryDiffers.
    """
    milestone = locking.lock(reference)
    gross, back = locking.in_currency(milestone, released, returned)
    if gross + back == 0:
        raise MilestoneRefused(reference=reference, reason="it settles nothing")
    next_number = milestone.settlements.count() + 1
    if number is not None and number < next_number:
        return _known(locking.settlement_of(milestone, number), gross, back)
    if number is not None and number > next_number:
        raise MilestoneRefused(reference=reference, reason=f"settlement {next_number} comes first")
    locking.refuse_while_disputed(milestone)
    locking.refuse_beyond(milestone, gross + back, milestone.held_minor)
    if gross:
        payee_details.ask(user_id=milestone.payee_id, at=at)
    fee = added_fee(milestone, gross)
    draft = entries.milestone_settled(
        milestone=reference,
        number=next_number,
        owner=milestone.payee.public_id,
        currency=milestone.currency,
        occurred_at=at,
        released=gross,
        fee=fee,
        returned=back,
    )
    posted = ledger.post_one(draft)
    made = MilestoneSettlement.objects.create(
        milestone=milestone,
        number=next_number,
        user_id=milestone.payee_id,
        currency=milestone.currency,
        period=str(posted.period),
        gross_minor=gross,
        fee_minor=fee.amount,
        fee_vat_minor=fee.vat,
        reason=reason,
        by_silence=by_silence,
        returned_minor=back,
        left_minor=gross - fee.amount,
        settled_at=at,
        clears_at=(at + SILENCE_CLEARS_AFTER if by_silence else at) if gross else None,
        entry_id=posted.entry_id,
    )
    milestone.released_minor += gross
    milestone.returned_minor += back
    milestone.fee_minor += fee.amount
    milestone.fee_vat_minor += fee.vat
    milestone.save(update_fields=["released_minor", "returned_minor", "fee_minor", "fee_vat_minor"])
    return _told(made, is_new=True)


def added_fee(milestone: MilestoneRecord, gross: int) -> FeePart:
    """Return how our fee changes when so much more is released; less when it is negative, as a positive amount."""
    total = calc.contract_fee(milestone.released_minor + gross, milestone.rates)
    vat = calc.vat_in_fee(total, milestone.rates)
    sign = -1 if gross < 0 else 1
    return FeePart(
        amount=sign * (total - milestone.fee_minor),
        vat=sign * (vat - milestone.fee_vat_minor),
        country=milestone.vat_country,
    )


def _known(settlement: MilestoneSettlement, gross: int, back: int) -> Settlement:
    if (settlement.gross_minor, settlement.returned_minor) != (gross, back):
        raise EntryDiffers(external_id=f"milestone_settled:{settlement.event}")
    return _told(settlement, is_new=False)


def _told(settlement: MilestoneSettlement, *, is_new: bool) -> Settlement:
    currency = settlement.currency
    return Settlement(
        reference=settlement.milestone.reference,
        number=settlement.number,
        released=Money(settlement.gross_minor, currency),
        fee=Money(settlement.fee_minor, currency),
        fee_vat=Money(settlement.fee_vat_minor, currency),
        returned=Money(settlement.returned_minor, currency),
        clears_at=settlement.clears_at,
        is_new=is_new,
    )
