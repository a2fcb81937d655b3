"""What the chainer counts as it goes, so that closing a month adds up accounts and not postings.

All of it is derived: `verify_ledger` counts the postings again and compares.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from royalties.models.ledger import LedgerAccount


class Tally(models.Model):
    """What chained entries of one kind did to an account."""

    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    entry_kind = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField(help_text="debit positive, credit negative")
    debit_minor = models.BigIntegerField(help_text="its debits alone")
    entries = models.PositiveBigIntegerField(help_text="an entry counts once for each owner and currency")

    class Meta:
        abstract = True


class MonthTally(Tally):
    """Of the entries booked in one month."""

    period = models.CharField(max_length=7, help_text="YYYY-MM")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "account", "entry_kind"], name="month_tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.period} of account {self.account_id}, {self.entry_kind}"


class ClosedTally(Tally):
    """Of all closed months together."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "entry_kind"], name="closed_tally_once")]

    def __str__(self) -> str:
        return f"account {self.account_id}, {self.entry_kind}"


class ChainMark(models.Model):
    """One row: how far the chainer has come."""

    tallied_position = models.BigIntegerField(default=0, help_text="links up to this one are in the tallies")
    settled_entry = models.BigIntegerField(default=0, help_text="every entry up to this id is chained")


class LedgerCheck(models.Model):
    """A run over the rules, and the place of the chain up to which it looked.

    Where nothing was found, the next close begins there. `since_position` is 0 for a run over everything.
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
        """Whether it looked at everything from the beginning."""
        return self.since_position == 0
