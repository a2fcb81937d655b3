"""Rows that point to nothing, where the database keeps no foreign key and a trigger or the writer looked instead."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from royalties.models import JournalEntry, LedgerAccount, Posting, Statement, StatementLine


def postings() -> list[int]:
    """Postings whose entry or account is not there."""
    lost = Q(~Exists(JournalEntry.objects.filter(pk=OuterRef("entry_id"))))
    found = Posting.objects.filter(lost | Q(~Exists(LedgerAccount.objects.filter(pk=OuterRef("account_id")))))
    return list(found.order_by("pk").values_list("pk", flat=True))


def statement_lines() -> list[int]:
    """Lines whose statement is not there: no month has them."""
    found = StatementLine.objects.filter(~Exists(Statement.objects.filter(pk=OuterRef("statement_id"))))
    return list(found.order_by("pk").values_list("pk", flat=True))
