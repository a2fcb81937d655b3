"""The payment provider as the rest of Octavo sees it: a protocol with small frozen results.

Every call that changes something takes the caller's idempotency key, stored before the call. Three outcomes: a
result; `GatewayRefused` (the provider said no, nothing happened, the same request will be refused again);
`GatewayUnknown` (no answer: ask again with the same key).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from common.money import Money


class GatewayRefused(Exception):
    """The provider refused. `code` is the provider's, for logs and for staff."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        super().__init__(f"{code}: {detail}" if detail else code)


class GatewayUnknown(Exception):
    """No answer or a fault of the provider: the outcome is unknown until asked again with the same key."""


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    name: str
    price: Money  # tax included where it is due
    reference: str


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """`status` is the provider's: open, complete, expired. `payment_status`: paid, unpaid, no_payment_required."""

    session_id: str
    url: str
    status: str
    payment_status: str
    reference: str  # our order's public id
    total: Money
    payment_id: str  # "" until there is one
    billing_country: str  # ISO 3166-1, "" when the page did not ask
    card_country: str


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """The truth about one payment. `processor_fee` is None until its balance transaction is known."""

    payment_id: str
    charge_id: str
    amount: Money
    succeeded: bool
    processor_fee: Money | None
    card_country: str


@dataclass(frozen=True, slots=True)
class RefundResult:
    refund_id: str
    status: str  # succeeded, pending, failed


@dataclass(frozen=True, slots=True)
class TransferResult:
    transfer_id: str


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """A payee's account at the provider."""

    account_id: str
    is_ready: bool
    country: str
    masked_bank: str  # "•••• 6789", "" while unknown


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """One movement of our balance at the provider, for reconciliation: it changed by amount - fee."""

    change_id: str
    kind: str  # charge, refund, transfer, ...
    source_id: str  # the charge, refund or transfer
    amount: Money
    fee: Money
    at: datetime


class Gateway(Protocol):
    def open_checkout(
        self,
        *,
        key: str,
        reference: str,
        lines: Sequence[CheckoutLine],
        email: str,
        success_url: str,
        cancel_url: str,
        expires_at: datetime,
    ) -> CheckoutSession: ...

    def fetch_checkout(self, *, session_id: str) -> CheckoutSession: ...

    def expire_checkout(self, *, key: str, session_id: str) -> None: ...

    def fetch_payment(self, *, payment_id: str) -> PaymentDetails: ...

    def refund(self, *, key: str, payment_id: str, amount: Money) -> RefundResult: ...

    def find_refund(self, *, key: str, payment_id: str) -> RefundResult | None: ...

    def open_account(self, *, key: str, reference: str, email: str, country: str) -> ProviderAccount: ...

    def fetch_account(self, *, account_id: str) -> ProviderAccount: ...

    def onboarding_url(self, *, account_id: str, return_url: str, refresh_url: str) -> str: ...

    def transfer(self, *, key: str, account_id: str, amount: Money, group: str) -> TransferResult: ...

    def find_transfer(self, *, group: str) -> TransferResult | None: ...

    def balance_changes(self, *, since: datetime, until: datetime) -> Iterable[BalanceChange]: ...
