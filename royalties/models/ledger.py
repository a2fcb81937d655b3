"""The double-entry ledger: append-only, kept balanced by the database itself (see `royalties.triggers`).

An entry and its postings become permanent when a seal is written after them: the entry carries a deferred foreign key
to the seal, postings can only be added to unsealed entries, and the seal's trigger checks that every currency sums to
zero.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from royalties import chart
from royalties.models.seal_constraint import SealedBy

_KINDS = [(kind.value, kind.value) for kind in chart.AccountKind]
_GUARDED = sorted(kind.value for kind in chart.GUARDED_KINDS)
_DEBIT = sorted(kind.value for kind in chart.DEBIT_KINDS)


class LedgerAccount(models.Model):
    """A named bucket of one currency with a normal side. Created when first posted to, never changed."""

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
    """The running balance of a guarded account, written only by triggers."""

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
    """The mark of a complete entry. Nothing unsealed can commit; nothing can be added after the seal."""

    entry_id = models.BigIntegerField(primary_key=True)
    postings = models.PositiveSmallIntegerField()


class EntryKind(models.TextChoices):
    SALE = "sale", _("Sale")
    PROCESSOR_FEE = "processor_fee", _("Card fee")
    REFUND = "refund", _("Refund")
    CLEARING = "clearing", _("Clearing")
    RECOVERY = "recovery", _("Debt recovered")
    TRANSFER_ASKED = "transfer_asked", _("Transfer requested")
    TRANSFER_CONFIRMED = "transfer_confirmed", _("Transfer confirmed")
    TRANSFER_FAILED = "transfer_failed", _("Transfer failed")
    TRANSFER_REVERSED = "transfer_reversed", _("Transfer reversed")
    PAYOUT_RETURNED = "payout_returned", _("Payout returned")
    PAYOUT_FEE = "payout_fee", _("Payout cost")
    PAYABLE_CONVERTED = "payable_converted", _("Converted for a payout")
    DEFERRED = "deferred", _("Prepayment received")
    CONVERSION = "conversion", _("Currency conversion")
    REFUND_FAILED = "refund_failed", _("Refund returned by the bank")
    NEEDLESS_PAYMENT = "needless_payment", _("Duplicate payment")
    NEEDLESS_RETURNED = "needless_returned", _("Duplicate payment refunded")
    REFUND_RESENT = "refund_resent", _("Refund sent again")
    DISPUTE_OPENED = "dispute_opened", _("Dispute opened")
    DISPUTE_WON = "dispute_won", _("Dispute won")
    DISPUTE_LOST = "dispute_lost", _("Dispute lost")
    DISPUTE_COVERED = "dispute_covered", _("Covered by the protection fund")
    APPEAL_WON = "appeal_won", _("Dispute won on appeal")
    RESERVE_KEPT = "reserve_kept", _("Moved to reserve")
    RESERVE_RELEASED = "reserve_released", _("Released from reserve")
    CLAIM_KEPT = "claim_kept", _("Held for a claim")
    CLAIM_RELEASED = "claim_released", _("Released after a claim")
    CLAIM_DECIDED = "claim_decided", _("Claim upheld")
    CLAIM_TAKEN = "claim_taken", _("Taken back after an upheld claim")
    FUND_FED = "fund_fed", _("Protection fund topped up")
    BAD_DEBT = "bad_debt", _("Debt written off")
    PLAN_FEE = "plan_fee", _("Plan or report fee")
    ADJUSTMENT = "adjustment", _("Adjustment")
    BANK_SWEEP = "bank_sweep", _("Moved to our bank")
    BALANCE_CORRECTED = "balance_corrected", _("Provider balance corrected")
    WITHHELD = "withheld", _("Tax withheld")
    WITHHOLDING_RETURNED = "withholding_returned", _("Withheld tax refunded")
    WITHHOLDING_REMITTED = "withholding_remitted", _("Withheld tax paid to the tax authority")
    MILESTONE_FUNDED = "milestone_funded", _("Milestone paid")
    MILESTONE_SETTLED = "milestone_settled", _("Milestone settled")
    MILESTONE_RETURNED = "milestone_returned", _("Milestone returned to the client")
    MILESTONE_TAKEN = "milestone_taken", _("Taken back after release")
    MILESTONE_LOST = "milestone_lost", _("Milestone lost in a dispute")
    MILESTONE_FEE_KEPT = "milestone_fee_kept", _("Card fee of a cancelled milestone")


class JournalEntry(models.Model):
    """One business event, balanced and dated, with a reference to what it is about.

    `occurred_at` is when it happened; `booked_at` is the moment it counts for (later if its month was already closed);
    `recorded_at` is when this row was written, by the database's clock.
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
        # Not `unique` and `db_index`: on PostgreSQL these give a text column a second index for prefix searches. Nobody
        # searches by prefix here, and every sale would pay for that index.
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

    The database has no foreign key constraints here: at commit they would check one by one what the posting's trigger
    has checked already, that entry and account exist and that the entry is unsealed, so that its own foreign key
    demands a seal. Neither row can disappear, because both tables are append-only.
    """

    # The constraint's index begins with the entry and also serves this lookup.
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
    """The hash of one committed entry, chained to the previous one's: a changed byte anywhere shows."""

    position = models.BigAutoField(primary_key=True)
    version = models.PositiveSmallIntegerField(help_text="of the rules of its hash, see royalties.ledger_chain")
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="link")
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["position"]


class EntryLeaf(models.Model):
    """The hash of one chained entry, a leaf of its day's tree. Made with the link."""

    link = models.OneToOneField(ChainLink, primary_key=True, on_delete=models.PROTECT, related_name="leaf")
    hash = models.CharField(max_length=64)


class ChainedPosting(models.Model):
    """A posting's number in its account, in the order of the chain, and its salted hash.

    The numbers have no gaps, so an omitted posting shows. The random salt keeps amounts from being guessed.
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
    """The published root of the tree over the entries chained on one day: it fixes what was in the books by then.

    The day of a link is the latest UTC day on which it or any link before it was recorded, so it never changes. Closing
    a month makes a root of its own, so a day can have several.
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
    """A closed month: neither it nor any month before it takes more entries."""

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
