"""The double-entry ledger: only ever appended, kept balanced by the database itself (see `royalties.triggers`).

An entry and its postings become permanent when a seal is written after them: the entry carries a deferred foreign key
to the seal, postings go to unsealed entries only, and the seal's trigger checks that every currency sums to zero.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from royalties import chart
from royalties.models.sealed import SealedBy

_KINDS = [(kind.value, kind.value) for kind in chart.AccountKind]
_GUARDED = sorted(kind.value for kind in chart.GUARDED_KINDS)
_DEBIT = sorted(kind.value for kind in chart.DEBIT_KINDS)


class LedgerAccount(models.Model):
    """A named bucket of one currency with a normal side. Made when first posted to, never changed."""

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=30, choices=_KINDS)
    currency = models.CharField(max_length=3)
    side = models.SmallIntegerField(help_text="1 debit, -1 credit")
    is_guarded = models.BooleanField(help_text="has a balance row that never leaves its normal side")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "currency"], name="ledger_account_once"),
            models.CheckConstraint(
                condition=Q(kind__in=_GUARDED, is_guarded=True) | (~Q(kind__in=_GUARDED) & Q(is_guarded=False)),
                name="ledger_account_guarded_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_DEBIT, side=chart.DEBIT) | (~Q(kind__in=_DEBIT) & Q(side=chart.CREDIT)),
                name="ledger_account_side_by_kind",
            ),
        ]
        indexes = [models.Index(fields=["owner", "currency", "kind"])]

    def __str__(self) -> str:
        return f"{self.name} {self.currency}"

    def as_name(self) -> chart.AccountName:
        """The name in its two parts."""
        return chart.AccountName(chart.AccountKind(self.kind), self.name.partition(":")[2])


class AccountBalance(models.Model):
    """The running balance of a guarded account, written by triggers only."""

    account = models.OneToOneField(
        LedgerAccount, primary_key=True, on_delete=models.PROTECT, related_name="guarded_balance"
    )
    side = models.SmallIntegerField()
    balance_minor = models.BigIntegerField(default=0, help_text="debit positive, credit negative")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(balance_minor=0) | Q(side=1, balance_minor__gt=0) | Q(side=-1, balance_minor__lt=0),
                name="account_never_overdrawn",
            )
        ]


class Seal(models.Model):
    """Says that an entry is complete. Nothing unsealed can commit; nothing is added after the seal."""

    entry_id = models.BigIntegerField(primary_key=True)
    postings = models.PositiveSmallIntegerField()


class EntryKind(models.TextChoices):
    SALE = "sale", _("Sale")
    PROCESSOR_FEE = "processor_fee", _("Processor fee")
    REFUND = "refund", _("Refund")
    CLEARING = "clearing", _("Clearing")
    RECOVERY = "recovery", _("Recovery of a debt")
    TRANSFER_ASKED = "transfer_asked", _("Transfer asked for")
    TRANSFER_CONFIRMED = "transfer_confirmed", _("Transfer confirmed")
    TRANSFER_FAILED = "transfer_failed", _("Transfer failed")
    TRANSFER_REVERSED = "transfer_reversed", _("Transfer reversed")
    PAYOUT_RETURNED = "payout_returned", _("Payout returned")
    PAYOUT_FEE = "payout_fee", _("Cost of a payout")
    PAYABLE_CONVERTED = "payable_converted", _("Converted for a payout")
    DEFERRED = "deferred", _("Paid in advance")
    CONVERSION = "conversion", _("Currency conversion")
    REFUND_FAILED = "refund_failed", _("Refund came back")
    NEEDLESS_PAYMENT = "needless_payment", _("Payment for nothing")
    NEEDLESS_RETURNED = "needless_returned", _("Payment for nothing returned")
    REFUND_RESENT = "refund_resent", _("Refund sent again")
    DISPUTE_OPENED = "dispute_opened", _("Dispute opened")
    DISPUTE_WON = "dispute_won", _("Dispute won")
    DISPUTE_LOST = "dispute_lost", _("Dispute lost")
    DISPUTE_COVERED = "dispute_covered", _("Covered by the protection fund")
    APPEAL_WON = "appeal_won", _("Dispute won on appeal")
    RESERVE_KEPT = "reserve_kept", _("Kept in reserve")
    RESERVE_RELEASED = "reserve_released", _("Released from reserve")
    FUND_FED = "fund_fed", _("Protection fund fed")
    BAD_DEBT = "bad_debt", _("Debt written off")
    PLAN_FEE = "plan_fee", _("Fee of a plan")
    ADJUSTMENT = "adjustment", _("Adjustment")
    BANK_SWEEP = "bank_sweep", _("Moved to our bank")
    BALANCE_CORRECTED = "balance_corrected", _("Provider’s balance corrected")
    WITHHELD = "withheld", _("Tax withheld")
    WITHHOLDING_RETURNED = "withholding_returned", _("Withheld tax given back")
    WITHHOLDING_REMITTED = "withholding_remitted", _("Withheld tax paid to the tax office")


class JournalEntry(models.Model):
    """One business event, balanced, dated, with a reference to what it is about.

    `occurred_at` is when it happened, `booked_at` the moment it counts for (later when its month was closed
    already), `recorded_at` when this row was written, by the database's clock.
    """

    kind = models.CharField(max_length=20, choices=EntryKind)
    external_id = models.CharField(max_length=150, help_text="the same event twice is one entry")
    reference = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    booked_at = models.DateTimeField(db_index=True)
    recorded_at = models.DateTimeField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        ordering = ["-id"]
        # Not by `unique` and `db_index`, which on PostgreSQL give a text a second index, for its beginnings. Nobody
        # looks for those, and every sale would pay for them.
        constraints = [
            models.UniqueConstraint(fields=["external_id"], name="entry_once_per_event"),
            SealedBy(column="id", name="entry_sealed"),
        ]
        indexes = [models.Index(fields=["reference"], name="entry_reference")]
        verbose_name_plural = "journal entries"

    def __str__(self) -> str:
        return str(self.external_id)


class Posting(models.Model):
    """One line of an entry: debit positive, credit negative.

    Foreign keys would check one by one at commit what its trigger has checked: that entry and account are there, and
    the entry unsealed, so that its own key wants a seal. Neither can go, since both are only ever appended.
    """

    # The constraint's index begins with the entry and serves for both.
    entry = models.ForeignKey(
        JournalEntry, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings", db_constraint=False)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "account"], name="posting_once_per_account"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="posting_not_zero"),
        ]

    @property
    def credit_minor(self) -> int:
        return max(-self.amount_minor, 0)


class ChainLink(models.Model):
    """The hash of one committed entry over the previous one's: a changed byte anywhere shows."""

    position = models.BigAutoField(primary_key=True)
    version = models.PositiveSmallIntegerField(help_text="of the rules of its hash, see royalties.chain")
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="link")
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["position"]


class EntryLeaf(models.Model):
    """The hash of one chained entry that its day's tree is built from. Made with the link."""

    link = models.OneToOneField(ChainLink, primary_key=True, on_delete=models.PROTECT, related_name="leaf")
    hash = models.CharField(max_length=64)


class ChainedPosting(models.Model):
    """A posting's place in its account, by the order of the chain, and its salted hash.

    Numbers have no gaps, so one that is left out shows. The salt is random: without it nobody guesses an amount.
    """

    posting = models.OneToOneField(Posting, primary_key=True, on_delete=models.PROTECT, related_name="chained")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveBigIntegerField()
    balance_after_minor = models.BigIntegerField(help_text="debit positive, credit negative")
    salt = models.CharField(max_length=32)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "ordinal"], name="chained_posting_ordinal_once"),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="chained_posting_ordinal_from_one"),
        ]


class DailyRoot(models.Model):
    """The root of the tree over the entries chained on one day, published: what was in the books by then.

    The day of a link is the latest UTC day on which it or any link before it was recorded, so it never changes.
    Closing a month makes a root of its own, so a day can have several.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    day = models.DateField()
    first_position = models.BigIntegerField(unique=True)
    last_position = models.BigIntegerField(unique=True)
    count = models.PositiveBigIntegerField()
    merkle_root = models.CharField(max_length=64)
    previous_root = models.CharField(max_length=64, unique=True)
    root = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} of {self.day}"


class ClosedPeriod(models.Model):
    """A month that takes no more entries, nor does any before it."""

    period = models.CharField(max_length=7, unique=True, help_text="YYYY-MM")
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    trial_balance_hash = models.CharField(max_length=64)
    chain_position = models.BigIntegerField()
    chain_hash = models.CharField(max_length=64)
    audit_position = models.BigIntegerField(default=0, help_text="where the audit log's chain ended")
    audit_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-period"]
        constraints = [
            models.CheckConstraint(condition=~Q(prepared_by=F("closed_by")), name="period_closed_by_two"),
        ]

    def __str__(self) -> str:
        return str(self.period)
