"""What funding tells the features above it, such as contracts: each call is in the transaction that books the fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.money import Money
from payments.registry import NotYetKnown


class Dispute(StrEnum):
    """What a bank did about a milestone's payment."""

    OPENED = "opened"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class LogLine:
    """What was done for a milestone, by whom and when, in English: a bank reads it."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """A file that was handed over, unaltered since: its checksum proves it."""

    at: datetime
    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class WorkLog:
    """What the feature above knows of the work that a payment was for, up to a moment."""

    agreed: str  # what, by when, how often revised, under which terms
    service_date: str  # ISO, of the first delivery; else the agreed day
    lines: Sequence[LogLine]
    files: Sequence[DeliveredFile]
    is_delivered: bool


type WorkLogFinder = Callable[[str, datetime], WorkLog | None]
type LockHandler = Callable[[str], None]
type PaidHandler = Callable[[str, str, datetime], None]
type RefundedHandler = Callable[[str, Money, datetime], None]
type DisputedHandler = Callable[[str, Dispute, datetime], None]

_work_logs: list[WorkLogFinder] = []
_locks: list[LockHandler] = []
_paid: list[PaidHandler] = []
_refunded: list[RefundedHandler] = []
_disputed: list[DisputedHandler] = []


def when_answering(finder: WorkLogFinder) -> WorkLogFinder:
    """Ask `finder(reference, before)` for what proves the work, when a bank's dispute is answered."""
    _work_logs.append(finder)
    return finder


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


def work_log_of(reference: str, before: datetime) -> WorkLog | None:
    """Return what was done before a moment for what a payment was for; None when nobody knows it."""
    found = (find(reference, before) for find in _work_logs)
    return next((log for log in found if log is not None), None)


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
