"""The payment provider as the rest of Octavo sees it: a protocol with small frozen results.

Every call that changes something takes the caller's idempotency key, stored before the call. A call has one of three
outcomes: a result; `GatewayRefused` (the provider refused, nothing happened, and the same request will be refused
again); `GatewayUnknown` (no answer: ask again with the same key).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from common.money import Money

_PAYING_OUT = ("transfer", "payout")


class GatewayRefused(Exception):
    """The provider refused the request. `code` is the provider's code, for logs and staff."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        super().__init__(f"{code}: {detail}" if detail else code)


class GatewayUnknown(Exception):
    """The provider gave no answer or failed: the outcome is unknown until we ask again with the same key."""


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    name: str
    price: Money  # of one, tax included where it is due
    reference: str
    tax_is_added: bool = False  # with automatic tax: the provider's page adds it to the price
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """A payment page. `status` is the provider's: open, complete, expired. `payment_status`: paid, unpaid,
    no_payment_required.

    `subtotal` is what we asked for. `total` may be higher by the `tax` that the provider's page added.
    """

    session_id: str
    url: str
    status: str
    payment_status: str
    reference: str  # our order's public id
    subtotal: Money
    tax: Money
    total: Money
    payment_id: str  # "" until there is one
    billing_country: str  # ISO 3166-1, "" when the page did not ask
    card_country: str
    customer_id: str = ""  # the buyer at the provider, "" for one whom it does not keep


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """The current state of one payment. `settled` and `processor_fee` are in a currency of our balance.

    Both are None until the balance transaction is known, and so is `fee_at`, the time the fee was taken. `paid_at` is
    None until the payment is made. `card_fingerprint` is the same whenever the same card (or bank account) pays, and ""
    where the provider names none.
    """

    payment_id: str
    charge_id: str
    amount: Money
    succeeded: bool
    settled: Money | None  # what arrived, before the fee
    processor_fee: Money | None
    refunded: Money
    card_country: str
    card_fingerprint: str
    dispute_id: str  # "" when there is none
    paid_at: datetime | None
    fee_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundResult:
    """A refund. `settled` left our balance at `made_at`; if the refund failed later, `failure_settled` came back at
    `failed_at`."""

    refund_id: str
    status: str  # succeeded, pending, failed
    payment_id: str
    amount: Money
    reference: str  # our public id, "" for a refund made in the provider's dashboard
    settled: Money | None
    failure_settled: Money | None
    made_at: datetime
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TransferResult:
    transfer_id: str
    amount: Money
    reversed: Money
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ReversalResult:
    """Money of a transfer that was taken back from the payee."""

    reversal_id: str
    amount: Money
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DisputeDetails:
    """A payment that the buyer's bank asks about or takes back.

    `status`: warning_needs_response, warning_under_review, warning_closed (inquiries, which move no money),
    needs_response, under_review, won, lost, prevented; a lost dispute may return as appeal_needs_response and
    appeal_under_review. The amount that moved is in a currency of our balance; the amount and its time are None when
    nothing moved.
    """

    dispute_id: str
    payment_id: str
    charge_id: str
    amount: Money
    status: str
    reason: str
    evidence_due_at: datetime | None
    has_evidence: bool
    submissions: int
    withdrawn: Money | None
    reinstated: Money | None
    fee: Money
    opened_at: datetime
    withdrawn_at: datetime | None
    reinstated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Our response to a dispute about a digital good. Empty fields are not sent."""

    product_description: str = ""
    customer_name: str = ""
    customer_email_address: str = ""
    customer_purchase_ip: str = ""
    service_date: str = ""
    access_activity_log: str = ""
    refund_policy_disclosure: str = ""
    refund_refusal_explanation: str = ""
    uncategorized_text: str = ""
    # Ids of uploaded files:
    receipt: str = ""
    refund_policy: str = ""
    service_documentation: str = ""


@dataclass(frozen=True, slots=True)
class FraudWarning:
    """A card network's suspicion of fraud. A refund in time (while `is_actionable`) avoids the dispute."""

    warning_id: str
    payment_id: str
    charge_id: str
    kind: str
    is_actionable: bool


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """A payee's account at the provider."""

    account_id: str
    is_ready: bool
    country: str
    masked_bank: str  # "•••• 6789", "" while unknown


@dataclass(frozen=True, slots=True)
class AccountPayout:
    """Money on its way from a payee's account to the payee's bank. Even a paid one may fail later."""

    payout_id: str
    account_id: str
    amount: Money
    status: str  # pending, in_transit, paid, failed, canceled
    arrives_at: datetime
    failure_code: str  # "" unless it failed


@dataclass(frozen=True, slots=True)
class Balance:
    """Our balance at the provider, in minor units by upper-case currency."""

    available: dict[str, int]
    pending: dict[str, int]


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """One movement of our balance at the provider, for reconciliation: it changed by amount - fee."""

    change_id: str
    kind: str  # charge, refund, transfer, adjustment, ...
    reporting_category: str  # the same for accountants: dispute, dispute_reversal, refund_failure, ...
    source_id: str  # the charge, refund or transfer, "" if there is none
    amount: Money
    fee: Money
    exchange_rate: Decimal | None  # from the payment's currency to this one, when they differ
    at: datetime
    description: str = ""  # the provider's description

    @property
    def payout_cost(self) -> Money:
        """Return what paying payees out cost: the fee of a transfer or payout, or a separate bill for Connect.

        It is negative when the provider refunds such a fee.
        """
        if self.kind == "stripe_fee" and "connect" in self.description.casefold():
            return self.fee - self.amount
        return self.fee if self.kind in _PAYING_OUT else Money(0, self.fee.currency)


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
        automatic_tax: bool = False,
        may_save: bool = False,
        customer_id: str = "",
    ) -> CheckoutSession:
        """Open a payment page. With `may_save`, it asks whether the provider may keep the payment method for the next
        time; `customer_id` is the buyer for whom the provider has kept one."""

    def fetch_checkout(self, *, session_id: str) -> CheckoutSession: ...

    def has_saved_method(self, *, customer_id: str) -> bool: ...

    def delete_customer(self, *, customer_id: str) -> None: ...

    def offered_methods(self) -> frozenset[str]:
        """Return the provider's names of the payment methods that are switched on and available to us."""

    def expire_checkout(self, *, key: str, session_id: str) -> None: ...

    def fetch_payment(self, *, payment_id: str) -> PaymentDetails: ...

    def refund(self, *, key: str, payment_id: str, amount: Money) -> RefundResult: ...

    def find_refund(self, *, key: str, payment_id: str) -> RefundResult | None: ...

    def fetch_refund(self, *, refund_id: str) -> RefundResult: ...

    def refunds_of(self, *, payment_id: str) -> list[RefundResult]: ...

    def open_account(self, *, key: str, reference: str, email: str, country: str) -> ProviderAccount: ...

    def fetch_account(self, *, account_id: str) -> ProviderAccount: ...

    def onboarding_url(self, *, account_id: str, return_url: str, refresh_url: str) -> str: ...

    def fetch_account_payout(self, *, account_id: str, payout_id: str) -> AccountPayout: ...

    def account_payouts(self, *, account_id: str) -> Iterable[AccountPayout]: ...

    def transfer(self, *, key: str, account_id: str, amount: Money, group: str) -> TransferResult: ...

    def find_transfer(self, *, group: str) -> TransferResult | None: ...

    def fetch_transfer(self, *, transfer_id: str) -> TransferResult: ...

    def reverse_transfer(self, *, key: str, transfer_id: str, amount: Money, reference: str) -> ReversalResult: ...

    def find_reversal(self, *, transfer_id: str, reference: str) -> ReversalResult | None: ...

    def fetch_dispute(self, *, dispute_id: str) -> DisputeDetails: ...

    def open_disputes(self) -> Iterable[DisputeDetails]: ...

    def disputes_since(self, *, since: datetime) -> Iterable[DisputeDetails]: ...

    def upload_evidence(self, *, key: str, name: str, content: bytes, mime: str) -> str: ...

    def submit_evidence(self, *, key: str, dispute_id: str, evidence: Evidence, submit: bool) -> DisputeDetails: ...

    def accept_dispute(self, *, key: str, dispute_id: str) -> DisputeDetails: ...

    def fetch_fraud_warning(self, *, warning_id: str) -> FraudWarning: ...

    def balance(self) -> Balance: ...

    def balance_changes(self, *, since: datetime, until: datetime) -> Iterable[BalanceChange]: ...

    def fetch_balance_change(self, *, change_id: str) -> BalanceChange: ...
