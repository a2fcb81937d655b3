"""Going up: apps above register what they do when an edition goes on sale, changes there, or leaves; and what they
require of a price."""

from __future__ import annotations

from collections.abc import Callable

from common.money import Money
from publishing.models import Edition, Work

type EditionHandler = Callable[[Edition], None]
type PriceCheck = Callable[[Work, Money], None]

_listed: list[EditionHandler] = []
_withdrawn: list[EditionHandler] = []
_price_checks: list[PriceCheck] = []


def when_listed(handler: EditionHandler) -> EditionHandler:
    """Call `handler(edition)` in the transaction that publishes an edition or changes a published one's details."""
    _listed.append(handler)
    return handler


def when_withdrawn(handler: EditionHandler) -> EditionHandler:
    """Call `handler(edition)` in the transaction that takes an edition off sale."""
    _withdrawn.append(handler)
    return handler


def announce_listed(edition: Edition) -> None:
    for handler in _listed:
        handler(edition)


def announce_withdrawn(edition: Edition) -> None:
    for handler in _withdrawn:
        handler(edition)


def when_priced(check: PriceCheck) -> PriceCheck:
    """Call `check(work, list_price)` before a price above 0 is set; it refuses by raising a DomainError."""
    _price_checks.append(check)
    return check


def check_price(work: Work, list_price: Money) -> None:
    for check in _price_checks:
        check(work, list_price)
