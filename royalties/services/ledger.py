"""The only writer of journal entries.

Lock order, for every service of this app: sale or payout rows in primary-key order, then balance rows of guarded
accounts in account order (`lock_balances`, or the posting itself, which inserts in account order), nothing after.
Accounts of the platform (`stripe_balance`, `platform_fee`) have no balance row, so sales never wait for each other
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from accounts.models import User
from common import clock
from common.periods import Month
from royalties import chart
from royalties.chart import AccountName
from royalties.entries import Draft
from royalties.errors import EntryDiffers, LedgerError
from royalties.models import AccountBalance, ClosedPeriod, JournalEntry, LedgerAccount, Posting, Seal

# Id and booked moment of new entries by external id.
type Written = dict[str, tuple[int, datetime]]


@dataclass(frozen=True, slots=True)
class Posted:
    """The entry of a draft and the month it is booked in; `is_new` is False when it was recorded before."""

    entry_id: int
    is_new: bool
    period: Month


def post(drafts: Sequence[Draft]) -> list[Posted]:
    """Write the entries, in the drafts' order; none of them may be empty.

    An event recorded before is left alone. Raises EntryDiffers when it was recorded with other amounts, LedgerError
    when the database refuses (a guarded account overdrawn, an entry reversed twice).
    """
    if not drafts:
        return []
    if len({draft.external_id for draft in drafts}) < len(drafts):
        raise ValueError("each event once")
    try:
        with transaction.atomic():  # inside of the caller's transaction a savepoint, which a refusal rolls back to
            write = _write_in_one_statement if connection.vendor == "postgresql" else _write
            written = write(drafts)
            known = _same_events([draft for draft in drafts if draft.external_id not in written])
    except IntegrityError as error:
        raise LedgerError(detail=str(error).splitlines()[0]) from error
    posted = {event: Posted(pk, is_new=True, period=Month.of(booked)) for event, (pk, booked) in written.items()}
    return [posted.get(draft.external_id) or known[draft.external_id] for draft in drafts]


def post_one(draft: Draft) -> Posted:
    """Write one entry. Raises like `post`."""
    return post([draft])[0]


def lock_balances(accounts: Iterable[tuple[AccountName, str]]) -> dict[tuple[AccountName, str], int]:
    """Take the balance rows of guarded accounts, in account order, and return how much is on their normal side.

    Until the transaction ends nobody else posts to these accounts. Pass every guarded account of the entry that will
    follow, not only those whose balance matters: that keeps the lock order.
    """
    ids = account_ids(accounts)
    rows = AccountBalance.objects.select_for_update().filter(account_id__in=ids.values()).order_by("account_id")
    amounts = {row.account_id: row.balance_minor * row.side for row in rows}
    return {account: amounts.get(pk, 0) for account, pk in ids.items()}


def account_ids(accounts: Iterable[tuple[AccountName, str]]) -> dict[tuple[AccountName, str], int]:
    """The primary keys of accounts by name and currency; those not yet in the chart are opened."""
    wanted = set(accounts)
    ids = _find_accounts(wanted)
    missing = sorted(wanted - ids.keys())
    if missing:
        # Two first sales at once open the same account; the row that was first counts.
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


def _booked_moments(drafts: Sequence[Draft]) -> dict[str, datetime]:
    """When each entry counts: when it happened, or the first open moment after the last closed month."""
    last = ClosedPeriod.objects.order_by("-period").values_list("period", flat=True).first()
    opens_at = Month.parse(last).end if last else None
    return {d.external_id: max(d.occurred_at, opens_at) if opens_at else d.occurred_at for d in drafts}


# Names of accounts are looked up here, and the first open moment, so that a sale takes one round trip. When an account
# is missing nothing is written, and the number of lines found says so in the row without a name.
_STATEMENT = """
WITH draft AS (
  SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::bigint[])
    AS d (kind, external_id, reference, occurred_at, reverses_id)
), line AS (
  SELECT l.external_id, account.id AS account_id, l.currency, l.amount_minor
  FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) AS l (external_id, name, currency, amount_minor)
  JOIN royalties_ledgeraccount account ON account.name = l.name AND account.currency = l.currency
), open_from AS (
  SELECT (to_date(max(period), 'YYYY-MM') + interval '1 month') AT TIME ZONE 'UTC' AS at FROM royalties_closedperiod
), entry AS (
  INSERT INTO royalties_journalentry
    (kind, external_id, reference, occurred_at, booked_at, reverses_id, recorded_at)
  SELECT kind, external_id, reference, occurred_at, greatest(occurred_at, open_from.at), reverses_id, %s
  FROM draft, open_from WHERE (SELECT count(*) FROM line) = %s ORDER BY external_id
  ON CONFLICT (external_id) DO NOTHING
  RETURNING id, external_id, booked_at
), posting AS (
  INSERT INTO royalties_posting (entry_id, account_id, currency, amount_minor)
  SELECT entry.id, line.account_id, line.currency, line.amount_minor FROM entry JOIN line USING (external_id)
  ORDER BY line.account_id, entry.id
  RETURNING entry_id
), seal AS (
  INSERT INTO royalties_seal (entry_id, postings) SELECT entry_id, count(*) FROM posting GROUP BY entry_id
  RETURNING entry_id
)
SELECT entry.external_id, entry.id, entry.booked_at FROM entry JOIN seal ON seal.entry_id = entry.id
UNION ALL SELECT '', count(*), NULL FROM line
"""


def _write_in_one_statement(drafts: Sequence[Draft]) -> Written:
    """Entries, postings and seals in one round trip; returns the new entries by external id."""
    lines = [
        (draft.external_id, str(line.account), line.currency, line.amount_minor)
        for draft in drafts
        for line in draft.lines
    ]
    columns: list[Any] = [
        [str(d.kind) for d in drafts],
        [d.external_id for d in drafts],
        [d.reference for d in drafts],
        [d.occurred_at for d in drafts],
        [d.reverses_id for d in drafts],
        *(list(column) for column in zip(*lines, strict=True)),
        clock.real_now(),
        len(lines),
    ]
    written = _execute(columns)
    if written.pop("")[0] < len(lines):
        account_ids((line.account, line.currency) for draft in drafts for line in draft.lines)
        written = _execute(columns)
        del written[""]
    return written


def _execute(columns: Sequence[Any]) -> Written:
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, columns)
        return {event: (pk, booked_at) for event, pk, booked_at in cursor.fetchall()}


def _write(drafts: Sequence[Draft]) -> Written:
    """The same in three inserts, for SQLite, whose transactions run one after another anyway."""
    accounts = account_ids((line.account, line.currency) for draft in drafts for line in draft.lines)
    booked = _booked_moments(drafts)
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


def _entry(draft: Draft, booked_at: datetime) -> JournalEntry:
    return JournalEntry(
        kind=draft.kind,
        external_id=draft.external_id,
        reference=draft.reference,
        occurred_at=draft.occurred_at,
        booked_at=booked_at,
        recorded_at=clock.real_now(),
        reverses_id=draft.reverses_id,
    )


def _same_events(drafts: Sequence[Draft]) -> dict[str, Posted]:
    """Events recorded before, by external id, after comparing their amounts. Raises EntryDiffers."""
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
