"""What every rail accepts and returns: small frozen types and the protocols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from common.money import Money
from payments.gateway import TransferResult


class RailCode(StrEnum):
    """The rails that exist; the value is stored."""

    STRIPE = "stripe"
    BANK = "bank"


class BeneficiaryRefused(Exception):
    """Bank details that cannot be right. `field` and `code` say which detail and why."""

    def __init__(self, field: str, code: str) -> None:
        self.field, self.code = field, code
        super().__init__(f"{field}: {code}")


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """The bank account to be paid: an IBAN, or a local account number with its bank code."""

    holder: str
    country: str  # ISO 3166-1
    iban: str = ""
    bic: str = ""
    account_number: str = ""
    bank_code: str = ""  # routing number, sort code, BSB, ...

    @property
    def masked(self) -> str:
        """Return enough to recognise one's own account: "DE •••• 3000"."""
        return f"{self.country} •••• {(self.iban or self.account_number)[-4:]}"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One amount to one person. `reference` is ours, permanently unique, and comes back in the bank's statement."""

    reference: str
    amount: Money
    beneficiary: Beneficiary


@dataclass(frozen=True, slots=True)
class Batch:
    """The payments of one file, all in one currency. The same batch gives the same bytes."""

    reference: str
    payer: Beneficiary
    made_at: datetime
    execute_on: date
    instructions: Sequence[Instruction]


@dataclass(frozen=True, slots=True)
class PaymentFile:
    name: str
    mime: str
    format: str  # pain.001.001.09 or csv
    content: bytes


class Rail(Protocol):
    """Any way of paying out."""

    code: RailCode

    def reaches(self, *, country: str, currency: str) -> bool:
        """Return whether someone with a bank account in the country can be paid in the currency."""


class DirectRail(Rail, Protocol):
    """A rail that pays on request. Raises GatewayRefused and GatewayUnknown like the gateway behind it."""

    def send(self, *, key: str, destination: str, amount: Money, reference: str) -> TransferResult:
        """Move the money. The same key twice moves it once."""

    def find(self, *, reference: str) -> TransferResult | None:
        """Return the transfer made for the reference, if there is one."""


class FileRail(Rail, Protocol):
    """A rail that pays through a file that a person uploads to the bank."""

    def files(self, batch: Batch) -> list[tuple[PaymentFile, list[str]]]:
        """Return the files that pay the batch, each with the references it pays; deterministic."""
