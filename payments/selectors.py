"""Queries on the provider's events, and on the simulated provider for the panel that simulates events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from common.money import Money
from payments.labels import provider_label
from payments.models import (
    ProviderEvent,
    SandboxAccountBalance,
    SandboxBalance,
    SandboxEvent,
    SandboxFault,
    SandboxObject,
    SandboxRate,
)
from payments.stripe.sandbox import rates
from payments.stripe.sandbox.accounts import transfers_status
from payments.stripe.sandbox.checkout import UNDECIDED
from payments.stripe.sandbox.disputes import OUTCOMES

_SHOWN = 15


_GOOD = {"succeeded", "paid", "active", "won", "prevented", "warning_closed"}
_BAD = {"failed", "lost", "closed", "disputed"}
_OURS_TO_DO = {"needs_response", "warning_needs_response", "appeal_needs_response", "restricted"}
_UNDECIDED = {"pending", "in_transit", "under_review", "warning_under_review", "appeal_under_review"}


@dataclass(frozen=True, slots=True)
class State:
    """A state by the provider's name, and how to display it."""

    code: str

    @property
    def word(self) -> str:
        return provider_label(self.code)

    @property
    def kind(self) -> str:
        kinds = (("success", _GOOD), ("danger", _BAD), ("caution", _OURS_TO_DO), ("progress", _UNDECIDED))
        return next((kind for kind, codes in kinds if self.code in codes), "")


@dataclass(frozen=True, slots=True)
class ChargeRow:
    charge_id: str
    reference: str
    at: datetime
    amount: Money
    refunded: Money
    left: Money
    state: State


@dataclass(frozen=True, slots=True)
class RefundRow:
    refund_id: str
    reference: str
    at: datetime
    amount: Money
    state: State


@dataclass(frozen=True, slots=True)
class DisputeRow:
    dispute_id: str
    reason: str
    at: datetime
    amount: Money
    state: State
    outcomes: list[str]

    @property
    def labelled_outcomes(self) -> list[tuple[str, str]]:
        return [(outcome, provider_label(outcome)) for outcome in self.outcomes]


@dataclass(frozen=True, slots=True)
class AccountRow:
    account_id: str
    email: str
    country: str
    state: State
    bank: str
    held: list[Money]


@dataclass(frozen=True, slots=True)
class TransferRow:
    transfer_id: str
    group: str
    account_id: str
    at: datetime
    amount: Money
    reversed: Money


@dataclass(frozen=True, slots=True)
class PayoutRow:
    payout_id: str
    payee: str  # "" for our own bank
    arrives_at: datetime
    amount: Money
    state: State


@dataclass(frozen=True, slots=True)
class RateRow:
    currency: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Simulation:
    """Everything the panel shows, newest first."""

    balances: list[Money]
    charges: list[ChargeRow]
    refunds: list[RefundRow]
    disputes: list[DisputeRow]
    accounts: list[AccountRow]
    transfers: list[TransferRow]
    payouts: list[PayoutRow]
    waiting_payments: int
    waiting_refunds: int
    undelivered: list[SandboxEvent]
    undelivered_count: int
    faults: list[SandboxFault]
    rates: list[RateRow]
    home_currency: str


def event_time(event_type: str, *, object_id: str) -> datetime | None:
    """Return when, by the provider's clock, the newest such event about the object happened; None if none has
    arrived."""
    told = ProviderEvent.objects.filter(event_type=event_type, object_id=object_id)
    return told.order_by("-occurred_at").values_list("occurred_at", flat=True).first()


def simulation() -> Simulation:
    """Return the latest objects of every kind at the simulated provider."""
    undelivered = SandboxEvent.objects.filter(delivered_at=None).order_by("-pk")
    balances = SandboxBalance.objects.order_by("currency")
    return Simulation(
        balances=[Money(row.available_minor, row.currency) for row in balances],
        charges=[_charge(data) for data in _latest("charge")],
        refunds=[_refund(data) for data in _latest("refund")],
        disputes=[_dispute(data) for data in _latest("dispute")],
        accounts=_accounts(),
        transfers=[_transfer(data) for data in _latest("transfer")],
        payouts=_payouts(),
        waiting_payments=SandboxObject.objects.filter(kind="checkout.session", group=UNDECIDED).count(),
        waiting_refunds=SandboxObject.objects.filter(kind="refund", data__status="pending").count(),
        undelivered=list(undelivered[:_SHOWN]),
        undelivered_count=undelivered.count(),
        faults=list(SandboxFault.objects.filter(remaining__gt=0).order_by("pk")),
        rates=[RateRow(*row) for row in sorted(rates.current_rates(SandboxRate.objects.all()).items())],
        home_currency=rates.home(),
    )


def sandbox_object(object_id: str) -> dict[str, Any] | None:
    """Return what may be shown of one object of the simulated provider: its type, amount and state. None if there is
    none."""
    data = SandboxObject.objects.filter(object_id=object_id).values_list("data", flat=True).first()
    if data is None:
        return None
    return {name: data.get(name) for name in ("id", "object", "amount", "currency", "status", "created")}


def _latest(kind: str) -> list[dict[str, Any]]:
    return list(SandboxObject.objects.filter(kind=kind).order_by("-pk").values_list("data", flat=True)[:_SHOWN])


def _charge(data: dict[str, Any]) -> ChargeRow:
    amount, refunded = _money(data["amount"], data), _money(data["amount_refunded"], data)
    return ChargeRow(
        charge_id=data["id"],
        reference=data["metadata"].get("reference", ""),
        at=_at(data["created"]),
        amount=amount,
        refunded=refunded,
        left=amount - refunded,
        state=State("disputed" if data["disputed"] else "paid" if amount != refunded else "refunded"),
    )


def _refund(data: dict[str, Any]) -> RefundRow:
    return RefundRow(
        refund_id=data["id"],
        reference=data["metadata"].get("reference", ""),
        at=_at(data["created"]),
        amount=_money(data["amount"], data),
        state=State(data["status"]),
    )


def _dispute(data: dict[str, Any]) -> DisputeRow:
    return DisputeRow(
        dispute_id=data["id"],
        reason=provider_label(data["reason"]),
        at=_at(data["created"]),
        amount=_money(data["amount"], data),
        state=State(data["status"]),
        outcomes=[outcome for outcome, states in OUTCOMES.items() if data["status"] in states],
    )


def _accounts() -> list[AccountRow]:
    found = _latest("account")
    ids = [data["id"] for data in found]
    held: dict[str, list[Money]] = {}
    for row in SandboxAccountBalance.objects.filter(account_id__in=ids).exclude(available_minor=0).order_by("currency"):
        held.setdefault(row.account_id, []).append(Money(row.available_minor, row.currency))
    banks = SandboxObject.objects.filter(kind="bank_account", group__in=ids, data__default_for_currency=True)
    last4 = {account_id: data["last4"] for account_id, data in banks.order_by("pk").values_list("group", "data")}
    return [
        AccountRow(
            account_id=data["id"],
            email=data["contact_email"] or "",
            country=data["identity"]["country"],
            state=State("closed" if data["closed"] else transfers_status(data)),
            bank=last4.get(data["id"], ""),
            held=held.get(data["id"], []),
        )
        for data in found
    ]


def _transfer(data: dict[str, Any]) -> TransferRow:
    return TransferRow(
        transfer_id=data["id"],
        group=data["transfer_group"] or "",
        account_id=data["destination"],
        at=_at(data["created"]),
        amount=_money(data["amount"], data),
        reversed=_money(data["amount_reversed"], data),
    )


def _payouts() -> list[PayoutRow]:
    rows = list(SandboxObject.objects.filter(kind="payout").order_by("-pk")[:_SHOWN])
    accounts = SandboxObject.objects.filter(kind="account", object_id__in=[row.group for row in rows])
    payees = {account_id: data["contact_email"] for account_id, data in accounts.values_list("object_id", "data")}
    return [
        PayoutRow(
            payout_id=row.object_id,
            payee=row.group and (payees.get(row.group) or row.group),
            arrives_at=_at(row.data["arrival_date"]),
            amount=_money(row.data["amount"], row.data),
            state=State(row.data["status"]),
        )
        for row in rows
    ]


def _money(amount_minor: int, data: dict[str, Any]) -> Money:
    return Money(amount_minor, data["currency"].upper())


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
