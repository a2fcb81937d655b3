"""Rows that point to nothing, where the database keeps no foreign key and a trigger or the writer looked instead."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from royalties.models import JournalEntry, LedgerAccount, Posting, Statement, StatementLine
from royalties.selectors.scope import Scope


def postings(scope: Scope) -> list[int]:
    """Postings whose account is not there, or whose entry: without one they are in no part, only in everything."""
    lost = Q(~Exists(LedgerAccount.objects.filter(pk=OuterRef("account_id"))))
    if scope.is_whole:
        lost |= Q(~Exists(JournalEntry.objects.filter(pk=OuterRef("entry_id"))))
    found = Posting.objects.filter(scope.entries("entry__")).filter(lost)
    return list(found.order_by("pk").values_list("pk", flat=True))


def statement_lines() -> list[int]:
    """Lines whose statement is not there: no month has them."""
    found = StatementLine.objects.filter(~Exists(Statement.objects.filter(pk=OuterRef("statement_id"))))
    return list(found.order_by("pk").values_list("pk", flat=True))
