"""What becomes of a value by an aim: plain functions of the value before."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from common.money import BPS, divide_half_up
from publishing.bulk.errors import PriceIsFree, PriceMissing
from publishing.bulk.fields import YES, Value
from publishing.bulk.models import Aim, Values
from publishing.price_ladders import on_ladder
from publishing.record import thema_codes

# Words of aims for prices: round to the currency's usual ones; leave a currency alone where a work has no price in it.
LADDER, WHERE_PRICED = "ladder", "where_priced"


def wanted(aim: Aim, before: Value, position: int) -> Value:
    """Return the value that the aim asks for. `position` is the work's among those chosen, from 0.

    Raises PriceMissing, PriceIsFree.
    """
    return _WAYS[aim.how](aim, before, position)


def applied(aims: tuple[Aim, ...], before: Values, position: int) -> Values:
    """Return all values after all aims, one after the other. Raises PriceMissing, PriceIsFree."""
    after = dict(before)
    for aim in aims:
        after[aim.field] = wanted(aim, after[aim.field], position)
    return after


def _set(aim: Aim, before: Value, position: int) -> Value:
    return list(aim.words)


def _add(aim: Aim, before: Value, position: int) -> Value:
    known = {one.casefold() for one in before}
    return [*before, *(one for one in aim.words if one.casefold() not in known)]


def _remove(aim: Aim, before: Value, position: int) -> Value:
    gone = {one.casefold() for one in aim.words}
    return [one for one in before if one.casefold() not in gone]


def _yes_or_no(aim: Aim, before: Value, position: int) -> Value:
    return list(YES) if aim.number else []


def _main(aim: Aim, before: Value, position: int) -> Value:
    """Make the subject the main one; the former main subject gives way to it."""
    main = aim.words[0]
    rest = before[1:] if before and not thema_codes.is_qualifier(before[0]) else before
    return [main, *(one for one in rest if one != main)]


def _some(aim: Aim, before: Value, position: int) -> Value:
    """Replace the values at those places where the aim has one. Without any before, there is nothing to keep."""
    return [new or old for new, old in zip(aim.words, before, strict=True)] if before else []


def _number(aim: Aim, before: Value, position: int) -> Value:
    """Put the works into the series, with numbers in the order in which they were chosen."""
    return [*aim.words, str(aim.number + position)]


def _price_set(aim: Aim, before: Value, position: int) -> Value:
    return [str(aim.number), *before[1:]]


def _price_percent(aim: Aim, before: Value, position: int) -> Value:
    return _priced(aim, before, lambda amount: Fraction(amount * (BPS + aim.number), BPS))


def _price_amount(aim: Aim, before: Value, position: int) -> Value:
    return _priced(aim, before, lambda amount: Fraction(amount + aim.number))


def _priced(aim: Aim, before: Value, change: Callable[[int], Fraction]) -> Value:
    currency = aim.field.rpartition(".")[2]
    if before in ([], ["0"]) and WHERE_PRICED in aim.words:
        return before
    if not before:
        raise PriceMissing(currency=currency)
    if before[0] == "0":
        raise PriceIsFree(currency=currency)
    return [one if one == "open" else str(_rounded(change(int(one)), currency, aim)) for one in before]


def _rounded(amount: Fraction, currency: str, aim: Aim) -> int:
    """Return whole minor units. A price that falls to nothing is out of range, and not free."""
    if amount <= 0:
        return -1
    if LADDER in aim.words:
        return on_ladder(amount, currency)
    return max(1, divide_half_up(amount.numerator, amount.denominator))


_WAYS: dict[str, Callable[[Aim, Value, int], Value]] = {
    "set": _set,
    "add": _add,
    "remove": _remove,
    "yes_or_no": _yes_or_no,
    "main": _main,
    "some": _some,
    "number": _number,
    "price_set": _price_set,
    "price_percent": _price_percent,
    "price_amount": _price_amount,
}
