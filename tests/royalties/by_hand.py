"""Writing to the ledger's tables by raw SQL, past every service: what the database has to withstand."""

from __future__ import annotations

from django.db import connection, transaction

from royalties.models import JournalEntry, LedgerAccount, Posting, Seal

MOMENT = "2026-11-03 12:00:00"


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def account(name: str, kind: str, side: int, *, guarded: bool = False, currency: str = "USD", owner=None) -> int:
    return LedgerAccount.objects.create(
        name=name, kind=kind, side=side, is_guarded=guarded, currency=currency, owner=owner
    ).pk


def entry(external_id: str = "e1", booked_at: str = MOMENT, reverses: int | None = None) -> int:
    run(
        "INSERT INTO royalties_journalentry "
        "(kind, external_id, reference, occurred_at, booked_at, recorded_at, reverses_id) "
        "VALUES ('sale', %s, 'r', %s, %s, %s, %s)",
        external_id,
        MOMENT,
        booked_at,
        MOMENT,
        reverses,
    )
    return JournalEntry.objects.get(external_id=external_id).pk


def posting(entry_id: int, account_id: int, amount: int, currency: str = "USD", verb: str = "INSERT") -> None:
    run(
        f"{verb} INTO royalties_posting (entry_id, account_id, currency, amount_minor) VALUES (%s, %s, %s, %s)",
        entry_id,
        account_id,
        currency,
        amount,
    )


def seal(entry_id: int, postings: int = 2) -> None:
    run("INSERT INTO royalties_seal (entry_id, postings) VALUES (%s, %s)", entry_id, postings)


def sealed(first: int, second: int, amount: int = 100, external_id: str = "e1") -> int:
    with transaction.atomic():
        pk = entry(external_id)
        posting(pk, first, amount)
        posting(pk, second, -amount)
        seal(pk)
    return pk


def nothing_was_written() -> bool:
    return not (JournalEntry.objects.exists() or Posting.objects.exists() or Seal.objects.exists())
