"""A payment provider for tests: remembers keys like the real one, and fails as it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from common import clock
from common.money import Money
from payments.gateway import (
    AccountPayout,
    GatewayRefused,
    GatewayUnknown,
    ProviderAccount,
    ReversalResult,
    TransferResult,
)


@dataclass
class FakeGateway:
    """`faults` are taken one per call: an exception to raise; "lost" does the work and then loses the answer."""

    faults: list[Exception | str] = field(default_factory=list)
    transfers: dict[str, tuple] = field(default_factory=dict)
    calls: int = 0
    is_ready: bool = True
    masked_bank: str = "•••• 6789"
    opened: list[str] = field(default_factory=list)
    reversals: dict[str, tuple] = field(default_factory=dict)
    reversal_calls: int = 0
    payout_status: str = "failed"
    moved_at: datetime | None = None  # when it says that money moved; otherwise when it was asked

    def transfer(self, *, key: str, account_id: str, amount: Money, group: str) -> TransferResult:
        self.calls += 1
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        made = self.transfers.setdefault(key, (account_id, amount, group))
        assert made == (account_id, amount, group), "same key, other parameters"
        if fault == "lost":
            raise GatewayUnknown("lost")
        return self._result(group)

    def find_transfer(self, *, group: str) -> TransferResult | None:
        return next((self._result(g) for _, _, g in self.transfers.values() if g == group), None)

    def _result(self, group: str) -> TransferResult:
        amount = next(amount for _, amount, g in self.transfers.values() if g == group)
        return TransferResult(f"tr_{group}", amount, Money(0, amount.currency), self.moved_at or clock.now())

    def reverse_transfer(self, *, key: str, transfer_id: str, amount: Money, reference: str) -> ReversalResult:
        self.reversal_calls += 1
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        made = self.reversals.setdefault(key, (transfer_id, amount, reference))
        assert made == (transfer_id, amount, reference), "same key, other parameters"
        if fault == "lost":
            raise GatewayUnknown("lost")
        return ReversalResult(f"trr_{reference}", amount, self.moved_at or clock.now())

    def find_reversal(self, *, transfer_id: str, reference: str) -> ReversalResult | None:
        found = (r for r in self.reversals.values() if r[0] == transfer_id and r[2] == reference)
        return next(
            (ReversalResult(f"trr_{reference}", amount, self.moved_at or clock.now()) for _, amount, _ in found), None
        )

    def fetch_account_payout(self, *, account_id: str, payout_id: str) -> AccountPayout:
        return AccountPayout(
            payout_id,
            account_id,
            Money(415, "USD"),
            self.payout_status,
            datetime(2026, 12, 1, tzinfo=UTC),
            "no_account",
        )

    def open_account(self, *, key: str, reference: str, email: str, country: str) -> ProviderAccount:
        if country == "XX":
            raise GatewayRefused("country_unsupported")
        self.opened.append(key)
        return ProviderAccount(f"acct_{reference}", False, country, "")

    def fetch_account(self, *, account_id: str) -> ProviderAccount:
        if self.faults:
            raise self.faults.pop(0)
        return ProviderAccount(account_id, self.is_ready, "US", self.masked_bank)

    def onboarding_url(self, *, account_id: str, return_url: str, refresh_url: str) -> str:
        return f"https://provider.example/{account_id}"
