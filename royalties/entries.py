"""One builder per event, each returning a balanced entry that has not been written yet. No database.

Amounts are minor units of one currency; debits positive, credits negative. Postings to one account are merged and
zeros dropped, so an account appears once in an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind, AccountName
from royalties.errors import EntryNotBalanced
from royalties.models import EntryKind


@dataclass(frozen=True, slots=True)
class Line:
    """One posting to be."""

    account: AccountName
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be. `external_id` names the event: the same event twice is one entry."""

    kind: EntryKind
    external_id: str
    reference: str
    currency: str
    occurred_at: datetime
    lines: tuple[Line, ...]
    reverses_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing moves: a free sale. Such an entry is not written."""
        return not self.lines


@dataclass(frozen=True, slots=True)
class Part:
    """A contributor's part of an amount, both opaque: the user's public id and minor units."""

    owner: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SaleAmounts:
    """gross = tax + processor_fee + platform_fee + the shares."""

    gross: int
    tax: int
    processor_fee: int
    platform_fee: int
    tax_country: str
    shares: tuple[Part, ...]


def sale(*, reference: str, currency: str, occurred_at: datetime, amounts: SaleAmounts) -> Draft:
    """A reader paid: the gross arrives, and everything in it is owed to somebody or earned."""
    lines = [Line(chart.STRIPE_BALANCE, amounts.gross), *_credits(amounts, AccountKind.CONTRIBUTOR_CLEARING)]
    return _draft(
        EntryKind.SALE, f"sale:{reference}", lines, reference=reference, currency=currency, occurred_at=occurred_at
    )


def processor_fee(*, order_reference: str, currency: str, occurred_at: datetime, fee: int, external_id: str) -> Draft:
    """The provider's real fee of one payment is known."""
    lines = [Line(chart.PROCESSOR_FEE, fee), Line(chart.STRIPE_BALANCE, -fee)]
    return _draft(
        EntryKind.PROCESSOR_FEE,
        f"processor_fee:{external_id}",
        lines,
        reference=order_reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def refund_in_window(
    *, reference: str, external_id: str, currency: str, occurred_at: datetime, amounts: SaleAmounts, sale_entry_id: int
) -> Draft:
    """The sale mirrored in full. The real processor fee stays the platform's expense."""
    mirrored = sale(reference=reference, currency=currency, occurred_at=occurred_at, amounts=amounts)
    lines = [Line(line.account, -line.amount_minor) for line in mirrored.lines]
    return _draft(
        EntryKind.REFUND,
        f"refund:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
        reverses_id=sale_entry_id,
    )


def refund_after_clearing(
    *,
    reference: str,
    external_id: str,
    currency: str,
    occurred_at: datetime,
    amounts: SaleAmounts,
    from_payable: Sequence[Part],
    sale_entry_id: int,
) -> Draft:
    """The royalty is taken back from what is payable (`from_payable`); the rest the contributor owes."""
    taken = {part.owner: part.amount_minor for part in from_payable}
    lines = [Line(line.account, -line.amount_minor) for line in _credits(amounts, None)]
    for share in amounts.shares:
        payable = taken.get(share.owner, 0)
        lines.append(Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, share.owner), payable))
        owed = share.amount_minor - payable
        lines.append(Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, share.owner), owed))
    lines.append(Line(chart.STRIPE_BALANCE, -amounts.gross))
    return _draft(
        EntryKind.REFUND,
        f"refund:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
        reverses_id=sale_entry_id,
    )


def clearing(*, reference: str, currency: str, occurred_at: datetime, shares: Iterable[Part]) -> Draft:
    """The return window is over: what was in clearing is payable."""
    lines = [
        line
        for share in shares
        for line in _move(
            share.owner,
            AccountKind.CONTRIBUTOR_CLEARING,
            AccountKind.CONTRIBUTOR_PAYABLE,
            share.amount_minor,
        )
    ]
    return _draft(
        EntryKind.CLEARING,
        f"clearing:{reference}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def recovery(*, external_id: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """A contributor's debt is paid from what is payable to them."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), amount),
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), -amount),
    ]
    return _draft(
        EntryKind.RECOVERY,
        f"recovery:{external_id}",
        lines,
        reference=owner,
        currency=currency,
        occurred_at=occurred_at,
    )


def transfer_asked(*, payout: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Before the call: the money is under way, its outcome unknown."""
    lines = _move(owner, AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_IN_TRANSIT, amount)
    return _draft(
        EntryKind.TRANSFER_ASKED,
        f"transfer_asked:{payout}",
        lines,
        reference=payout,
        currency=currency,
        occurred_at=occurred_at,
    )


def transfer_confirmed(*, payout: str, owner: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """The provider moved the money."""
    lines = [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_IN_TRANSIT, owner), amount),
        Line(chart.STRIPE_BALANCE, -amount),
    ]
    return _draft(
        EntryKind.TRANSFER_CONFIRMED,
        f"transfer_confirmed:{payout}",
        lines,
        reference=payout,
        currency=currency,
        occurred_at=occurred_at,
    )


def transfer_failed(
    *, payout: str, owner: str, currency: str, occurred_at: datetime, amount: int, asked_entry_id: int
) -> Draft:
    """The provider refused: the money is payable again."""
    lines = _move(owner, AccountKind.CONTRIBUTOR_IN_TRANSIT, AccountKind.CONTRIBUTOR_PAYABLE, amount)
    return _draft(
        EntryKind.TRANSFER_FAILED,
        f"transfer_failed:{payout}",
        lines,
        reference=payout,
        currency=currency,
        occurred_at=occurred_at,
        reverses_id=asked_entry_id,
    )


def _credits(amounts: SaleAmounts, contributor_kind: AccountKind | None) -> list[Line]:
    """Where a sale's gross goes, as credits; the contributors' parts only when given their kind of account."""
    lines = [
        Line(chart.tax(amounts.tax_country), -amounts.tax),
        Line(chart.PLATFORM_FEE, -amounts.platform_fee),
        Line(chart.PROCESSOR_FEE_RECOVERED, -amounts.processor_fee),
    ]
    if contributor_kind is not None:
        lines += [Line(chart.of_contributor(contributor_kind, s.owner), -s.amount_minor) for s in amounts.shares]
    return lines


def _move(owner: str, source: AccountKind, target: AccountKind, amount: int) -> list[Line]:
    """Debit one of a contributor's liabilities, credit another."""
    return [Line(chart.of_contributor(source, owner), amount), Line(chart.of_contributor(target, owner), -amount)]


def _draft(
    kind: EntryKind,
    external_id: str,
    lines: Iterable[Line],
    *,
    reference: str,
    currency: str,
    occurred_at: datetime,
    reverses_id: int | None = None,
) -> Draft:
    """Merge the lines by account, drop zeros and check the sum. Raises EntryNotBalanced."""
    sums: dict[AccountName, int] = {}
    for line in lines:
        sums[line.account] = sums.get(line.account, 0) + line.amount_minor
    if sum(sums.values()) != 0:
        raise EntryNotBalanced(external_id=external_id)
    merged = tuple(Line(account, amount) for account, amount in sums.items() if amount)
    return Draft(kind, external_id, reference, currency, occurred_at, merged, reverses_id)
