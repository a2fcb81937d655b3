"""The story of money as text for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from common.money import Money
from demo.money_outcome import Outcome
from demo.money_story import Entry, Step


def step_lines(number: int, step: Step) -> Iterator[str]:
    """The step with its journal entries, an account a line, debit and credit in columns."""
    yield f"{number}. {step.at:%Y-%m-%d}  {step.text}"
    for entry in step.entries:
        yield from _entry_lines(entry)
    if not step.entries:
        yield "   (nothing is posted)"
    yield ""


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """Fees per sale, balances, trial balance and checks."""
    yield from _sale_lines(outcome)
    yield from _balance_lines(outcome)
    yield from _trial_balance_lines(outcome)
    yield f"Does it hold? {outcome.rules} rules of the ledger (manage.py verify_ledger) and the figures of this story"
    yield from (f"  BROKEN  {violation}" for violation in outcome.violations)
    if not outcome.violations:
        yield f"  ok      all {outcome.rules} rules"
    yield from (f"  {'ok' if check.holds else 'BROKEN':8}{check.text}" for check in outcome.checks)
    yield ""
    yield "Everything adds up." if outcome.holds else "Something does not hold."


def as_data(steps: list[Step], outcome: Outcome) -> dict[str, Any]:
    """The same, ready for JSON; moments in ISO 8601, amounts in minor units."""
    data = asdict(outcome)
    told = [{**asdict(step), "at": step.at.isoformat()} for step in steps]
    return {"holds": outcome.holds, "steps": told, **data}


def _entry_lines(entry: Entry) -> Iterator[str]:
    yield f"   {entry.kind:<43}{'debit':>13}{'credit':>13}"
    for line in entry.lines:
        debit, credit = (
            _amount(side, entry.currency) if side else "" for side in (line.debit_minor, line.credit_minor)
        )
        yield f"     {line.account:<41}{debit:>13}{credit:>13}"


def _sale_lines(outcome: Outcome) -> Iterator[str]:
    yield f"Fees per sale, in {outcome.currency}"
    yield f"  {'':<26}{'':<15}{'list':>6}{'tax':>7}{'card':>7}{'platform':>10}{'royalty':>9}"
    for sale in outcome.sales:
        price, tax, card, platform, royalty = (_amount(part, outcome.currency) for part in sale.parts)
        note = ", given back" if sale.state == "refunded" else ""
        shares = ", ".join(f"{name} {_amount(part, outcome.currency)}" for name, part in sale.shares.items())
        yield f"  {sale.title:<26}{sale.cart:<15}{price:>6}{tax:>7}{card:>7}{platform:>10}{royalty:>9}  {shares}{note}"
    yield ""


def _balance_lines(outcome: Outcome) -> Iterator[str]:
    yield f"Balances per contributor, in {outcome.currency}"
    yield f"  {'':<20}{'clearing':>12}{'payable':>12}{'in transit':>12}{'paid out':>12}"
    for one in outcome.balances:
        parts = (one.clearing_minor, one.payable_minor, one.in_transit_minor, one.paid_out_minor)
        yield f"  {one.name:<20}" + "".join(f"{_amount(part, outcome.currency):>12}" for part in parts)
    yield ""


def _trial_balance_lines(outcome: Outcome) -> Iterator[str]:
    yield f"Trial balance, in {outcome.currency}"
    yield f"  {'':<44}{'debit':>13}{'credit':>13}"
    for one in outcome.trial_balance:
        yield f"  {one.name:<44}{_sides(one.debit_minor, one.credit_minor, one.currency)}"
    debit = sum(one.debit_minor for one in outcome.trial_balance)
    credit = sum(one.credit_minor for one in outcome.trial_balance)
    yield f"  {'total':<44}{_sides(debit, credit, outcome.currency)}"
    yield ""


def _sides(debit_minor: int, credit_minor: int, currency: str) -> str:
    """Two columns, of which an account fills one; a dash for nothing on either side."""
    debit = _amount(debit_minor, currency) if debit_minor else ""
    credit = _amount(credit_minor, currency) if credit_minor else ""
    return f"{debit:>13}{credit or ('' if debit else '-'):>13}".rstrip()


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency).decimal)
