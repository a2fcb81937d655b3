"""US tax withheld from royalties of sales to readers in the United States: forms, rates, amounts.

No tax identifier is stored here: a form only says that its signer has one, and the number itself belongs in a vault.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from royalties.models.claim import ClaimHold
from royalties.models.ledger import JournalEntry
from royalties.models.sale import SaleRefund, SaleShare

HIGHEST_RATE_BPS = 3000


class TaxForm(models.TextChoices):
    """The IRS forms by which a payee declares who they are for tax."""

    W8BEN = "W-8BEN", _("W-8BEN: a person who is not taxed as a resident of the United States")
    W8BENE = "W-8BEN-E", _("W-8BEN-E: a company outside the United States")
    W9 = "W-9", _("W-9: a US person or company")


class CertificateState(models.TextChoices):
    HANDED_IN = "handed_in", _("Awaiting review")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Rejected")


class TaxCertificateQuerySet(models.QuerySet["TaxCertificate"]):
    def in_force(self, day: date) -> TaxCertificateQuerySet:
        """Return accepted forms that are valid on the day, newest first."""
        begun = self.filter(state=CertificateState.ACCEPTED, valid_from__lte=day)
        return begun.filter(Q(expires_on=None) | Q(expires_on__gte=day)).order_by("-valid_from", "-id")


class TaxCertificate(models.Model):
    """One form as a contributor signed it, and finance's decision. Once decided it never changes."""

    public_id = PublicIdField("cer")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tax_certificates")
    form = models.CharField(max_length=8, choices=TaxForm)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, help_text="of residence for tax")
    claims_treaty = models.BooleanField(default=False)
    has_taxpayer_number = models.BooleanField(default=False, help_text="as stated; the number is not kept here")
    signature = models.CharField(max_length=120, help_text="typed by the signer")
    signed_on = models.DateField()
    handed_in_at = models.DateTimeField()
    valid_from = models.DateField(help_text="the day it was handed in: nobody relies on it earlier")
    expires_on = models.DateField(null=True, help_text="the last day; none for a form that does not expire")
    state = models.CharField(max_length=10, choices=CertificateState, default=CertificateState.HANDED_IN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why, as the contributor reads it")
    decision_told_at = models.DateTimeField(null=True, help_text="when the signer was told the decision")
    told_days = models.PositiveSmallIntegerField(null=True, help_text="days before expiry of the last reminder")

    objects: ClassVar[TaxCertificateQuerySet] = TaxCertificateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="handed_in"), name="tax_certificate_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("signed_on")), name="tax_certificate_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(state="handed_in", decided_by__isnull=True)
                | (~Q(state="handed_in") & Q(decided_by__isnull=False)),
                name="tax_certificate_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("user")), name="tax_certificate_four_eyes"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class WithholdingRuleQuerySet(models.QuerySet["WithholdingRule"]):
    def in_force(self, *, country: str, at: datetime) -> WithholdingRule | None:
        """Return the country's rule in force at the moment; None if none was ever entered or the last one ended it."""
        rule = self.filter(country=country, effective_at__lte=at).order_by("-effective_at", "-id").first()
        return rule if rule is not None and rule.rate_bps else None


class WithholdingRule(models.Model):
    """The rate withheld without a form from sales to readers in a country, from a moment on. A rate of 0 ends it.

    A new installation has none: only its operator can know whether it is a withholding agent.
    """

    country = models.CharField(max_length=2)
    effective_at = models.DateTimeField()
    rate_bps = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    objects: ClassVar[WithholdingRuleQuerySet] = WithholdingRuleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "effective_at"], name="withholding_rule_once_per_moment"),
            models.CheckConstraint(condition=Q(rate_bps__lte=HIGHEST_RATE_BPS), name="withholding_rule_range"),
        ]


class TreatyRate(models.Model):
    """The rate that a treaty leaves for residents of a country, from a day on."""

    country = models.CharField(max_length=2, help_text="of residence")
    effective_on = models.DateField()
    rate_bps = models.PositiveIntegerField()
    article = models.CharField(max_length=40)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "effective_on"], name="treaty_rate_once_per_day"),
            models.CheckConstraint(condition=Q(rate_bps__lte=HIGHEST_RATE_BPS), name="treaty_rate_range"),
        ]


class Withholding(models.Model):
    """What was withheld from one share of one sale when it became payable, and under which form.

    From its contributor, or from the winner of a claim to whom part of it went.

    A share from which the form leaves nothing to withhold has a row, too, because it is reported all the same.
    """

    share = models.ForeignKey(SaleShare, on_delete=models.PROTECT, related_name="withholdings")
    claim_hold = models.OneToOneField(
        ClaimHold,
        null=True,
        on_delete=models.PROTECT,
        related_name="withholding",
        help_text="when part of the share went to the winner of a claim: withheld from them",
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="withholdings")
    certificate = models.ForeignKey(TaxCertificate, null=True, on_delete=models.PROTECT, related_name="withholdings")
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    rate_bps = models.PositiveIntegerField()
    basis_minor = models.PositiveBigIntegerField(help_text="the royalty that became payable")
    amount_minor = models.PositiveBigIntegerField()
    returned_minor = models.PositiveBigIntegerField(default=0, help_text="of the amount, so far")
    withheld_at = models.DateTimeField()
    period = models.CharField(max_length=7, help_text="YYYY-MM, the month it is booked in")
    entry = models.OneToOneField(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="withholding", help_text="none for nothing"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share"], condition=Q(claim_hold=None), name="withholding_once_per_share"),
            models.CheckConstraint(condition=Q(amount_minor__lte=F("basis_minor")), name="withholding_within_basis"),
            models.CheckConstraint(
                condition=Q(returned_minor__lte=F("amount_minor")), name="withholding_returned_within_amount"
            ),
        ]
        indexes = [models.Index(fields=["user", "currency", "period"])]

    @property
    def left_minor(self) -> int:
        """What is still withheld."""
        return self.amount_minor - self.returned_minor


class WithholdingReturn(models.Model):
    """Part of what was withheld, given back with a return of its sale or because a form came late.

    Without an entry it is waiting: the money was remitted already, and comes out of what is withheld next.
    """

    withholding = models.ForeignKey(Withholding, on_delete=models.PROTECT, related_name="returns")
    refund = models.ForeignKey(
        SaleRefund, null=True, on_delete=models.PROTECT, related_name="withholding_returns", help_text="none: late form"
    )
    basis_minor = models.PositiveBigIntegerField(help_text="of the royalty, what went back to the reader")
    amount_minor = models.PositiveBigIntegerField()
    decided_at = models.DateTimeField()
    period = models.CharField(max_length=7, blank=True, help_text="YYYY-MM, the month it is booked in")
    entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="withholding_return")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["withholding", "refund"], name="withholding_return_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="withholding_return_not_zero"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(entry=None), name="withholding_return_waiting")]


class RemittanceState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class Remittance(models.Model):
    """Withheld tax paid from our bank account to the country's tax office: one person proposes, another approves."""

    public_id = PublicIdField("rem")
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    note = models.CharField(max_length=200, help_text="the deposit's own reference")
    state = models.CharField(max_length=10, choices=RemittanceState, default=RemittanceState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="remittance")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved", decided_by=F("proposed_by")), name="remittance_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
                name="remittance_decided_by_somebody",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="remittance_not_zero"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
