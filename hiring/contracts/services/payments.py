"""Paying for a milestone in advance: what becomes of it, whoever takes the payment."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import regions
from accounts.models import User
from common.errors import NotFound
from hiring.contracts.errors import ProviderAbsent
from hiring.contracts.models import Milestone
from hiring.contracts.process import Act, Actor, State
from hiring.contracts.selectors import cancellations, receipts
from hiring.contracts.services import desk_access, money, notices, steps, terms_rules
from royalties.dto import SettlementReason

_UNPAID = (State.PLANNED, State.PAYING, State.CALLED_OFF)


@transaction.atomic
def start_paying(
    *, actor: User, milestone: Milestone, at: datetime, is_business: bool = False, vat_number: str = ""
) -> Milestone:
    """Note that the client opened the payment page, whether they pay as a business, for papers, and which card fee
    they were told that they bear if they cancel too often.

    Raises NotFound, NotInThisState, TimeIsOver, ProviderAbsent.
    """
    step = steps.begin(actor=actor, milestone=milestone, act=Act.START_PAYING, at=at)
    if not step.contract.provider.is_active:
        raise ProviderAbsent(name=step.contract.provider.display_name)
    step.milestone.client_is_business = is_business
    step.milestone.client_vat_number = vat_number if is_business else ""
    step.milestone.card_fee_minor = cancellations.card_fee_of(step.milestone, at).amount_minor
    steps.finish(step)
    return step.milestone


@transaction.atomic
def milestone_paid(*, reference: str, at: datetime, charge_reference: str = "") -> Milestone:
    """Note that the payment has arrived; from now on the money is held. Twice is once. Raises NotFound.

    A payment for what was called off meanwhile is returned in full.
    """
    milestone = Milestone.objects.filter(public_id=reference).first()
    if milestone is None:
        raise NotFound
    current = steps.lock_milestone(milestone)
    if current.state not in _UNPAID:
        return current
    step = steps.begin_as(role=Actor.BANK, milestone=current, act=Act.PAY, at=at)
    paid = step.milestone
    paid.funded_at, paid.charge_reference = at, charge_reference
    paid.due_at = terms_rules.due_at(paid.due_on, paid=at, days=step.contract.days)
    money.fund(step)
    if step.row.next == State.RETURNED:
        facts = money.settle(step, released=0, returned=paid.amount_minor, reason=SettlementReason.ENDED)
        steps.finish(step, facts)
        return paid
    steps.finish(step)
    desk_access.begin(step.contract, at=at)
    notices.send_about(step, notices.Kind.PAID, to=Actor.PROVIDER, until=paid.due_at, minor=paid.amount_minor)
    _send_receipt(step)
    return paid


def _send_receipt(step: steps.Step) -> None:
    """Tell the client that their money has arrived, with its receipt in their language."""
    paid = step.milestone
    with regions.active(step.contract.client.region):
        receipt = receipts.receipt_of(paid)
        lines = receipt.lines if receipt is not None else []
    kind = notices.Kind.PAYMENT_HELD
    notices.send_about(step, kind, to=Actor.CLIENT, until=paid.due_at, minor=paid.amount_minor, lines=lines)
