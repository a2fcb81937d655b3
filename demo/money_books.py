"""The books at the end of the money story: sales, returns, statements and the balances of both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, Sum

from accounts.models import User
from common.periods import Month
from demo.money_setup import CURRENCY, Stage
from payments.models import SandboxBalance
from royalties import chart
from royalties.models import JournalEntry, Posting, SaleRecord, SaleRefund, Statement
from royalties.selectors.trial_balance import AccountSum, trial_balance

_CONTRIBUTOR_KINDS = [kind.value for kind in chart.CONTRIBUTOR_KINDS]


@dataclass(frozen=True, slots=True)
class SaleRow:
    """Where one price went, minor units: paid + promotion = tax + processor fee + platform fee + royalty."""

    buyer: str
    title: str
    paid_minor: int
    promotion_minor: int
    tax_minor: int
    processor_fee_minor: int
    platform_fee_minor: int
    royalty_minor: int
    shares: dict[str, int]
    state: str


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """What one refund or lost dispute took back: returned = tax + processor fee + platform fee + royalty."""

    buyer: str
    title: str
    returned_minor: int
    tax_minor: int
    processor_fee_minor: int
    platform_fee_minor: int
    royalty_minor: int
    by_dispute: bool


@dataclass(frozen=True, slots=True)
class Movement:
    """What one kind of entry changed in the amount owed to an author; `moved_minor` only moved between accounts."""

    kind: str
    entries: int
    change_minor: int
    moved_minor: int


@dataclass(frozen=True, slots=True)
class StatementRow:
    """An author's statement of the closed month, the movements behind it, and those after it."""

    name: str
    period: str
    opening_minor: int
    royalties_minor: int
    returns_minor: int
    paid_out_minor: int
    closing_minor: int
    movements: list[Movement]
    since: list[Movement]
    left_minor: int

    @property
    def adds_up(self) -> bool:
        """Return whether opening + movements = closing, and closing + later movements = what is left."""
        in_month = sum(one.change_minor for one in self.movements)
        since = sum(one.change_minor for one in self.since)
        return self.opening_minor + in_month == self.closing_minor and self.closing_minor + since == self.left_minor


@dataclass(frozen=True, slots=True)
class Books:
    """All figures at the end."""

    sales: list[SaleRow]
    returns: list[ReturnRow]
    statements: list[StatementRow]
    trial_balance: list[AccountSum]
    provider_minor: int
    ours_minor: int


def read(stage: Stage) -> Books:
    """Read all figures."""
    sums = trial_balance()
    names = stage.journal
    buyers = {str(order.public_id): name for name, order in stage.orders.items()}
    provider = SandboxBalance.objects.filter(currency=CURRENCY).aggregate(total=Sum("available_minor", default=0))
    return Books(
        sales=[_sale(buyers, sale) for sale in SaleRecord.objects.order_by("pk").select_related("work")],
        returns=[_return(buyers, one) for one in SaleRefund.objects.order_by("pk").select_related("sale__work")],
        statements=[one for user in stage.authors.values() for one in _statements(user)],
        trial_balance=sorted(
            (AccountSum(names.name_of(s.name), s.kind, s.currency, s.balance_minor) for s in sums),
            key=lambda one: one.name,
        ),
        provider_minor=provider["total"],
        ours_minor=sum(one.balance_minor for one in sums if one.name == str(chart.STRIPE_BALANCE)),
    )


def _sale(buyers: dict[str, str], sale: SaleRecord) -> SaleRow:
    return SaleRow(
        buyer=buyers[sale.order_reference],
        title=sale.work.title,
        paid_minor=sale.paid_minor,
        promotion_minor=sale.promotion_minor,
        tax_minor=sale.tax_minor,
        processor_fee_minor=sale.processor_fee_minor,
        platform_fee_minor=sale.platform_fee_minor,
        royalty_minor=sale.royalty_minor,
        shares={share.user.display_name: share.amount_minor for share in sale.shares.select_related("user")},
        state=sale.state,
    )


def _return(buyers: dict[str, str], refund: SaleRefund) -> ReturnRow:
    return ReturnRow(
        buyer=buyers[refund.sale.order_reference],
        title=refund.sale.work.title,
        returned_minor=refund.paid_minor,
        tax_minor=refund.tax_minor,
        processor_fee_minor=refund.processor_fee_minor,
        platform_fee_minor=refund.platform_fee_minor,
        royalty_minor=refund.royalty_minor,
        by_dispute=refund.by_dispute,
    )


def _statements(user: User) -> Iterator[StatementRow]:
    owned = Posting.objects.filter(account__owner=user, account__kind__in=_CONTRIBUTOR_KINDS, currency=CURRENCY)
    left = owned.aggregate(total=Sum("amount_minor", default=0))["total"]
    for statement in Statement.objects.filter(user=user, currency=CURRENCY):
        is_in_month = Q(booked_at__lt=Month.parse(statement.period).end)
        yield StatementRow(
            name=user.display_name,
            period=statement.period,
            opening_minor=statement.opening_minor,
            royalties_minor=statement.royalties_minor,
            returns_minor=statement.returns_minor,
            paid_out_minor=statement.paid_out_minor,
            closing_minor=statement.closing_minor,
            movements=_movements(user, is_in_month),
            since=_movements(user, ~is_in_month),
            left_minor=-left,
        )


def _movements(user: User, which: Q) -> list[Movement]:
    """Sum movements from the journal alone, so that a statement is compared with something it was not made from."""
    found: dict[str, list[tuple[int, int]]] = {}
    for entry in JournalEntry.objects.filter(which).order_by("pk").prefetch_related("postings__account"):
        mine = [
            -one.amount_minor
            for one in entry.postings.all()
            if one.account.owner_id == user.pk and one.account.kind in _CONTRIBUTOR_KINDS and one.currency == CURRENCY
        ]
        if mine:
            change = sum(mine)
            moved = min(sum(m for m in mine if m > 0), -sum(m for m in mine if m < 0))
            found.setdefault(str(entry.kind), []).append((change, moved))
    return [
        Movement(kind, len(parts), sum(change for change, _ in parts), sum(moved for _, moved in parts))
        for kind, parts in found.items()
    ]
