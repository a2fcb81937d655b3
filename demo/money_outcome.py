"""What the story of money came to: fees per sale, balances, the trial balance, and whether each of them had to be so.

The expected figures are worked out here by hand arithmetic, apart from the code that they check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from demo.money_story import CURRENCY, PRICE_MINOR, MoneyStory
from payments.models import SandboxBalance
from royalties.models import ClosedPeriod, Payout, PayoutState, SaleRecord, SaleState
from royalties.selectors import finance
from royalties.selectors.trial_balance import AccountSum, trial_balance
from royalties.services import invariants

# 2.9 % of 4.99 + 0.30 = 0.44; 8 % of 4.99 = 0.40; no sales tax.
_ALONE = (PRICE_MINOR, 0, 44, 40, 415)
# 2.9 % of 14.97 + 0.30 = 0.73, divided by three: 0.25, 0.24, 0.24.
_CART = [(PRICE_MINOR, 0, 25, 40, 434), (PRICE_MINOR, 0, 24, 40, 435), (PRICE_MINOR, 0, 24, 40, 435)]
_SPLIT = (290, 145)  # 4.35, two to one


@dataclass(frozen=True, slots=True)
class SaleRow:
    """Where one paid price went, minor units: list price = tax + processor fee + platform fee + royalty."""

    title: str
    cart: str
    list_price_minor: int
    tax_minor: int
    processor_fee_minor: int
    platform_fee_minor: int
    royalty_minor: int
    shares: dict[str, int]
    state: str

    @property
    def parts(self) -> tuple[int, int, int, int, int]:
        return (
            self.list_price_minor,
            self.tax_minor,
            self.processor_fee_minor,
            self.platform_fee_minor,
            self.royalty_minor,
        )


@dataclass(frozen=True, slots=True)
class Balance:
    """One contributor's ledger balances and what was paid out, minor units."""

    name: str
    clearing_minor: int
    payable_minor: int
    in_transit_minor: int
    paid_out_minor: int


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold, and whether it does."""

    text: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything at the end; `violations` are sentences, none when the books are in order."""

    currency: str
    sales: list[SaleRow]
    balances: list[Balance]
    trial_balance: list[AccountSum]
    rules: int
    violations: list[str]
    checks: list[Check]

    @property
    def holds(self) -> bool:
        return not self.violations and all(check.holds for check in self.checks)


def outcome_of(story: MoneyStory) -> Outcome:
    """Read the books at the end of the story."""
    sales = [_sale(story, sale) for sale in SaleRecord.objects.order_by("pk").select_related("work")]
    balances = [_balance(story, key) for key in story.authors]
    sums = trial_balance()
    found = invariants.check_invariants()
    return Outcome(
        currency=CURRENCY,
        sales=sales,
        balances=balances,
        trial_balance=[AccountSum(story.name_of(s.name), s.kind, s.currency, s.balance_minor) for s in sums],
        rules=len(invariants.RULES),
        violations=[f"{one.rule}: {one.row} {one.detail}" for one in found],
        checks=list(_checks(sales, balances, sums)),
    )


def _sale(story: MoneyStory, sale: SaleRecord) -> SaleRow:
    return SaleRow(
        title=sale.work.title,
        cart="alone" if sale.order_reference == story.alone.public_id else "cart of three",
        list_price_minor=sale.paid_minor,
        tax_minor=sale.tax_minor,
        processor_fee_minor=sale.processor_fee_minor,
        platform_fee_minor=sale.platform_fee_minor,
        royalty_minor=sale.royalty_minor,
        shares={share.user.display_name: share.amount_minor for share in sale.shares.select_related("user")},
        state=sale.state,
    )


def _balance(story: MoneyStory, key: str) -> Balance:
    user = story.authors[key]
    row = next(iter(finance.contributor_rows(user=user, currency=CURRENCY)), None)
    paid = Payout.objects.filter(user=user, state=PayoutState.PAID).values_list("amount_minor", flat=True)
    return Balance(
        name=user.display_name,
        clearing_minor=row.clearing_minor if row else 0,
        payable_minor=row.payable_minor if row else 0,
        in_transit_minor=row.in_transit_minor if row else 0,
        paid_out_minor=sum(paid),
    )


def _checks(sales: list[SaleRow], balances: list[Balance], sums: list[AccountSum]) -> Iterator[Check]:
    alone = [sale.parts for sale in sales if sale.cart == "alone"]
    yield Check("the sale alone: 4.99 = 0.44 card fee + 0.40 platform fee + 4.15 royalty", alone == [_ALONE])
    cart = sorted(sale.parts for sale in sales if sale.cart != "alone")
    yield Check("the cart: one fee of 0.73 over three works; royalties 4.35, 4.35 and 4.34", cart == sorted(_CART))
    shared = [sale.shares for sale in sales if len(sale.shares) > 1]
    yield Check("the shared work: 2.90 to Anna, 1.45 to Ben", [tuple(one.values()) for one in shared] == [_SPLIT])
    for balance in balances:
        yield _paid_check(balance, sales)
    debit, credit = sum(one.debit_minor for one in sums), sum(one.credit_minor for one in sums)
    yield Check("the trial balance: debit = credit", debit == credit > 0)
    ours = sum(one.balance_minor for one in sums if one.name == "stripe_balance")
    theirs = sum(SandboxBalance.objects.filter(currency=CURRENCY).values_list("available_minor", flat=True))
    yield Check("our stripe_balance = the balance that the provider reports", ours == theirs)
    yield Check("the month is closed", ClosedPeriod.objects.count() == 1)


def _paid_check(balance: Balance, sales: list[SaleRow]) -> Check:
    kept = [sale.shares.get(balance.name, 0) for sale in sales if sale.state != SaleState.REFUNDED]
    nothing_left = (balance.clearing_minor, balance.payable_minor, balance.in_transit_minor) == (0, 0, 0)
    text = f"{balance.name} was paid what the kept sales earned, and nothing is left over"
    return Check(text, balance.paid_out_minor == sum(kept) > 0 and nothing_left)
