"""Milestones of contracts as tests need them: paid, and where their money is."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from accounts.models import User
from common.money import Money
from royalties import entries
from royalties.dto import FeeRates, MilestoneDisputeFacts, MilestoneFunding, MilestoneParties, SettlementReason
from royalties.models import MilestoneRecord
from royalties.services import ledger, milestones
from tests.royalties.factories import NOON, user

RATES = FeeRates(bps=800, lasting_bps=400, full_minor=100_000)
DAY = timedelta(days=1)
_numbers = count(1)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def paid(
    amount: int = 50_000, *, payer: User | None = None, payee: User | None = None, rates: FeeRates = RATES, at=NOON
) -> MilestoneRecord:
    """A milestone that was just paid."""
    number = next(_numbers)
    funding = MilestoneFunding(
        reference=f"mst_{number}",
        contract_reference=f"ctr_{number}",
        title="Copy-editing, chapters 1 to 5",
        parties=MilestoneParties((payer or user("Clara")).pk, (payee or user("Pete")).pk, "copy_editing"),
        amount=usd(amount),
        rates=rates,
        charge_reference=f"ch_{number}",
    )
    milestones.fund(funding=funding, at=at)
    return MilestoneRecord.objects.get(reference=funding.reference)


def accept(milestone: MilestoneRecord, released: int, *, returned: int = 0, at=NOON, number=None, by_silence=False):
    return milestones.settle(
        reference=milestone.reference,
        released=usd(released),
        returned=usd(returned),
        reason=SettlementReason.SILENCE if by_silence else SettlementReason.ACCEPTED,
        at=at,
        by_silence=by_silence,
        number=number,
    )


def dispute(milestone: MilestoneRecord, amount: int, external_id: str = "du_1", *, fee: int = 1500, at=NOON) -> str:
    facts = MilestoneDisputeFacts(external_id, milestone.reference, usd(amount), usd(fee), at)
    milestones.dispute_opened(facts=facts)
    return external_id


def pay_out(milestone: MilestoneRecord, amount: int) -> None:
    owner = milestone.payee.public_id
    asked = entries.transfer_asked(payout="pay_1", owner=owner, currency="USD", occurred_at=NOON, amount=amount)
    done = entries.transfer_confirmed(payout="pay_1", owner=owner, currency="USD", occurred_at=NOON, amount=amount)
    ledger.post([asked])
    ledger.post([done])
