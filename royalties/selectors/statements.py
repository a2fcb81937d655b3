"""Statements computed from entries: what a closed month gives, and what a stored statement consists of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value

from common.periods import Month
from royalties import chart
from royalties.chart import AccountKind
from royalties.models import (
    EntryKind,
    JournalEntry,
    Posting,
    SaleRecord,
    SaleRefundShare,
    SaleShare,
    Statement,
    StatementLine,
)

_KINDS = [kind.value for kind in chart.CONTRIBUTOR_KINDS]
_BALANCES = {
    AccountKind.CONTRIBUTOR_CLEARING.value: "closing_clearing_minor",
    AccountKind.CONTRIBUTOR_PAYABLE.value: "closing_payable_minor",
    AccountKind.CONTRIBUTOR_IN_TRANSIT.value: "closing_in_transit_minor",
    AccountKind.CONTRIBUTOR_RECEIVABLE.value: "closing_owed_minor",
}
AMOUNTS = (
    "opening_minor",
    "royalties_minor",
    "returns_minor",
    "paid_out_minor",
    "closing_minor",
    "cleared_minor",
    "recovered_minor",
    *_BALANCES.values(),
)
_LINE = (
    "work_id",
    "country",
    "unit_price_minor",
    "sold",
    "returned",
    "net_price_minor",
    "processor_fee_minor",
    "platform_fee_minor",
    "royalty_minor",
)


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A statement line to be. Amounts are net of returns."""

    work_id: int
    title: str
    country: str
    unit_price_minor: int
    sold: int = 0
    returned: int = 0
    net_price_minor: int = 0
    processor_fee_minor: int = 0
    platform_fee_minor: int = 0
    royalty_minor: int = 0


@dataclass(slots=True)
class StatementDraft:
    """A statement to be, computed from entries alone."""

    user_id: int
    period: str
    currency: str
    amounts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(AMOUNTS, 0))
    lines: list[LineDraft] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """Of the canonical bytes: JSON with sorted keys, without titles, which may change."""
        lines = [{name: getattr(line, name) for name in _LINE} for line in self.lines]
        return _digest(self.user_id, self.period, self.currency, self.amounts, lines)

    @property
    def ties_out(self) -> bool:
        """Whether opening and movements give the closing balance, and the lines' royalties the ledger's."""
        a = self.amounts
        earned = a["royalties_minor"] - a["returns_minor"]
        from_lines = sum(line.royalty_minor for line in self.lines)
        return a["opening_minor"] + earned - a["paid_out_minor"] == a["closing_minor"] and from_lines == earned


def drafts_for(period: Month) -> list[StatementDraft]:
    """The statements of every contributor who had a balance or an event in the month, by user and currency.

    A handful of grouped queries, however many sales there were.
    """
    drafts: dict[tuple[int, str], StatementDraft] = {}
    for (user_id, currency), amounts in _amounts(period).items():
        drafts[user_id, currency] = StatementDraft(user_id, str(period), currency, amounts)
    for (user_id, currency), lines in _lines(period).items():
        drafts.setdefault((user_id, currency), StatementDraft(user_id, str(period), currency)).lines = lines
    return [drafts[key] for key in sorted(drafts)]


def stored_sha256(statement: Statement) -> str:
    """The hash of what is stored, to hold against the one written when the month was closed."""
    amounts = {name: getattr(statement, name) for name in AMOUNTS}
    lines = [{name: getattr(line, name) for name in _LINE} for line in statement.lines.all()]
    return _digest(statement.user_id, statement.period, statement.currency, amounts, lines)


def entries_of(statement: Statement) -> QuerySet[JournalEntry]:
    """The journal entries behind a statement: those of its month on the contributor's accounts, oldest first."""
    month = Month.parse(statement.period)
    return (
        JournalEntry.objects.filter(
            booked_at__gte=month.start,
            booked_at__lt=month.end,
            postings__account__owner=statement.user_id,
            postings__currency=statement.currency,
        )
        .distinct()
        .order_by("booked_at", "pk")
    )


def entries_of_line(line: StatementLine) -> QuerySet[JournalEntry]:
    """The sales and returns that one line of a statement counts."""
    sales = SaleRecord.objects.filter(
        work=line.work_id,
        tax_country=line.country,
        paid_minor=line.unit_price_minor,
        currency=line.statement.currency,
        shares__user=line.statement.user_id,
    )
    return entries_of(line.statement).filter(Q(sale__in=sales) | Q(refunds__sale__in=sales))


def _amounts(period: Month) -> dict[tuple[int, str], dict[str, int]]:
    """Balances and movements per contributor and currency, from postings."""
    owned = Posting.objects.filter(account__kind__in=_KINDS, account__owner__isnull=False).order_by()
    found: dict[tuple[int, str], dict[str, int]] = {}
    closing = owned.filter(entry__booked_at__lt=period.end)
    for user_id, currency, kind, total in closing.values_list("account__owner", "currency", "account__kind").annotate(
        total=Sum("amount_minor")
    ):
        if total:
            amounts = found.setdefault((user_id, currency), dict.fromkeys(AMOUNTS, 0))
            amounts["closing_minor"] -= total
            name = _BALANCES.get(kind)
            if name is not None:
                amounts[name] += total if kind == AccountKind.CONTRIBUTOR_RECEIVABLE else -total
    moved = owned.filter(entry__booked_at__gte=period.start, entry__booked_at__lt=period.end)
    change: dict[tuple[int, str], int] = {}
    for user_id, currency, kind, event, total in moved.values_list(
        "account__owner", "currency", "account__kind", "entry__kind"
    ).annotate(total=Sum("amount_minor")):
        amounts = found.setdefault((user_id, currency), dict.fromkeys(AMOUNTS, 0))
        change[user_id, currency] = change.get((user_id, currency), 0) - total
        for name, sign in _movement(kind, event):
            amounts[name] += sign * total
    for key, amounts in found.items():
        amounts["opening_minor"] = amounts["closing_minor"] - change.get(key, 0)
    return found


def _movement(kind: str, event: str) -> list[tuple[str, int]]:
    """Which amount of a statement a posting belongs to, and with which sign (debit is positive)."""
    if event == EntryKind.SALE:
        return [("royalties_minor", -1)]
    if event in {EntryKind.REFUND, EntryKind.DISPUTE_LOST}:
        return [("returns_minor", 1)]
    if event == EntryKind.TRANSFER_CONFIRMED:
        return [("paid_out_minor", 1)]
    if event == EntryKind.CLEARING and kind == AccountKind.CONTRIBUTOR_PAYABLE:
        return [("cleared_minor", -1)]
    if event == EntryKind.RECOVERY and kind == AccountKind.CONTRIBUTOR_PAYABLE:
        return [("recovered_minor", 1)]
    return []


def _lines(period: Month) -> dict[tuple[int, str], list[LineDraft]]:
    """Lines per contributor and currency: sales booked in the month, less returns booked in it."""
    lines: dict[tuple[int, str], dict[tuple[int, str, int], LineDraft]] = {}
    for row in [*_sold(period), *_returned(period)]:
        of_user = lines.setdefault((row["user_id"], row["currency"]), {})
        key = (row["work_id"], row["country"], row["unit_price"])
        line = of_user.get(key) or LineDraft(key[0], row["title"], key[1], key[2])
        of_user[key] = _with(line, row)
    return {user: [of_user[key] for key in sorted(of_user)] for user, of_user in lines.items()}


def _sold(period: Month) -> Iterable[Mapping[str, Any]]:
    """Sales booked in the month, grouped."""
    return (
        SaleShare.objects.filter(sale__entry__booked_at__gte=period.start, sale__entry__booked_at__lt=period.end)
        .order_by()
        .values("user_id")
        .annotate(
            **_keys("sale"),
            sold=Count("pk"),
            returned=Value(0),
            net=Sum(F("sale__paid_minor") + F("sale__promotion_minor") - F("sale__tax_minor")),
            processor_fee=Sum("sale__processor_fee_minor"),
            platform_fee=Sum("sale__platform_fee_minor"),
            royalty=Sum("amount_minor"),
        )
    )


def _returned(period: Month) -> Iterable[Mapping[str, Any]]:
    """Returns booked in the month, grouped; amounts negative. A unit is returned when nothing of its sale is left."""
    refund = "refund__{}_minor"
    return (
        SaleRefundShare.objects.filter(
            refund__entry__booked_at__gte=period.start, refund__entry__booked_at__lt=period.end
        )
        .order_by()
        .values("user_id")
        .annotate(
            **_keys("refund__sale"),
            sold=Value(0),
            returned=Count("pk", filter=Q(refund__is_last=True)),
            net=-Sum(F(refund.format("paid")) + F(refund.format("promotion")) - F(refund.format("tax"))),
            processor_fee=-Sum(refund.format("processor_fee")),
            platform_fee=-Sum(refund.format("platform_fee")),
            royalty=-Sum("amount_minor"),
        )
    )


def _keys(sale: str) -> dict[str, F]:
    return {
        "currency": F(f"{sale}__currency"),
        "work_id": F(f"{sale}__work_id"),
        "title": F(f"{sale}__work__title"),
        "country": F(f"{sale}__tax_country"),
        "unit_price": F(f"{sale}__paid_minor"),
    }


def _with(line: LineDraft, row: Mapping[str, Any]) -> LineDraft:
    return replace(
        line,
        sold=line.sold + row["sold"],
        returned=line.returned + row["returned"],
        net_price_minor=line.net_price_minor + row["net"],
        processor_fee_minor=line.processor_fee_minor + row["processor_fee"],
        platform_fee_minor=line.platform_fee_minor + row["platform_fee"],
        royalty_minor=line.royalty_minor + row["royalty"],
    )


def _digest(user_id: int, period: str, currency: str, amounts: dict[str, int], lines: list[dict[str, object]]) -> str:
    content = {"user": user_id, "period": period, "currency": currency, "amounts": amounts, "lines": lines}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
