"""What the proof of a statement needs from the chain: its entries, their positions, and its accounts' balances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain as joined

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from common.periods import Month
from royalties.models import (
    ChainedPosting,
    ChainLink,
    DailyRoot,
    JournalEntry,
    LedgerAccount,
    MilestoneSettlement,
    MilestoneTaking,
    Posting,
    SaleRefundShare,
    SaleShare,
    Statement,
    StatementLine,
)

type LineKey = tuple[int, str, int, int]


def statement_before(statement: Statement) -> Statement | None:
    """Return the payee's previous statement in this currency."""
    found = Statement.objects.filter(
        user=statement.user_id, currency=statement.currency, period__lt=statement.period
    ).select_related("closed_period", "user")
    return found.order_by("-period").first()


def entries_for(statement: Statement, *, since: int) -> list[JournalEntry]:
    """Return the entries on the payee's accounts chained after position `since`, up to the close of the month.

    Entries chained earlier but booked ahead for this month or a later one are included. They come in the order of the
    chain, with the payee's own postings as `own`, and all postings with their accounts and numbers.
    """
    own = Posting.objects.filter(account__in=_accounts_of(statement)).select_related("account", "chained")
    until = statement.closed_period.chain_position
    month = Month.parse(statement.period)
    ahead = Q(link__position__lte=since, booked_at__gte=month.start)
    found = JournalEntry.objects.filter(
        Q(link__position__gt=since) | ahead,
        link__position__lte=until,
        pk__in=own.order_by().values("entry_id"),
    )
    return list(
        found.select_related("link")
        .order_by("link__position")
        .prefetch_related(Prefetch("postings", own.order_by("account__name"), to_attr="own"), "postings__chained")
    )


def standing_at(statement: Statement, position: int) -> dict[int, tuple[int, int]]:
    """Return the last number and balance of each of the payee's accounts at that position of the chain, by account."""
    last = ChainedPosting.objects.filter(account=OuterRef("pk"), posting__entry__link__position__lte=position).order_by(
        "-ordinal"
    )
    rows = _accounts_of(statement).annotate(
        last_ordinal=Subquery(last.values("ordinal")[:1]),
        last_balance=Subquery(last.values("balance_after_minor")[:1]),
    )
    found = rows.filter(last_ordinal__isnull=False).values_list("pk", "last_ordinal", "last_balance")
    return {pk: (ordinal, balance) for pk, ordinal, balance in found}


def roots_over(positions: Sequence[int]) -> list[DailyRoot]:
    """Return the roots that cover these positions of the chain, in order."""
    if not positions:
        return []
    found = DailyRoot.objects.filter(last_position__gte=positions[0], first_position__lte=positions[-1])
    wanted = sorted(positions)
    used, at = [], 0
    for root in found.order_by("number"):
        start = at
        while at < len(wanted) and wanted[at] <= root.last_position:
            at += 1
        if at > start:
            used.append(root)
    return used


def places_in(root: DailyRoot, entries: Iterable[JournalEntry]) -> dict[int, int]:
    """Return the index of each entry among the leaves of its root, by the entry's id."""
    positions = ChainLink.objects.filter(position__gte=root.first_position, position__lte=root.last_position)
    index_of = {
        position: index for index, position in enumerate(positions.order_by("position").values_list("pk", flat=True))
    }
    return {entry.pk: index_of[entry.link.position] for entry in entries}


def line_parts(statement: Statement, entries: Iterable[JournalEntry]) -> dict[LineKey, dict[int, int]]:
    """Return what each entry adds to each line of the statement: a lost dispute may affect several."""
    wanted = {entry.pk for entry in entries}
    parts: dict[LineKey, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for entry_id, work, country, price, terms, amount in joined(_sold(statement), _returned(statement)):
        if entry_id in wanted:
            parts[work, country, price, terms][entry_id] += amount
    return parts


def contract_parts(statement: Statement, entries: Iterable[JournalEntry]) -> dict[str, dict[int, int]]:
    """Return what each entry adds to each contract line of the statement, by the milestone's reference."""
    wanted = {entry.pk for entry in entries}
    of_payee = {"user": statement.user_id, "currency": statement.currency, "entry__in": wanted}
    released = MilestoneSettlement.objects.filter(**of_payee, gross_minor__gt=0).select_related("milestone")
    taken = MilestoneTaking.objects.filter(**of_payee).select_related("settlement__milestone")
    parts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for each in released:
        parts[each.milestone.reference][each.entry_id] += each.share_minor
    for taking in taken:
        parts[taking.settlement.milestone.reference][taking.entry_id] -= taking.share_minor
    return parts


def key_of(line: StatementLine) -> LineKey:
    """Return the key of a line: what it is about."""
    return line.work_id, line.country, line.unit_price_minor, line.terms_id


def _sold(statement: Statement) -> Iterable[tuple[int, int, str, int, int, int]]:
    month = Month.parse(statement.period)
    found = SaleShare.objects.filter(
        user=statement.user_id,
        sale__currency=statement.currency,
        sale__entry__booked_at__gte=month.start,
        sale__entry__booked_at__lt=month.end,
    )
    return found.order_by().values_list(
        "sale__entry_id", "sale__work_id", "sale__tax_country", "sale__paid_minor", "sale__terms_id", "amount_minor"
    )


def _returned(statement: Statement) -> Iterable[tuple[int, int, str, int, int, int]]:
    month = Month.parse(statement.period)
    found = SaleRefundShare.objects.filter(
        user=statement.user_id,
        refund__sale__currency=statement.currency,
        refund__entry__booked_at__gte=month.start,
        refund__entry__booked_at__lt=month.end,
    ).order_by()
    for entry, work, country, price, terms, amount in found.values_list(
        "refund__entry_id",
        "refund__sale__work_id",
        "refund__sale__tax_country",
        "refund__sale__paid_minor",
        "refund__sale__terms_id",
        "amount_minor",
    ):
        yield entry, work, country, price, terms, -amount


def _accounts_of(statement: Statement) -> QuerySet[LedgerAccount]:
    return LedgerAccount.objects.filter(owner=statement.user_id, currency=statement.currency)
