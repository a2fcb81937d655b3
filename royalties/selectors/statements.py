"""What a stored statement consists of: movements and lines with their entries, payouts, and its canonical text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from common.money import Money
from common.periods import Month
from royalties import chart
from royalties.chart import AccountKind
from royalties.models import (
    EntryKind,
    JournalEntry,
    ManualEntry,
    MovementKind,
    Payout,
    PayoutState,
    Reserve,
    SaleRecord,
    Statement,
    StatementContractLine,
    StatementLine,
    StatementMovement,
)
from royalties.selectors import movements, withholding
from royalties.selectors.statement_shares import LineShare, shares_of
from royalties.selectors.withholding import WithheldOfMonth

_HEADER = (
    "user_id",
    "period",
    "currency",
    "opening_minor",
    "royalties_minor",
    "returns_minor",
    "paid_out_minor",
    "other_minor",
    "closing_minor",
    "closing_clearing_minor",
    "closing_payable_minor",
    "closing_in_transit_minor",
    "closing_reserve_minor",
    "closing_disputed_minor",
    "closing_owed_minor",
)
_MOVEMENT = ("kind", "amount_minor", "entries")
_LINE = (
    "position",
    "work_id",
    "country",
    "unit_price_minor",
    "terms_id",
    "sold",
    "returned",
    "net_price_minor",
    "processor_fee_minor",
    "platform_fee_minor",
    "royalty_minor",
)


_CONTRACT_LINE = (
    "position",
    "reference",
    "contract_reference",
    "gross_minor",
    "fee_minor",
    "fee_vat_minor",
    "pay_minor",
)


@dataclass(frozen=True, slots=True)
class StatementPart:
    """One part of the closing balance, by the name of its page; what the contributor owes is negative."""

    name: str
    label: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Release:
    """Reserved money of sales up to the statement's month that becomes payable on one day after it."""

    day: date
    amount_minor: int
    sales: int


@dataclass(frozen=True, slots=True)
class PayoutOfMonth:
    """A payout as it stood at the end of the month. `destination` is the provider's.

    A later answer belongs to a later statement.
    """

    public_id: str
    state: PayoutState
    at: datetime
    amount_minor: int
    destination: str
    entry_id: int


@dataclass(frozen=True, slots=True)
class Conversion:
    """Money that became payable in another currency, and the rate: units received for one unit given."""

    given: Money
    received: Money
    at: datetime
    entry_id: int

    @property
    def rate(self) -> Decimal:
        exact = self.received.decimal / self.given.decimal
        return exact.quantize(Decimal("0.000001"))


@dataclass(frozen=True, slots=True)
class StatementContent:
    """Everything a statement says, in the order that all its formats share."""

    statement: Statement
    changing: Sequence[StatementMovement]
    moving: Sequence[StatementMovement]
    lines: Sequence[StatementLine]
    contracts: Sequence[StatementContractLine]
    shares: Mapping[int, Sequence[LineShare]]  # by position of the line
    payouts: Sequence[PayoutOfMonth]
    conversions: Sequence[Conversion]
    adjustments: Sequence[ManualEntry]
    withheld: Sequence[WithheldOfMonth]

    @property
    def has_coupons(self) -> bool:
        """Whether we paid a part of some price, so that what is without tax is more than what readers paid."""
        return any(0 < line.net_units * line.unit_price_minor < line.net_price_minor for line in self.lines)

    @property
    def pay_minor(self) -> int:
        """The sum of the contract lines."""
        return sum(line.pay_minor for line in self.contracts)


def content_of(statement: Statement) -> StatementContent:
    """Return the whole statement. The content stays the same, whatever happens after the month is closed."""
    moved = list(statement.movements.all())
    return StatementContent(
        statement=statement,
        changing=[each for each in moved if each.kind in movements.CHANGING],
        moving=[each for each in moved if each.kind not in movements.CHANGING],
        lines=list(statement.lines.select_related("terms")),
        contracts=list(statement.contract_lines.all()),
        shares=shares_of(statement),
        payouts=_payouts_of(statement),
        conversions=_conversions_of(statement),
        adjustments=list(_adjustments_of(statement)),
        withheld=withholding.of_month(statement),
    )


_PARTS = {
    "clearing": (AccountKind.CONTRIBUTOR_CLEARING, _("in clearing")),
    "payable": (AccountKind.CONTRIBUTOR_PAYABLE, _("payable")),
    "in_transit": (AccountKind.CONTRIBUTOR_IN_TRANSIT, _("in transit")),
    "reserve": (AccountKind.CONTRIBUTOR_RESERVE, _("in reserve")),
    "disputed": (AccountKind.CONTRIBUTOR_DISPUTED, _("in dispute")),
    "claimed": (AccountKind.CONTRIBUTOR_CLAIMED, _("held for claims")),
    "owed": (AccountKind.CONTRIBUTOR_RECEIVABLE, _("less debt from returns")),
}
# Figures that are not part of the closing balance but link to their entries in the same way.
_SUMS = {"opening": _("Opening balance"), "closing": _("Closing balance"), "earned": _("Royalties less returns")}


def parts_of(statement: Statement) -> list[StatementPart]:
    """Return what the closing balance consists of, without the parts that are zero."""
    amounts = {name: getattr(statement, f"closing_{name}_minor") for name in _PARTS}
    amounts["owed"] = -amounts["owed"]
    return [StatementPart(name, str(_PARTS[name][1]), amount) for name, amount in amounts.items() if amount]


def label_of(name: str) -> str | None:
    """Return the label of a part or sum by the name of its page, None for a page that does not exist."""
    if name in _PARTS:
        return str(_PARTS[name][1])
    return str(_SUMS[name]) if name in _SUMS else None


def releases_ahead(statement: Statement) -> list[Release]:
    """Return when the statement's closing reserve becomes payable, as it stood then; [] where that is no longer known.

    Only the sum is frozen (`closing_reserve_minor`). The days are shown as long as they add up to it: taken from the
    amounts first reserved if nothing had been taken before the close, or else from what is left if nothing was taken
    since.
    """
    end = Month.parse(statement.period).end
    reserves = Reserve.objects.filter(
        Q(released_at=None) | Q(released_at__gte=end),
        user=statement.user_id,
        currency=statement.currency,
    ).filter(Q(sale__cleared_at__lt=end) | Q(settlement__cleared_at__lt=end))
    by_day = (
        reserves.order_by()
        .annotate(day=TruncDate("release_at"))
        .values_list("day")
        .annotate(kept=Sum("kept_minor"), left=Sum("left_minor"), sales=Count("pk"))
        .order_by("day")
    )
    rows = list(by_day)
    kept = [Release(day, amount, sales) for day, amount, _left, sales in rows if amount]
    left = [Release(day, amount, sales) for day, _kept, amount, sales in rows if amount]
    return next((each for each in (kept, left) if _sum(each) == statement.closing_reserve_minor), [])


def _sum(releases: Iterable[Release]) -> int:
    return sum(release.amount_minor for release in releases)


def entries_of(statement: Statement) -> QuerySet[JournalEntry]:
    """Return the journal entries behind a statement: those of its month on the contributor's accounts, oldest first."""
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


def entries_of_movement(statement: Statement, kind: MovementKind) -> QuerySet[JournalEntry]:
    """Return the journal entries that one movement adds up."""
    return entries_of(statement).filter(kind__in=movements.entry_kinds_of(kind))


def entries_of_figure(statement: Statement, name: str) -> QuerySet[JournalEntry]:
    """Return the entries behind a part of the closing balance, the opening or closing balance, or what was earned.

    A balance adds up everything up to its moment, so these reach back to the contributor's first entry.
    """
    if name == "earned":
        earning = [entry_kind for kind in movements.EARNING for entry_kind in movements.entry_kinds_of(kind)]
        return entries_of(statement).filter(kind__in=earning)
    month = Month.parse(statement.period)
    kinds = [_PARTS[name][0]] if name in _PARTS else list(chart.CONTRIBUTOR_KINDS)
    return JournalEntry.objects.filter(
        booked_at__lt=month.start if name == "opening" else month.end,
        postings__account__owner=statement.user_id,
        postings__account__currency=statement.currency,
        postings__account__kind__in=[kind.value for kind in kinds],
    ).distinct()


def entries_of_line(line: StatementLine) -> QuerySet[JournalEntry]:
    """Return the sales and returns that one line of a statement counts."""
    sales = SaleRecord.objects.filter(
        work=line.work_id,
        tax_country=line.country,
        paid_minor=line.unit_price_minor,
        terms=line.terms_id,
        currency=line.statement.currency,
        shares__user=line.statement.user_id,
    )
    return entries_of(line.statement).filter(Q(sale__in=sales) | Q(refunds__sale__in=sales))


def canonical_text(statement: Statement) -> str:
    """Return the text whose hash a statement carries, as `royalties.services.statements.canonical` writes it in SQL."""
    rows = [
        (statement, _HEADER),
        *((each, _MOVEMENT) for each in statement.movements.all()),
        *((line, _LINE) for line in statement.lines.all()),
    ]
    told = ["|".join(str(getattr(row, name)) for name in columns) for row, columns in rows]
    if statement.closing_claimed_minor:
        told.insert(1, f"claimed|{statement.closing_claimed_minor}")
    contracts = statement.contract_lines.all()
    told += ["|".join(("contract", *(str(getattr(line, name)) for name in _CONTRACT_LINE))) for line in contracts]
    return "\n".join(told)


def stored_sha256(statement: Statement) -> str:
    """Return the hash of what is stored, for comparison with the one written when the month was closed."""
    return hashlib.sha256(canonical_text(statement).encode()).hexdigest()


_STATE_AFTER = {
    EntryKind.TRANSFER_ASKED: PayoutState.SENT,
    EntryKind.TRANSFER_CONFIRMED: PayoutState.PAID,
    EntryKind.TRANSFER_FAILED: PayoutState.FAILED,
    EntryKind.PAYOUT_RETURNED: PayoutState.FAILED,
}


def _payouts_of(statement: Statement) -> list[PayoutOfMonth]:
    """Return payouts that an entry of the month is about, in the state that the last of these entries gave them."""
    last: dict[str, JournalEntry] = {}
    for entry in entries_of(statement).filter(kind__in=_STATE_AFTER):
        last[entry.reference] = entry
    payouts = Payout.objects.filter(public_id__in=last, user=statement.user_id).order_by("pk")
    return [
        PayoutOfMonth(
            payout.public_id,
            _STATE_AFTER[EntryKind(last[payout.public_id].kind)],
            last[payout.public_id].booked_at,
            payout.amount_minor,
            payout.destination,
            last[payout.public_id].pk,
        )
        for payout in payouts
    ]


def _conversions_of(statement: Statement) -> list[Conversion]:
    converted = entries_of(statement).filter(kind=EntryKind.PAYABLE_CONVERTED).prefetch_related("postings__account")
    found = []
    for entry in converted:
        own = [posting for posting in entry.postings.all() if posting.account.owner_id == statement.user_id]
        given = next(posting for posting in own if posting.amount_minor > 0)
        received = next(posting for posting in own if posting.amount_minor < 0)
        found.append(
            Conversion(
                Money(given.amount_minor, given.currency),
                Money(-received.amount_minor, received.currency),
                entry.booked_at,
                entry.pk,
            )
        )
    return found


def _adjustments_of(statement: Statement) -> QuerySet[ManualEntry]:
    """Return corrections by hand that an entry of the month booked, with their reasons."""
    entries = entries_of(statement).order_by().values("pk")
    found = ManualEntry.objects.filter(entry__in=entries, user=statement.user_id, currency=statement.currency)
    return found.select_related("entry").order_by("entry_id")
