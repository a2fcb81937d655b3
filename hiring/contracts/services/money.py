"""What steps do in the ledger. Amounts are counted in the milestone's own row, too, which the database checks."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Max

from common.money import Money
from hiring.contracts import hooks
from hiring.contracts.errors import AmountNotPossible
from hiring.contracts.models import Case, EventFacts, Milestone, Settlement
from hiring.contracts.process import Actor, Ledger
from hiring.contracts.selectors import cancellations
from hiring.contracts.services.steps import Step
from royalties.dto import MilestoneFunding, MilestoneParties, SettlementReason
from royalties.services import milestones as ledger


def fund(step: Step) -> None:
    """Book the payment. What a royalty share pays for has none."""
    milestone, contract = step.milestone, step.contract
    if milestone.rates is None:
        return
    ledger.fund(
        funding=MilestoneFunding(
            reference=milestone.public_id,
            contract_reference=contract.public_id,
            title=f"{contract.title}: {milestone.title}"[:200],
            parties=MilestoneParties(
                payer_id=contract.client_id,
                payee_id=contract.provider_id,
                service=contract.kind,
                payer_country=contract.client.country,
                payer_is_business=milestone.client_is_business,
                payer_vat_number=milestone.client_vat_number,
                payee_country=contract.provider.country,
                payee_is_business=hooks.is_business(contract.provider),
            ),
            amount=milestone.amount,
            rates=milestone.rates,
            charge_reference=milestone.charge_reference,
        ),
        at=step.at,
    )


def settle(
    step: Step,
    *,
    released: int,
    returned: int,
    reason: SettlementReason,
    by_silence: bool = False,
    canceled_by: Actor | None = None,
) -> EventFacts:
    """Release and return held money in one settlement; return what the log says of it.

    What is returned is sent back to the client by `hooks.return_money`, less the card fee if they are the one who
    cancels (`canceled_by`) and did so too often. Nothing to divide is no settlement.
    """
    milestone = step.milestone
    facts = EventFacts(released_minor=released, returned_minor=returned)
    if released + returned == 0:
        return facts
    number = (milestone.settlements.aggregate(last=Max("number"))["last"] or 0) + 1
    done = ledger.settle(
        reference=milestone.public_id,
        number=number,
        released=Money(released, milestone.currency),
        returned=Money(returned, milestone.currency),
        reason=reason,
        by_silence=by_silence,
        at=step.at,
    )
    milestone.released_minor += released
    milestone.returned_minor += returned
    Settlement.objects.create(
        milestone=milestone,
        number=number,
        reason=reason,
        released_minor=released,
        returned_minor=returned,
        fee_minor=done.fee.amount_minor,
        fee_vat_minor=done.fee_vat.amount_minor,
        by_silence=by_silence,
        actor=step.actor,
        settled_at=step.at,
        clears_at=done.clears_at,
    )
    if canceled_by is not None and milestone.returned_minor == milestone.amount_minor:
        facts = replace(facts, canceled_by=canceled_by, kept_minor=_cancel(step, canceled_by, returned))
    if returned > facts.kept_minor:
        hooks.return_money(milestone, Money(returned - facts.kept_minor, milestone.currency), reason, step.at)
    return facts


def _cancel(step: Step, by: Actor, returned: int) -> int:
    """Note who cancelled, and keep the card fee where the client bears it; return how much."""
    milestone = step.milestone
    kept = cancellations.fee_to_keep(milestone, step.at) if by == Actor.CLIENT else 0
    milestone.canceled_by, milestone.fee_kept_minor = by, min(kept, returned)
    if milestone.fee_kept_minor:
        ledger.keep_card_fee(reference=milestone.public_id, amount=milestone.fee_kept, at=step.at)
    return milestone.fee_kept_minor


def settle_all(
    step: Step, *, reason: SettlementReason, by_silence: bool = False, canceled_by: Actor | None = None
) -> EventFacts:
    """Release or return all that is held, as the step's row says."""
    held = step.milestone.held_minor
    is_return = step.row.ledger == Ledger.RETURN
    released, returned = (0, held) if is_return else (held, 0)
    return settle(
        step, released=released, returned=returned, reason=reason, by_silence=by_silence, canceled_by=canceled_by
    )


def settle_case(step: Step, case: Case, *, provider_minor: int, reason: SettlementReason) -> EventFacts:
    """Divide what a case is about: it is held, or was released by silence and stopped in clearing."""
    client_minor = case.amount_minor - provider_minor
    if case.settlement is None:
        return settle(step, released=provider_minor, returned=client_minor, reason=reason)
    milestone, settlement = step.milestone, case.settlement
    if client_minor:
        back = Money(client_minor, milestone.currency)
        fee = ledger.take_back(
            reference=milestone.public_id, number=settlement.number, amount=back, at=step.at, key=case.public_id
        )
        settlement.taken_back_minor = client_minor
        settlement.fee_minor -= fee.amount_minor
        settlement.save(update_fields=["taken_back_minor", "fee_minor"])
        milestone.released_minor -= client_minor
        milestone.returned_minor += client_minor
        hooks.return_money(milestone, back, reason, step.at)
    ledger.release_clearing(reference=milestone.public_id, number=settlement.number, at=step.at)
    return EventFacts(released_minor=provider_minor, returned_minor=client_minor, case=case.public_id)


def require_part(milestone: Milestone, minor: int, *, whole: bool = True) -> None:
    """Require an amount from one minor unit to what is held, or to less than that. Raises AmountNotPossible."""
    most = milestone.held_minor - (0 if whole else 1)
    if not 1 <= minor <= most:
        currency = milestone.currency
        raise AmountNotPossible(least=Money(min(1, most), currency), most=Money(max(most, 0), currency))
