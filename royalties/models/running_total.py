"""Running totals kept by the chainer, so that closing a month adds up accounts instead of postings.

All of them are derived: `verify_ledger` counts the postings again and compares.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from royalties.models.ledger import LedgerAccount


class Tally(models.Model):
    """The total effect on an account of chained entries of one kind."""

    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    entry_kind = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField(help_text="debit positive, credit negative")
    debit_minor = models.BigIntegerField(help_text="its debits alone")
    entries = models.PositiveBigIntegerField(help_text="an entry counts once for each owner and currency")

    class Meta:
        abstract = True


class MonthTally(Tally):
    """The totals of entries booked in one month."""

    period = models.CharField(max_length=7, help_text="YYYY-MM")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "account", "entry_kind"], name="month_tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.period} of account {self.account_id}, {self.entry_kind}"


class ClosedTally(Tally):
    """The totals of all closed months together."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "entry_kind"], name="closed_tally_once")]

    def __str__(self) -> str:
        return f"account {self.account_id}, {self.entry_kind}"


class ChainMark(models.Model):
    """A single row that records how far the chainer has come."""

    tallied_position = models.BigIntegerField(default=0, help_text="links up to this one are in the tallies")
    settled_entry = models.BigIntegerField(default=0, help_text="every entry up to this id is chained")


class LedgerCheck(models.Model):
    """A check of the ledger's rules, and the position of the chain up to which it looked.

    If it found nothing, the next close begins there. `since_position` is 0 for a check of everything.
    """

    at = models.DateTimeField()
    since_position = models.BigIntegerField()
    position = models.BigIntegerField()
    chain_hash = models.CharField(max_length=64, blank=True, help_text="of the link at that place")
    audit_position = models.BigIntegerField(default=0, help_text="where the audit log's chain ended")
    audit_hash = models.CharField(max_length=64, blank=True)
    violations = models.PositiveIntegerField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-id"], condition=Q(since_position=0), name="ledger_check_whole"),
            models.Index(fields=["position"], name="ledger_check_position"),
        ]

    def __str__(self) -> str:
        return f"{self.since_position + 1} to {self.position}"

    @property
    def is_whole(self) -> bool:
        """Whether it checked everything from the beginning."""
        return self.since_position == 0
