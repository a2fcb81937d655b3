"""What finance staff see: everybody's sales, balances, entries, payouts and statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from accounts.models import User
from royalties.chart import AccountKind
from royalties.models import (
    AccountBalance,
    JournalEntry,
    PayeeDetails,
    Payout,
    PayoutAccount,
    PayoutRun,
    PersonHold,
    SaleRecord,
    SaleRefund,
    SaleState,
    Statement,
)

_PARTS = ("paid_minor", "tax_minor", "processor_fee_minor", "platform_fee_minor", "royalty_minor")


@dataclass(frozen=True, slots=True)
class SalesTotal:
    """Sums of one currency over a list of sales. paid = tax + processor fee + platform fee + royalty."""

    currency: str
    sales: int
    paid_minor: int
    tax_minor: int
    processor_fee_minor: int
    platform_fee_minor: int
    royalty_minor: int


@dataclass(slots=True)
class ContributorRow:
    """One contributor's balances in one currency, as in the ledger."""

    user: User
    currency: str
    balances: dict[str, int] = field(default_factory=dict)

    def _of(self, kind: AccountKind) -> int:
        return abs(self.balances.get(kind.value, 0))

    @property
    def clearing_minor(self) -> int:
        return self._of(AccountKind.CONTRIBUTOR_CLEARING)

    @property
    def payable_minor(self) -> int:
        return self._of(AccountKind.CONTRIBUTOR_PAYABLE)

    @property
    def held_minor(self) -> int:
        """What is held back: for disputes, for claims, and in reserve."""
        kinds = (AccountKind.CONTRIBUTOR_DISPUTED, AccountKind.CONTRIBUTOR_CLAIMED, AccountKind.CONTRIBUTOR_RESERVE)
        return sum(self._of(kind) for kind in kinds)

    @property
    def in_transit_minor(self) -> int:
        return self._of(AccountKind.CONTRIBUTOR_IN_TRANSIT)

    @property
    def owed_minor(self) -> int:
        return self._of(AccountKind.CONTRIBUTOR_RECEIVABLE)


@dataclass(frozen=True, slots=True)
class ContributorTotal:
    """Sums of one currency over contributors: they match the accounts of these names in the trial balance."""

    currency: str
    clearing_minor: int
    payable_minor: int
    held_minor: int
    in_transit_minor: int
    owed_minor: int


@dataclass(slots=True)
class Payable:
    """What is payable in a currency, and how much of it a run can send now: account ready, minimum reached, no hold."""

    currency: str
    people: int = 0
    amount_minor: int = 0
    ready_people: int = 0
    ready_minor: int = 0


def sales_by(
    *, text: str = "", state: str = "", currency: str = "", period: str = "", user: str = ""
) -> QuerySet[SaleRecord]:
    """Return sales, newest first.

    `text` finds a reference, order or title; `period` is YYYY-MM; `user` a public id.
    """
    sales = SaleRecord.objects.select_related("work").order_by("-pk")
    if text:
        sales = sales.filter(Q(reference=text) | Q(order_reference=text) | Q(work__title__icontains=text))
    if state:
        sales = sales.filter(state=state)
    if currency:
        sales = sales.filter(currency=currency)
    if period:
        year, month = period.split("-")
        sales = sales.filter(sold_at__year=int(year), sold_at__month=int(month))
    if user:
        sales = sales.filter(shares__user__public_id=user)
    return sales


def sales_totals(sales: QuerySet[SaleRecord]) -> list[SalesTotal]:
    """Return the sums of the whole list by currency, less partial returns and without sales returned in full."""
    kept = sales.exclude(state=SaleState.REFUNDED).order_by()
    sums = {name: Sum(name) for name in _PARTS}
    sold: Iterable[Any] = kept.values("currency").annotate(n=Count("pk"), **sums).order_by("currency")
    refunds: Iterable[Any] = (
        SaleRefund.objects.filter(sale__in=kept.values("pk")).order_by().values("sale__currency").annotate(**sums)
    )
    returned: dict[str, Any] = {row["sale__currency"]: row for row in refunds}
    return [
        SalesTotal(
            row["currency"],
            row["n"],
            *(row[name] - returned.get(row["currency"], {}).get(name, 0) for name in _PARTS),
        )
        for row in sold
    ]


def contributor_rows(*, text: str = "", currency: str = "", user: User | None = None) -> list[ContributorRow]:
    """Return balances per contributor and currency, largest payable first. `text` finds a name or email address."""
    balances = AccountBalance.objects.filter(account__owner__isnull=False).select_related("account__owner")
    if text:
        balances = balances.filter(
            Q(account__owner__display_name__icontains=text) | Q(account__owner__email__iexact=text)
        )
    if currency:
        balances = balances.filter(account__currency=currency)
    if user is not None:
        balances = balances.filter(account__owner=user)
    rows: dict[tuple[int, str], ContributorRow] = {}
    for balance in balances:
        account = balance.account
        if account.owner is None:
            continue
        row = rows.setdefault((account.owner.pk, account.currency), ContributorRow(account.owner, account.currency))
        row.balances[account.kind] = balance.balance_minor
    return sorted(rows.values(), key=lambda r: (r.currency, -r.payable_minor, r.user.pk))


def contributor_totals(rows: Sequence[ContributorRow]) -> list[ContributorTotal]:
    """Return the sums of the whole list by currency, whatever page is shown."""
    return [
        ContributorTotal(
            currency,
            sum(row.clearing_minor for row in rows if row.currency == currency),
            sum(row.payable_minor for row in rows if row.currency == currency),
            sum(row.held_minor for row in rows if row.currency == currency),
            sum(row.in_transit_minor for row in rows if row.currency == currency),
            sum(row.owed_minor for row in rows if row.currency == currency),
        )
        for currency in sorted({row.currency for row in rows})
    ]


def payable_by_currency(*, at: datetime) -> list[Payable]:
    """Return what is payable to people who do not already have a payout on its way, by currency."""
    taken = set(Payout.objects.open().values_list("user", "currency"))
    held, unknown = PersonHold.objects.in_force(at).values("user"), PayeeDetails.objects.missing().values("user")
    payees = PayoutAccount.objects.exclude(user__in=held).exclude(user__in=unknown)
    accounts = {account.user_id: account for account in payees}
    sums: dict[str, Payable] = {}
    rows = AccountBalance.objects.filter(
        account__kind=AccountKind.CONTRIBUTOR_PAYABLE.value, account__owner__isnull=False, balance_minor__lt=0
    ).values_list("account__owner", "account__currency", "balance_minor")
    for owner, currency, balance in rows:
        if (owner, currency) in taken:
            continue
        row = sums.setdefault(currency, Payable(currency))
        row.people, row.amount_minor = row.people + 1, row.amount_minor - balance
        account = accounts.get(owner)
        if account is not None and account.is_usable(at) and -balance >= account.minimum_in(currency):
            row.ready_people, row.ready_minor = row.ready_people + 1, row.ready_minor - balance
    return [sums[currency] for currency in sorted(sums)]


def entries_by(*, text: str = "", kind: str = "") -> QuerySet[JournalEntry]:
    """Return journal entries, newest first, with their gross (the sum of debits). `text` finds a reference or event."""
    entries = JournalEntry.objects.annotate(
        currency=F("postings__currency"), debits=Sum("postings__amount_minor", filter=Q(postings__amount_minor__gt=0))
    ).order_by("-pk")
    if text:
        entries = entries.filter(Q(reference=text) | Q(external_id=text))
    if kind:
        entries = entries.filter(kind=kind)
    return entries


def entry(entry_id: int) -> JournalEntry | None:
    """Return one entry with its postings, chain link and reversals."""
    entries = JournalEntry.objects.select_related("link", "reverses", "reversed_by")
    return entries.prefetch_related("postings__account").filter(pk=entry_id).first()


def runs() -> QuerySet[PayoutRun]:
    """Return payout runs, newest first, with their number of payouts and sum."""
    return (
        PayoutRun.objects.select_related("proposed_by", "approved_by")
        .annotate(n=Count("payouts"), total=Sum("payouts__amount_minor"))
        .order_by("-pk")
    )


def statements_by(*, text: str = "", period: str = "", currency: str = "") -> QuerySet[Statement]:
    """Return everybody's statements, newest first. `text` finds a name or email address."""
    found = Statement.objects.select_related("user").order_by("-pk")
    if text:
        found = found.filter(Q(user__display_name__icontains=text) | Q(user__email__iexact=text))
    if period:
        found = found.filter(period=period)
    if currency:
        found = found.filter(currency=currency)
    return found


@dataclass(frozen=True, slots=True)
class StatementsTotal:
    """Sums of one currency over a list of statements."""

    currency: str
    opening_minor: int
    royalties_minor: int
    returns_minor: int
    paid_out_minor: int
    other_minor: int
    closing_minor: int


def statement_totals(statements: QuerySet[Statement]) -> list[StatementsTotal]:
    """Return the sums of the whole list by currency."""
    rows = (
        statements.order_by()
        .values_list("currency")
        .annotate(
            opening=Sum("opening_minor"),
            royalties=Sum("royalties_minor"),
            returns=Sum("returns_minor"),
            paid_out=Sum("paid_out_minor"),
            other=Sum("other_minor"),
            closing=Sum("closing_minor"),
        )
        .order_by("currency")
    )
    return [StatementsTotal(*row) for row in rows]
