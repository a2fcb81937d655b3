"""Rows that refer to missing rows, where a trigger or the writer replaces the database's foreign key constraint."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from royalties.models import JournalEntry, LedgerAccount, Posting, Statement, StatementLine


def postings() -> list[int]:
    """Return postings whose entry or account does not exist."""
    lost = Q(~Exists(JournalEntry.objects.filter(pk=OuterRef("entry_id"))))
    found = Posting.objects.filter(lost | Q(~Exists(LedgerAccount.objects.filter(pk=OuterRef("account_id")))))
    return list(found.order_by("pk").values_list("pk", flat=True))


def statement_lines() -> list[int]:
    """Return lines whose statement does not exist, so that they are in no month."""
    found = StatementLine.objects.filter(~Exists(Statement.objects.filter(pk=OuterRef("statement_id"))))
    return list(found.order_by("pk").values_list("pk", flat=True))
