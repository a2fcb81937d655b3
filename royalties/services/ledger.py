"""The only writer of journal entries.

Lock order, for every service of this app: sale or payout rows in primary-key order, then balance rows of guarded
accounts in account order, nothing after. The balance rows are locked by `lock_balances` or by the posting itself: its
trigger takes one account after the other, in account order, once for all postings of a statement. Before that the
posting may wait for an event that another connection is recording, in the order of the events' names. So a transaction
that posts twice can deadlock with one that posts the same events in the opposite order; a single call cannot. Accounts
of the platform (`stripe_balance`, `platform_fee`) have no balance row, so sales never wait for each other there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from django.db import IntegrityError, connection, transaction

from accounts.models import User
from common import clock
from common.periods import Month
from royalties import chart
from royalties.chart import AccountName
from royalties.entries import Draft
from royalties.errors import EntryDiffers, LedgerError
from royalties.models import AccountBalance, ClosedPeriod, JournalEntry, LedgerAccount, Posting, Seal
from royalties.services import cut_off

# Id and booking time of new entries, by external id.
type Written = dict[str, tuple[int, datetime]]

_POST = (
    "SELECT * FROM royalties_post_entries(%s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], "
    "%s::bigint[], %s::integer[], %s::text[], %s::text[], %s::integer[], %s::integer[], %s::bigint[])"
)


@dataclass(frozen=True, slots=True)
class Posted:
    """The entry of a draft and the month it is booked in; `is_new` is False if it was recorded before."""

    entry_id: int
    is_new: bool
    period: Month


def post(drafts: Sequence[Draft]) -> list[Posted]:
    """Write the entries, in the drafts' order; none of them may be empty.

    An event recorded before is left alone. Raises EntryDiffers if it was recorded with other amounts, LedgerError if
    the database refuses (a guarded account overdrawn, an entry reversed twice).
    """
    if not drafts:
        return []
    if len({draft.external_id for draft in drafts}) < len(drafts):
        raise ValueError("each event once")
    try:
        # Inside the caller's transaction a savepoint, which a refusal rolls back to. On PostgreSQL a single draft is
        # written by one statement, which either happens or not, so it can do without both round trips.
        late = cut_off.late(drafts)
        is_one_statement = connection.vendor == "postgresql" and len(drafts) == 1 and not late
        with nullcontext() if is_one_statement else transaction.atomic():
            written = _WRITERS[connection.vendor](drafts, _counts_from(drafts, late))
            known = _same_events([draft for draft in drafts if draft.external_id not in written])
    except IntegrityError as error:
        raise LedgerError(detail=str(error).splitlines()[0]) from error
    posted = {event: Posted(pk, is_new=True, period=Month.of(booked)) for event, (pk, booked) in written.items()}
    return [posted.get(draft.external_id) or known[draft.external_id] for draft in drafts]


def post_one(draft: Draft) -> Posted:
    """Write one entry. Raises as `post` does."""
    return post([draft])[0]


def _counts_from(drafts: Sequence[Draft], late: Sequence[Draft]) -> dict[str, datetime]:
    """Return when each entry counts, by external id, before closed months are considered."""
    counted = {draft.external_id: draft.occurred_at for draft in drafts}
    if late:
        lock_balances((line.account, line.currency) for draft in drafts for line in draft.lines)
        counted |= cut_off.counts_from(late)
    return counted


def lock_balances(accounts: Iterable[tuple[AccountName, str]]) -> dict[tuple[AccountName, str], int]:
    """Lock the balance rows of guarded accounts, in account order, and return their balances on the normal side.

    Until the transaction ends nobody else can post to these accounts. Pass every guarded account of the entry that will
    follow, not only those whose balance matters: that keeps the lock order.
    """
    ids = account_ids(accounts)
    rows = AccountBalance.objects.select_for_update().filter(account_id__in=ids.values()).order_by("account_id")
    amounts = {row.account_id: row.balance_minor * row.side for row in rows}
    return {account: amounts.get(pk, 0) for account, pk in ids.items()}


def account_ids(accounts: Iterable[tuple[AccountName, str]]) -> dict[tuple[AccountName, str], int]:
    """Return the primary keys of accounts by name and currency; open those that are not in the chart yet."""
    wanted = set(accounts)
    ids = _find_accounts(wanted)
    missing = sorted(wanted - ids.keys())
    if missing:
        # Two first sales at once open the same account; the row that was written first counts.
        LedgerAccount.objects.bulk_create(_new_accounts(missing), ignore_conflicts=True)
        ids = _find_accounts(wanted)
    return ids


def _find_accounts(wanted: Iterable[tuple[AccountName, str]]) -> dict[tuple[AccountName, str], int]:
    by_text = {(str(name), currency): (name, currency) for name, currency in wanted}
    rows = LedgerAccount.objects.filter(name__in={text for text, _ in by_text}).values_list("name", "currency", "pk")
    return {by_text[name, currency]: pk for name, currency, pk in rows if (name, currency) in by_text}


def _new_accounts(missing: Iterable[tuple[AccountName, str]]) -> list[LedgerAccount]:
    pairs = list(missing)
    owners = dict(
        User.objects.filter(public_id__in={n.owner for n, _ in pairs if n.owner}).values_list("public_id", "pk")
    )
    return [
        LedgerAccount(
            name=str(name),
            kind=name.kind.value,
            currency=currency,
            side=chart.side_of(name.kind),
            is_guarded=name.kind in chart.GUARDED_KINDS,
            owner_id=owners[name.owner] if name.owner else None,
        )
        for name, currency in pairs
    ]


def _booked_moments(counted: dict[str, datetime]) -> dict[str, datetime]:
    """Return when each entry is booked: when it counts, or the first open moment after the last closed month."""
    last = ClosedPeriod.objects.order_by("-period").values_list("period", flat=True).first()
    opens_at = Month.parse(last).end if last else None
    return {event: max(moment, opens_at) if opens_at else moment for event, moment in counted.items()}


def _write_by_function(drafts: Sequence[Draft], counted: dict[str, datetime]) -> Written:
    """Write entries, postings and seals in one round trip (royalties.triggers.posting). Return the new entries.

    By external id. Raises LedgerError.
    """
    ordered = sorted(drafts, key=attrgetter("external_id"))  # events wait for each other in this order
    columns = _columns(ordered, counted)
    entry_ids, opens_at, refused = _execute(columns)
    if entry_ids is None and refused is None:
        with transaction.atomic():  # open accounts together with their first posting
            account_ids((line.account, line.currency) for draft in drafts for line in draft.lines)
            entry_ids, opens_at, refused = _execute(columns)
    if entry_ids is None:
        raise LedgerError(detail=refused or "an account is missing")
    return {
        draft.external_id: (pk, max(counted[draft.external_id], opens_at) if opens_at else counted[draft.external_id])
        for draft, pk in zip(ordered, entry_ids, strict=True)
        if pk is not None
    }


def _columns(drafts: Sequence[Draft], counted: dict[str, datetime]) -> list[Any]:
    """Return the function's arguments: each entry and account once, and lines that refer to both by position."""
    accounts: dict[tuple[AccountName, str], int] = {}
    line_entries, line_accounts, amounts = [], [], []
    for place, draft in enumerate(drafts, start=1):
        for line in draft.lines:
            line_entries.append(place)
            line_accounts.append(accounts.setdefault((line.account, line.currency), len(accounts) + 1))
            amounts.append(line.amount_minor)
    return [
        _texts(draft.kind for draft in drafts),
        _texts(draft.external_id for draft in drafts),
        _texts(draft.reference for draft in drafts),
        _texts(draft.occurred_at.isoformat() for draft in drafts),
        _texts(counted[draft.external_id].isoformat() for draft in drafts),
        [draft.reverses_id for draft in drafts],
        _numbers(len(draft.lines) for draft in drafts),
        _texts(str(name) for name, _ in accounts),
        _texts(currency for _, currency in accounts),
        _numbers(line_entries),
        _numbers(line_accounts),
        _numbers(amounts),
    ]


# Arrays in the database's text format; the driver takes ten times as long to write them.
def _numbers(values: Iterable[int]) -> str:
    return f"{{{','.join(map(str, values))}}}"


def _texts(values: Iterable[str]) -> str:
    escaped = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return f"{{{','.join([f'"{value}"' for value in escaped])}}}"


def _execute(columns: Sequence[Any]) -> tuple[list[int | None] | None, datetime | None, str | None]:
    with connection.cursor() as cursor:
        cursor.execute(_POST, columns)
        return cast("tuple[list[int | None] | None, datetime | None, str | None]", cursor.fetchone())


def _write(drafts: Sequence[Draft], counted: dict[str, datetime]) -> Written:
    """Write the same in three inserts, for SQLite, whose transactions run one after another anyway."""
    accounts = account_ids((line.account, line.currency) for draft in drafts for line in draft.lines)
    booked = _booked_moments(counted)
    known = set(
        JournalEntry.objects.filter(external_id__in=[d.external_id for d in drafts]).values_list(
            "external_id", flat=True
        )
    )
    new = {draft.external_id: draft for draft in drafts if draft.external_id not in known}
    entries = JournalEntry.objects.bulk_create(_entry(draft, booked[draft.external_id]) for draft in new.values())
    Posting.objects.bulk_create(
        Posting(
            entry=entry,
            account_id=accounts[line.account, line.currency],
            currency=line.currency,
            amount_minor=line.amount_minor,
        )
        for entry, draft in zip(entries, new.values(), strict=True)
        for line in draft.lines
    )
    Seal.objects.bulk_create(
        Seal(entry_id=entry.pk, postings=len(draft.lines)) for entry, draft in zip(entries, new.values(), strict=True)
    )
    return {entry.external_id: (entry.pk, entry.booked_at) for entry in entries}


_WRITERS = {"postgresql": _write_by_function, "sqlite": _write}


def _entry(draft: Draft, booked_at: datetime) -> JournalEntry:
    return JournalEntry(
        kind=draft.kind,
        external_id=draft.external_id,
        reference=draft.reference,
        occurred_at=draft.occurred_at,
        booked_at=booked_at,
        recorded_at=clock.database_real_now(),
        reverses_id=draft.reverses_id,
    )


def _same_events(drafts: Sequence[Draft]) -> dict[str, Posted]:
    """Return events recorded before, by external id, after comparing their amounts. Raises EntryDiffers."""
    if not drafts:
        return {}
    accounts = account_ids((line.account, line.currency) for draft in drafts for line in draft.lines)
    entries = JournalEntry.objects.filter(external_id__in=[d.external_id for d in drafts]).prefetch_related("postings")
    by_event = {entry.external_id: entry for entry in entries}
    for draft in drafts:
        stored = {(p.account_id, p.amount_minor) for p in by_event[draft.external_id].postings.all()}
        if stored != {(accounts[line.account, line.currency], line.amount_minor) for line in draft.lines}:
            raise EntryDiffers(external_id=draft.external_id)
    return {
        event: Posted(entry.pk, is_new=False, period=Month.of(entry.booked_at)) for event, entry in by_event.items()
    }
