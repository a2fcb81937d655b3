"""The money story as text for people and as data for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from common.money import Money
from demo.money_books import Books, Movement, StatementRow
from demo.money_journal import Entry, Line, Step
from demo.money_outcome import Outcome
from demo.money_setup import CURRENCY

_WIDTH = 110


def step_lines(number: int, step: Step) -> Iterator[str]:
    """Yield the sentence, the step's journal entries with one line per account, and the balances after it."""
    yield from _wrapped(f"{number}. {step.at:%Y-%m-%d}  ", step.text)
    for entry in step.entries:
        yield from _entry_lines(entry)
    if not step.entries:
        yield "   (nothing is posted)"
    if step.balances:
        yield from _wrapped("   balances: ", ", ".join(_balance(one) for one in step.balances))
    yield ""


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """Yield fees per sale, returns, statements, trial balance, both sides' balance, rules and figures."""
    yield from _sale_lines(outcome.books)
    yield from _return_lines(outcome.books)
    for statement in outcome.books.statements:
        yield from _statement_lines(statement)
    yield from _trial_balance_lines(outcome.books)
    yield "The provider's balance and ours"
    yield f"  {'provider':<12}{_amount(outcome.books.provider_minor):>13}"
    yield f"  {'our books':<12}{_amount(outcome.books.ours_minor):>13}"
    yield ""
    yield "The rules of the ledger (manage.py verify_ledger)"
    broken = {violation.partition(":")[0] for violation in outcome.violations}
    yield from (f"  {_verdict(rule.partition(' ')[0] not in broken)}{rule}" for rule in outcome.rules)
    yield from (f"  BROKEN  {violation}" for violation in outcome.violations)
    yield ""
    yield "The figures calculated by hand (demo/money_outcome.py)"
    yield from (f"  {_verdict(check.holds)}{check.text}" for check in outcome.checks)
    yield ""
    yield "Everything adds up." if outcome.holds else "Something does not add up."


def as_data(steps: list[Step], outcome: Outcome) -> dict[str, Any]:
    """Return the same, ready for JSON; times in ISO 8601, amounts in minor units."""
    told = [{**asdict(step), "at": step.at.isoformat()} for step in steps]
    data = asdict(outcome)
    books = data.pop("books")
    return {"holds": outcome.holds, "steps": told, **books, **data}


def _entry_lines(entry: Entry) -> Iterator[str]:
    yield f"   {entry.kind:<43}{'debit':>13}{'credit':>13}"
    for line in entry.lines:
        yield f"     {line.account:<41}{_sides(line.debit_minor, line.credit_minor)}"


def _balance(one: Line) -> str:
    return f"{one.account} {_amount(one.debit_minor or one.credit_minor)} {'debit' if one.debit_minor else 'credit'}"


def _sale_lines(books: Books) -> Iterator[str]:
    yield f"Fees per sale, in {CURRENCY}"
    heads = (("paid", 10), ("promotion", 11), ("tax", 7), ("card", 8), ("platform", 10), ("royalty", 10))
    yield f"  {'':<33}" + "".join(f"{name:>{width}}" for name, width in heads)
    for sale in books.sales:
        parts = (
            sale.paid_minor,
            sale.promotion_minor,
            sale.tax_minor,
            sale.processor_fee_minor,
            sale.platform_fee_minor,
            sale.royalty_minor,
        )
        amounts = "".join(f"{_amount(part):>{width}}" for part, (_, width) in zip(parts, heads, strict=True))
        note = ", refunded" if sale.state == "refunded" else ""
        shares = ", ".join(f"{name} {_amount(part)}" for name, part in sale.shares.items())
        yield f"  {sale.buyer:<7}{sale.title:<26}{amounts}  {shares}{note}"
    yield ""


def _return_lines(books: Books) -> Iterator[str]:
    yield f"Refunds and lost disputes, in {CURRENCY}"
    yield f"  {'':<33}{'returned':>10}{'':>11}{'tax':>7}{'card':>8}{'platform':>10}{'royalty':>10}"
    for one in books.returns:
        parts = (
            f"{_amount(one.tax_minor):>7}{_amount(one.processor_fee_minor):>8}"
            f"{_amount(one.platform_fee_minor):>10}{_amount(one.royalty_minor):>10}"
        )
        note = "  taken by the bank" if one.by_dispute else ""
        yield f"  {one.buyer:<7}{one.title:<26}{_amount(one.returned_minor):>10}{'':>11}{parts}{note}"
    yield ""


def _statement_lines(statement: StatementRow) -> Iterator[str]:
    yield f"Statement of {statement.name}, {statement.period}, in {CURRENCY}"
    yield f"  {'opening balance':<44}{_amount(statement.opening_minor):>13}"
    yield f"  {'+ royalties from sales':<44}{_amount(statement.royalties_minor):>13}"
    yield f"  {'- royalties of returns':<44}{_amount(statement.returns_minor):>13}"
    yield f"  {'- paid out':<44}{_amount(statement.paid_out_minor):>13}"
    yield f"  {'= closing balance':<44}{_amount(statement.closing_minor):>13}"
    yield "  its movements"
    yield from (_movement_line(one) for one in statement.movements)
    yield "  since then"
    yield from (_movement_line(one) for one in statement.since)
    yield f"  {'left':<44}{_amount(statement.left_minor):>13}"
    yield ""


def _movement_line(one: Movement) -> str:
    count = f"{one.entries} {'entry' if one.entries == 1 else 'entries'}"
    moved = f"  {_amount(one.moved_minor)} from one account to another" if one.moved_minor else ""
    return f"    {one.kind:<28}{count:<14}{_amount(one.change_minor):>13}{moved}"


def _trial_balance_lines(books: Books) -> Iterator[str]:
    yield f"Trial balance, in {CURRENCY}"
    yield f"  {'':<44}{'debit':>13}{'credit':>13}"
    for one in books.trial_balance:
        yield f"  {one.name:<44}{_sides(one.debit_minor, one.credit_minor)}"
    debit = sum(one.debit_minor for one in books.trial_balance)
    credit = sum(one.credit_minor for one in books.trial_balance)
    yield f"  {'total':<44}{_sides(debit, credit)}"
    yield ""


def _sides(debit_minor: int, credit_minor: int) -> str:
    """Return the debit and credit columns, of which an account fills one; a dash for nothing on either side."""
    debit = _amount(debit_minor) if debit_minor else ""
    credit = _amount(credit_minor) if credit_minor else ""
    return f"{debit:>13}{credit or ('' if debit else '-'):>13}".rstrip()


def _wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _verdict(holds: bool) -> str:
    return f"{'ok' if holds else 'BROKEN':8}"


def _amount(minor: int) -> str:
    return f"{Money(minor, CURRENCY).decimal:,}"
