"""Hooks for features above contracts, such as reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from common.money import Money
from hiring.contracts.models import Contract, Milestone
from royalties.dto import SettlementReason

type ContractHandler = Callable[[Contract, datetime], None]

_ended: list[ContractHandler] = []


def when_ended(handler: ContractHandler) -> ContractHandler:
    """Call `handler(contract, at)` in the transaction that closes the contract's last milestone."""
    _ended.append(handler)
    return handler


def announce_ended(contract: Contract, at: datetime) -> None:
    for handler in _ended:
        handler(contract, at)


_reopened: list[ContractHandler] = []


def when_reopened(handler: ContractHandler) -> ContractHandler:
    """Call `handler(contract, at)` in the transaction that opens an ended contract again; it will end once more."""
    _reopened.append(handler)
    return handler


def announce_reopened(contract: Contract, at: datetime) -> None:
    for handler in _reopened:
        handler(contract, at)


type BusinessCheck = Callable[[User], bool]

_business_checks: list[BusinessCheck] = []


def when_asked_for_business(check: BusinessCheck) -> BusinessCheck:
    """Ask `check(user)` whether a provider works as a business, for the papers of what they are paid."""
    _business_checks.append(check)
    return check


def is_business(user: User) -> bool:
    return any(check(user) for check in _business_checks)


type ReturnHandler = Callable[[Milestone, Money, SettlementReason, datetime], None]

_returns: list[ReturnHandler] = []


def when_returned(handler: ReturnHandler) -> ReturnHandler:
    """Call `handler(milestone, amount, reason, at)` in the transaction that owes the client money back."""
    _returns.append(handler)
    return handler


def return_money(milestone: Milestone, amount: Money, reason: SettlementReason, at: datetime) -> None:
    for handler in _returns:
        handler(milestone, amount, reason, at)
