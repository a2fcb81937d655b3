"""What the terms of a contract must be like, when it is opened and when it is amended."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from common import clock
from common.money import Money
from hiring.contract_terms import ContractTerms
from hiring.contracts import standard_terms
from hiring.contracts.errors import AmountTooSmall, DifferentCurrencies, DueTooLate, NoMilestones
from royalties.selectors import milestones as ledger

MAX_MILESTONES = 20
_FURTHEST = timedelta(days=730)


def check(terms: ContractTerms, *, opened: datetime) -> None:
    """Raises NoMilestones, DifferentCurrencies, AmountTooSmall, DueTooLate."""
    if not 1 <= len(terms.milestones) <= MAX_MILESTONES:
        raise NoMilestones(limit=MAX_MILESTONES)
    if len({one.amount.currency for one in terms.milestones}) > 1:
        raise DifferentCurrencies
    if any(one.due_on > (opened + _FURTHEST).date() for one in terms.milestones):
        raise DueTooLate
    for one in terms.milestones:
        _check_amount(one.amount, is_share=terms.share is not None, at=opened)


def currency_of(terms: ContractTerms) -> str:
    """Return the currency of the contract's payments; "" where only a royalty share is paid."""
    paid = [one.amount for one in terms.milestones if one.amount]
    return paid[0].currency if paid else ""


def due_at(due_on: date, *, paid: datetime, days: standard_terms.Days) -> datetime:
    """Return when a milestone is due: the end of its due day, and at most `due_at_most` days after the payment.

    A day that was over when it was paid, or nearly, becomes the day after the payment.
    """
    earliest, latest = paid + timedelta(days=1), paid + timedelta(days=days.due_at_most)
    return min(max(clock.end_of_day(due_on), earliest), latest)


def _check_amount(amount: Money, *, is_share: bool, at: datetime) -> None:
    """Small sums would be eaten by the card's fee. Nothing at all is paid only where a royalty share pays."""
    if is_share and not amount:
        return
    least = ledger.smallest_milestone(currency=amount.currency, at=at)
    if amount.amount_minor < least.amount_minor:
        raise AmountTooSmall(least=least)
