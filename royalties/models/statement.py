"""What a contributor earned in one closed month, frozen when the month closed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from publishing.models import Work
from royalties.models.ledger import ClosedPeriod
from royalties.models.terms import RoyaltyTerms


class MovementKind(models.TextChoices):
    """Why the amount owed to a contributor changed in a month, or moved between its parts.

    In the order of a statement; `royalties.selectors.movements` says which posting belongs to which kind.
    """

    ROYALTIES = "royalties", _("Royalties from sales")
    RETURNS = "returns", _("Royalties on returns")
    LOST_DISPUTES = "lost_disputes", _("Royalties on lost disputes")
    CONTRACT_PAY = "contract_pay", _("Pay from contracts, less our fee")
    CONTRACT_PAY_TAKEN = "contract_pay_taken", _("Pay from contracts, taken back")
    FUND_COVER = "fund_cover", _("Covered by the protection fund")
    WON_ON_APPEAL = "won_on_appeal", _("Disputes won on appeal")
    CLAIMS_UPHELD = "claims_upheld", _("Upheld claims")
    CLAIMS_TAKEN = "claims_taken", _("Upheld claims, on returns")
    ADJUSTMENTS = "adjustments", _("Adjustments")
    PLAN_FEES = "plan_fees", _("Plan and report fees")
    PAYOUT_COSTS = "payout_costs", _("Payout costs")
    CONVERTED = "converted", _("Converted to or from another currency")
    WRITTEN_OFF = "written_off", _("Debt written off")
    WITHHELD = "withheld", _("Tax withheld")
    WITHHOLDING_RETURNED = "withholding_returned", _("Withheld tax refunded")
    PAID_OUT = "paid_out", _("Paid out")
    PAYOUTS_RETURNED = "payouts_returned", _("Returned payouts")
    TRANSFERS_REVERSED = "transfers_reversed", _("Recovered from earlier payouts")

    CLEARED = "cleared", _("Cleared and now payable")
    RESERVE_KEPT = "reserve_kept", _("Moved to reserve")
    RESERVE_RELEASED = "reserve_released", _("Released from reserve")
    CLAIM_KEPT = "claim_kept", _("Held for claims")
    CLAIM_RELEASED = "claim_released", _("Released after claims")
    HELD_IN_DISPUTE = "held_in_dispute", _("Held in dispute")
    BACK_FROM_DISPUTE = "back_from_dispute", _("Released after won disputes")
    DEBT_RECOVERED = "debt_recovered", _("Debt deducted from payable royalties")
    PAYOUT_ASKED = "payout_asked", _("Requested as payout")
    PAYOUT_FAILED = "payout_failed", _("Returned from failed payouts")


class Statement(models.Model):
    """One statement for a contributor, month and currency: opening + royalties - returns - paid out + other = closing.

    Balances are what the platform owes the contributor: in clearing, payable, in transit, in reserve, in dispute and
    held for claims, less what they owe. The columns sum up the movements for lists; `movements` has each by its kind.
    """

    public_id = PublicIdField("stm")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="statements")
    closed_period = models.ForeignKey(ClosedPeriod, on_delete=models.PROTECT, related_name="statements")
    period = models.CharField(max_length=7, help_text="YYYY-MM")
    currency = models.CharField(max_length=3)
    opening_minor = models.BigIntegerField()
    royalties_minor = models.BigIntegerField()
    returns_minor = models.BigIntegerField(help_text="of returns and lost disputes")
    paid_out_minor = models.BigIntegerField()
    other_minor = models.BigIntegerField(default=0, help_text="of all other movements that change what is owed")
    closing_minor = models.BigIntegerField()
    closing_clearing_minor = models.BigIntegerField()
    closing_payable_minor = models.BigIntegerField()
    closing_in_transit_minor = models.BigIntegerField()
    closing_reserve_minor = models.BigIntegerField(default=0)
    closing_disputed_minor = models.BigIntegerField(default=0)
    closing_claimed_minor = models.BigIntegerField(default=0, db_default=0, help_text="held for claims")
    closing_owed_minor = models.BigIntegerField(help_text="what the contributor owes")
    sha256 = models.CharField(max_length=64, help_text="of the statement's canonical text")

    class Meta:
        ordering = ["-period", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["user", "period", "currency"], name="statement_once"),
            models.CheckConstraint(
                condition=Q(
                    closing_minor=F("opening_minor")
                    + F("royalties_minor")
                    - F("returns_minor")
                    - F("paid_out_minor")
                    + F("other_minor")
                ),
                name="statement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    closing_minor=F("closing_clearing_minor")
                    + F("closing_payable_minor")
                    + F("closing_in_transit_minor")
                    + F("closing_reserve_minor")
                    + F("closing_disputed_minor")
                    + F("closing_claimed_minor")
                    - F("closing_owed_minor")
                ),
                name="statement_parts_add_up",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def earned_minor(self) -> int:
        """Royalties of sales less those of returns: the sum of the lines."""
        return self.royalties_minor - self.returns_minor

    @property
    def file_stem(self) -> str:
        """The name of its downloads, which lets finance keep those of many payees in one folder."""
        return f"statement-{self.period}-{self.currency}-{self.user.public_id}"


class StatementProof(models.Model):
    """The hash of a statement's file as it was first downloaded; the next statement's file names it."""

    statement = models.OneToOneField(Statement, primary_key=True, on_delete=models.PROTECT, related_name="proof")
    file_sha256 = models.CharField(max_length=64)


class StatementMovement(models.Model):
    """The sum of one kind of movement, and how many journal entries made it up.

    Signed where it changes what is owed; otherwise the amount that moved from one part to another.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=20, choices=MovementKind)
    amount_minor = models.BigIntegerField()
    entries = models.PositiveIntegerField(help_text="journal entries")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["statement", "kind"], name="statement_movement_once")]


class StatementContractLine(models.Model):
    """What one milestone of a contract brought in a month, less what was taken back of it."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="contract_lines")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=80, help_text="mst_…")
    contract_reference = models.CharField(max_length=80, help_text="ctr_…")
    title = models.CharField(max_length=300, help_text="as agreed")
    gross_minor = models.BigIntegerField(help_text="released, with our fee in it")
    fee_minor = models.BigIntegerField(help_text="VAT included")
    fee_vat_minor = models.BigIntegerField()
    pay_minor = models.BigIntegerField(help_text="the payee's: gross less the fee")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="statement_contract_line_once"),
            models.CheckConstraint(
                condition=Q(pay_minor=F("gross_minor") - F("fee_minor")), name="statement_contract_line_adds_up"
            ),
        ]

    @property
    def movement(self) -> MovementKind:
        """The movement whose entries explain it: where nothing is left, something was taken back."""
        return MovementKind.CONTRACT_PAY if self.gross_minor > 0 else MovementKind.CONTRACT_PAY_TAKEN


class SoldFormat(models.TextChoices):
    EBOOK = "ebook", _("E-book")


class StatementLine(models.Model):
    """One work at one price in one country under one agreement. Units and amounts of sales less returns are the net.

    The database has no foreign key constraints here: a month has very many lines, and it would check three keys for
    each. Work and terms are those of the shares that the line adds up, whose foreign keys protect them; statements are
    append-only.
    """

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    position = models.PositiveIntegerField()
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    title = models.CharField(max_length=300, help_text="as it was called then")
    country = models.CharField(max_length=2, blank=True)
    unit_price_minor = models.PositiveBigIntegerField(help_text="paid for one, tax included")
    terms = models.ForeignKey(
        RoyaltyTerms, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    sold = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    net_price_minor = models.BigIntegerField(help_text="price without tax, net of returns, of the whole work")
    processor_fee_minor = models.BigIntegerField()
    platform_fee_minor = models.BigIntegerField()
    royalty_minor = models.BigIntegerField(help_text="this contributor's share, net of returns")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["statement", "position"], name="statement_line_once")]

    @property
    def format(self) -> SoldFormat:
        """The format sold: an edition is an e-book, and nothing else is sold."""
        return SoldFormat.EBOOK

    @property
    def work_royalty_minor(self) -> int:
        """The royalty that the contributor has a share of: the price without tax less both fees."""
        return int(self.net_price_minor - self.processor_fee_minor - self.platform_fee_minor)

    @property
    def net_units(self) -> int:
        return self.sold - self.returned
