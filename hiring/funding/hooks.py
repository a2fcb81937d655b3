"""What funding tells the features above it, such as contracts: each call is in the transaction that books the fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from common.money import Money
from payments.registry import NotYetKnown


class Dispute(StrEnum):
    """What a bank did about a milestone's payment."""

    OPENED = "opened"
    WON = "won"
    LOST = "lost"


type LockHandler = Callable[[str], None]
type PaidHandler = Callable[[str, str, datetime], None]
type RefundedHandler = Callable[[str, Money, datetime], None]
type DisputedHandler = Callable[[str, Dispute, datetime], None]

_locks: list[LockHandler] = []
_paid: list[PaidHandler] = []
_refunded: list[RefundedHandler] = []
_disputed: list[DisputedHandler] = []


def when_locking(handler: LockHandler) -> LockHandler:
    """Call `handler(reference)` before a payment is locked of which features above will hear.

    Their steps lock their own row, then the ledger's, and then ask for a refund. Without this a notice would lock in
    the opposite order, and each would wait for the other.
    """
    _locks.append(handler)
    return handler


def when_paid(handler: PaidHandler) -> PaidHandler:
    """Call `handler(reference, charge_reference, at)` when a milestone's payment arrived.

    It books the milestone (`royalties.services.milestones.fund`): funding knows the money, not whom it is for.
    """
    _paid.append(handler)
    return handler


def when_refunded(handler: RefundedHandler) -> RefundedHandler:
    """Call `handler(reference, amount, at)` when a refund was sent to the client."""
    _refunded.append(handler)
    return handler


def when_disputed(handler: DisputedHandler) -> DisputedHandler:
    """Call `handler(reference, what, at)` when the client's bank took the money, or decided."""
    _disputed.append(handler)
    return handler


def lock_above(reference: str) -> None:
    for handler in _locks:
        handler(reference)


def announce_paid(reference: str, charge_reference: str, at: datetime) -> None:
    """Raise NotYetKnown when nobody is there to book it: the notice is tried again."""
    if not _paid:
        raise NotYetKnown(reference)
    for handler in _paid:
        handler(reference, charge_reference, at)


def announce_refunded(reference: str, amount: Money, at: datetime) -> None:
    for handler in _refunded:
        handler(reference, amount, at)


def announce_disputed(reference: str, what: Dispute, at: datetime) -> None:
    for handler in _disputed:
        handler(reference, what, at)
