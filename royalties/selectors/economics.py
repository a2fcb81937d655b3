"""What the platform earns and spends, by currency and month.

It is calculated from postings alone, so that it ties to the trial balance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from common.money import Money, divide_half_up
from common.periods import Month
from royalties import payout_costs
from royalties.chart import AccountKind
from royalties.models import EntryKind, JournalEntry, PayoutCost, PayoutRail, Posting, RoyaltyTerms

# Income and expense accounts; all others are assets and liabilities.
RESULT_KINDS = frozenset(
    {
        AccountKind.PLATFORM_FEE,
        AccountKind.PLAN_FEE,
        AccountKind.PROCESSOR_FEE_RECOVERED,
        AccountKind.PROCESSOR_FEE,
        AccountKind.PAYOUT_FEE,
        AccountKind.DISPUTE_FEE,
        AccountKind.PROMOTION,
        AccountKind.BAD_DEBT,
        AccountKind.ROUNDING,
    }
)
_PAID = (EntryKind.SALE.value, EntryKind.DEFERRED.value)
_LOST = (EntryKind.DISPUTE_LOST.value, EntryKind.MILESTONE_LOST.value)
_MONTHLY_SALES = (1, 5, 20)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)

type _Sums = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class MonthEconomics:
    """One month of one currency. Amounts are minor units; expenses are positive.

    contribution = platform fee + plan fees + fee quoted - fee real - promotions - dispute fees - payouts real
    + payouts borne - bad debt.
    """

    month: Month
    currency: str
    sales: int
    gross: int
    given_back: int
    lost: int  # payments that banks took for good, less those won on appeal
    milestones_paid: int
    milestones_returned: int
    tax: int
    fee_quoted: int
    fee_real: int
    platform_fee: int  # less what went into the fund
    promotions: int
    dispute_fees: int
    fund_fed: int
    fund_used: int
    payouts_real: int  # what providers and banks charged for payouts
    payouts_borne: int  # the part charged to payees of small payouts
    plan_fees: int
    bad_debt: int
    contribution: int

    @property
    def per_sale(self) -> int:
        """The contribution of one sale, rounded half up; 0 without sales."""
        return divide_half_up(self.contribution, self.sales) if self.sales else 0

    @property
    def fee_difference(self) -> int:
        """What quoting card fees in advance gained, or lost when negative."""
        return self.fee_quoted - self.fee_real


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of every month in minor units. Deductions are shown with a minus sign."""

    label: str
    amounts: Sequence[int]
    is_deduction: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The months of one currency, and their figures: what was sold, then what the platform earned and spent on it."""

    months: Sequence[MonthEconomics]
    sold: Sequence[Row]
    earned: Sequence[Row]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The amounts from which an author's commission pays for their payouts, by the provider's price list."""

    currency: str
    commission_bps: int
    monthly_royalties: Money
    prices: Sequence[tuple[int, Money]]  # sales a month, price without tax
    free_from: Money
    source: str


def by_month(*, until: datetime, since: datetime = _EVER) -> list[MonthEconomics]:
    """Return every month with a posting, newest first, by currency; those from `since` on. Two queries."""
    sums: dict[tuple[str, Month], dict[tuple[str, str], int]] = {}
    rows = (
        Posting.objects.filter(entry__booked_at__range=(since, until))
        .order_by()
        .annotate(month=TruncMonth("entry__booked_at"))
        .values_list("currency", "month", "entry__kind", "account__kind")
        .annotate(total=Sum("amount_minor"))
    )
    for currency, month, entry_kind, account_kind, total in rows:
        sums.setdefault((currency, Month.of(month)), {})[entry_kind, account_kind] = int(total)
    counts = _sales(since, until)
    keys = sorted(sums, key=lambda key: (key[0], -key[1].year, -key[1].month))
    return [
        _economics(month, currency, sums[currency, month], counts.get((currency, month), 0)) for currency, month in keys
    ]


def table_of(months: Sequence[MonthEconomics]) -> Table:
    """Return the months of one currency as rows of a table."""

    def row(label: str, figure: str, *, is_deduction: bool = False) -> Row:
        return Row(label, [getattr(month, figure) for month in months], is_deduction)

    return Table(
        months=months,
        sold=[
            row(_("Gross"), "gross"),
            row(_("Refunded"), "given_back", is_deduction=True),
            row(_("Lost in disputes"), "lost", is_deduction=True),
            row(_("Paid for milestones"), "milestones_paid"),
            row(_("Milestones returned"), "milestones_returned", is_deduction=True),
            row(_("Tax owed"), "tax"),
        ],
        earned=[
            row(_("Platform fee"), "platform_fee"),
            row(_("Plan and report fees"), "plan_fees"),
            row(_("Card fee, as quoted"), "fee_quoted"),
            row(_("Card fee, as charged"), "fee_real", is_deduction=True),
            row(_("Promotions"), "promotions", is_deduction=True),
            row(_("Dispute fees"), "dispute_fees", is_deduction=True),
            row(_("Payout costs, as charged"), "payouts_real", is_deduction=True),
            row(_("Payout costs, paid by payees"), "payouts_borne"),
            row(_("Bad debt"), "bad_debt", is_deduction=True),
        ],
    )


def totals(months: Sequence[MonthEconomics]) -> dict[str, int]:
    """Return the contribution of all months, by currency: the result accounts of the trial balance."""
    found: dict[str, int] = {}
    for month in months:
        found[month.currency] = found.get(month.currency, 0) + month.contribution
    return found


def break_evens(*, at: datetime) -> list[BreakEven]:
    """Return the break-even amounts by currency, under the terms for people without a plan."""
    prices = PayoutCost.objects.in_force(at=at)
    rates = dict(
        RoyaltyTerms.objects.filter(plan=None, effective_at__lte=at)
        .order_by("effective_at", "id")
        .values_list("currency", "platform_fee_bps")
    )
    return [
        _break_even(row, rates[currency])
        for (rail, currency), row in sorted(prices.items())
        if rail == PayoutRail.STRIPE and currency in rates
    ]


def _break_even(row: PayoutCost, commission_bps: int) -> BreakEven:
    price = row.as_price()
    return BreakEven(
        currency=row.currency,
        commission_bps=commission_bps,
        monthly_royalties=Money(payout_costs.break_even_payout(price, commission_bps=commission_bps), row.currency),
        prices=[
            (
                sales,
                Money(payout_costs.break_even_price(price, commission_bps=commission_bps, sales=sales), row.currency),
            )
            for sales in _MONTHLY_SALES
        ],
        free_from=Money(row.free_from_minor, row.currency),
        source=row.source,
    )


def _sales(since: datetime, until: datetime) -> dict[tuple[str, Month], int]:
    rows = (
        JournalEntry.objects.filter(kind=EntryKind.SALE, booked_at__range=(since, until))
        .order_by()
        .annotate(month=TruncMonth("booked_at"))
        .values_list("postings__currency", "month")
        .annotate(n=Count("pk", distinct=True))
    )
    return {(currency, Month.of(month)): n for currency, month, n in rows}


def _economics(month: Month, currency: str, sums: _Sums, sales: int) -> MonthEconomics:
    def of(kind: AccountKind, *, entries: Sequence[str] | None = None, but: Sequence[str] = ()) -> int:
        return sum(
            total
            for (entry, account), total in sums.items()
            if account == kind.value and entry not in but and (entries is None or entry in entries)
        )

    fed = (EntryKind.FUND_FED.value,)
    borne = of(AccountKind.CONTRIBUTOR_PAYABLE, entries=(EntryKind.PAYOUT_FEE.value,))
    provider, refunds = AccountKind.STRIPE_BALANCE, (EntryKind.REFUND.value,)
    return MonthEconomics(
        month=month,
        currency=currency,
        sales=sales,
        gross=of(provider, entries=_PAID),
        given_back=-of(provider, entries=refunds),
        lost=-of(AccountKind.DISPUTE_IN_PROGRESS, entries=_LOST) - of(provider, entries=(EntryKind.APPEAL_WON.value,)),
        milestones_paid=of(provider, entries=(EntryKind.MILESTONE_FUNDED.value,)),
        milestones_returned=-of(provider, entries=(EntryKind.MILESTONE_RETURNED.value,)),
        tax=-of(AccountKind.TAX),
        fee_quoted=-of(AccountKind.PROCESSOR_FEE_RECOVERED),
        fee_real=of(AccountKind.PROCESSOR_FEE),
        platform_fee=-of(AccountKind.PLATFORM_FEE),
        promotions=of(AccountKind.PROMOTION),
        dispute_fees=of(AccountKind.DISPUTE_FEE),
        fund_fed=-of(AccountKind.PROTECTION_FUND, entries=fed),
        fund_used=of(AccountKind.PROTECTION_FUND, but=fed),
        payouts_real=of(AccountKind.PAYOUT_FEE) + borne,
        payouts_borne=borne,
        plan_fees=-of(AccountKind.PLAN_FEE),
        bad_debt=of(AccountKind.BAD_DEBT),
        contribution=-sum(of(kind) for kind in RESULT_KINDS),
    )
