"""The ledger accounts with their normal side. One chart per currency; no database.

Postings are signed: a debit is positive, a credit negative. An account's name is its kind, followed by what it
belongs to: `contributor_clearing:usr_…`, `tax:vat:DE`, `platform_fee`. Names hold opaque ids only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DEBIT = 1
CREDIT = -1


class AccountKind(StrEnum):
    """What an account is for. The value is the first part of the account's name."""

    STRIPE_BALANCE = "stripe_balance"
    BANK = "bank"
    DISPUTE_IN_PROGRESS = "dispute_in_progress"
    CONTRIBUTOR_RECEIVABLE = "contributor_receivable"

    CONTRIBUTOR_CLEARING = "contributor_clearing"
    CONTRIBUTOR_PAYABLE = "contributor_payable"
    CONTRIBUTOR_IN_TRANSIT = "contributor_in_transit"
    CONTRIBUTOR_DISPUTED = "contributor_disputed"
    CONTRIBUTOR_RESERVE = "contributor_reserve"
    CONTRIBUTOR_CLAIMED = "contributor_claimed"
    TAX = "tax"
    WITHHOLDING = "withholding"
    DEFERRED = "deferred"
    MILESTONE_HELD = "milestone_held"
    REFUND_PENDING = "refund_pending"
    PROTECTION_FUND = "protection_fund"
    UNCLAIMED = "unclaimed"

    PLATFORM_FEE = "platform_fee"
    PLAN_FEE = "plan_fee"
    PROCESSOR_FEE_RECOVERED = "processor_fee_recovered"
    PROCESSOR_FEE = "processor_fee"
    PAYOUT_FEE = "payout_fee"
    DISPUTE_FEE = "dispute_fee"
    PROMOTION = "promotion"
    BAD_DEBT = "bad_debt"
    ROUNDING = "rounding"
    FX = "fx"


DEBIT_KINDS = frozenset(
    {
        AccountKind.STRIPE_BALANCE,
        AccountKind.BANK,
        AccountKind.DISPUTE_IN_PROGRESS,
        AccountKind.CONTRIBUTOR_RECEIVABLE,
        AccountKind.PROCESSOR_FEE,
        AccountKind.PAYOUT_FEE,
        AccountKind.DISPUTE_FEE,
        AccountKind.PROMOTION,
        AccountKind.BAD_DEBT,
    }
)

CONTRIBUTOR_KINDS = (
    AccountKind.CONTRIBUTOR_CLEARING,
    AccountKind.CONTRIBUTOR_PAYABLE,
    AccountKind.CONTRIBUTOR_IN_TRANSIT,
    AccountKind.CONTRIBUTOR_DISPUTED,
    AccountKind.CONTRIBUTOR_RESERVE,
    AccountKind.CONTRIBUTOR_CLAIMED,
    AccountKind.CONTRIBUTOR_RECEIVABLE,
)

# Accounts with a balance row that the database keeps on its normal side. Accounts that every sale touches are not among
# them: all sales would wait for each other's lock on that row.
GUARDED_KINDS = frozenset(
    {
        *CONTRIBUTOR_KINDS,
        AccountKind.TAX,
        AccountKind.WITHHOLDING,
        AccountKind.DEFERRED,
        AccountKind.MILESTONE_HELD,
        AccountKind.REFUND_PENDING,
        AccountKind.PROTECTION_FUND,
        AccountKind.UNCLAIMED,
    }
)

_SALES_TAX = frozenset({"US"})
_GST = frozenset({"AU", "CA", "IN", "NZ", "SG"})
_JCT = frozenset({"JP"})


def side_of(kind: AccountKind) -> int:
    """Return the normal side: DEBIT or CREDIT."""
    return DEBIT if kind in DEBIT_KINDS else CREDIT


def tax_regime(country: str) -> str:
    """Return the name of the tax on a sale to the country: vat, gst, jct or sales. `country` is ISO 3166-1."""
    if country in _SALES_TAX:
        return "sales"
    if country in _GST:
        return "gst"
    return "jct" if country in _JCT else "vat"


@dataclass(frozen=True, slots=True, order=True)
class AccountName:
    """The name of one account, without its currency."""

    kind: AccountKind
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.detail}" if self.detail else str(self.kind)

    @property
    def owner(self) -> str:
        """The public id of the contributor it belongs to, or ""."""
        return self.detail if self.kind in CONTRIBUTOR_KINDS else ""


def of_contributor(kind: AccountKind, user_public_id: str) -> AccountName:
    """Return the account of that kind of one contributor."""
    if kind not in CONTRIBUTOR_KINDS:
        raise ValueError(f"{kind} belongs to no contributor")
    return AccountName(kind, user_public_id)


def tax(country: str) -> AccountName:
    """Return the account of the tax owed to one country."""
    return AccountName(AccountKind.TAX, f"{tax_regime(country)}:{country}")


def withholding(country: str) -> AccountName:
    """Return the account of the tax withheld from contributors for one country's tax office."""
    return AccountName(AccountKind.WITHHOLDING, country)


def deferred(what: str) -> AccountName:
    """Return the account of what was paid before it could be sold: `gift` or `preorder`."""
    return AccountName(AccountKind.DEFERRED, what)


def milestone_held(milestone: str) -> AccountName:
    """Return the account of what is held for one milestone of a contract: it is never more than was paid for it."""
    return AccountName(AccountKind.MILESTONE_HELD, milestone)


STRIPE_BALANCE = AccountName(AccountKind.STRIPE_BALANCE)
BANK = AccountName(AccountKind.BANK)
DISPUTE_IN_PROGRESS = AccountName(AccountKind.DISPUTE_IN_PROGRESS)
REFUND_PENDING = AccountName(AccountKind.REFUND_PENDING)
PROTECTION_FUND = AccountName(AccountKind.PROTECTION_FUND)
UNCLAIMED = AccountName(AccountKind.UNCLAIMED)
PLATFORM_FEE = AccountName(AccountKind.PLATFORM_FEE)
PROCESSOR_FEE_RECOVERED = AccountName(AccountKind.PROCESSOR_FEE_RECOVERED)
PROCESSOR_FEE = AccountName(AccountKind.PROCESSOR_FEE)
PLAN_FEE = AccountName(AccountKind.PLAN_FEE)
PAYOUT_FEE = AccountName(AccountKind.PAYOUT_FEE)
DISPUTE_FEE = AccountName(AccountKind.DISPUTE_FEE)
PROMOTION = AccountName(AccountKind.PROMOTION)
BAD_DEBT = AccountName(AccountKind.BAD_DEBT)
FX = AccountName(AccountKind.FX)
