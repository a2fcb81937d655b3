"""What every builder uses: lines, drafts, the parts of a sale, and the check that an entry balances."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind, AccountName
from royalties.errors import EntryNotBalanced
from royalties.models import EntryKind


@dataclass(frozen=True, slots=True)
class Line:
    """One posting that is not written yet."""

    account: AccountName
    amount_minor: int
    currency: str = ""  # empty: the entry's currency


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is not written yet. `external_id` names the event: the same event twice is one entry."""

    kind: EntryKind
    external_id: str
    reference: str
    currency: str
    occurred_at: datetime
    lines: tuple[Line, ...]
    reverses_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing moves, as in a free sale. Such an entry is not written."""
        return not self.lines


@dataclass(frozen=True, slots=True)
class ContributorShare:
    """A contributor's part of an amount: the user's public id and minor units."""

    owner: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SaleAmounts:
    """gross + promotion = tax + processor_fee + platform_fee + the shares.

    `promotion` is what the platform adds to what the reader pays: a coupon of its own, a free copy.
    """

    gross: int
    tax: int
    processor_fee: int
    platform_fee: int
    tax_country: str
    shares: tuple[ContributorShare, ...]
    promotion: int = 0


def credits_of(amounts: SaleAmounts) -> list[Line]:
    """Return the credits of a sale except the contributors' shares: tax, platform fee and recovered processor fee."""
    return [
        Line(chart.tax(amounts.tax_country), -amounts.tax),
        Line(chart.PLATFORM_FEE, -amounts.platform_fee),
        Line(chart.PROCESSOR_FEE_RECOVERED, -amounts.processor_fee),
    ]


def transfer_lines(owner: str, source: AccountKind, target: AccountKind, amount: int) -> list[Line]:
    """Return the lines that debit one of a contributor's accounts and credit another."""
    return [Line(chart.of_contributor(source, owner), amount), Line(chart.of_contributor(target, owner), -amount)]


def build_draft(
    kind: EntryKind,
    external_id: str,
    lines: Iterable[Line],
    *,
    reference: str,
    currency: str,
    occurred_at: datetime,
    reverses_id: int | None = None,
) -> Draft:
    """Build the entry: merge the lines by account, drop zeros and check the sums. Raises EntryNotBalanced."""
    sums: dict[tuple[AccountName, str], int] = {}
    for line in lines:
        key = (line.account, line.currency or currency)
        sums[key] = sums.get(key, 0) + line.amount_minor
    totals: dict[str, int] = {}
    for (_, line_currency), amount in sums.items():
        totals[line_currency] = totals.get(line_currency, 0) + amount
    if any(totals.values()):
        raise EntryNotBalanced(external_id=external_id)
    merged = tuple(Line(account, amount, line_currency) for (account, line_currency), amount in sums.items() if amount)
    return Draft(kind, external_id, reference, currency, occurred_at, merged, reverses_id)
