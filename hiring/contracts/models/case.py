"""Cases between the two sides of a contract: what is in question, what they say, the decision and its appeal."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.ids import PublicIdField
from common.money import Money
from hiring.contracts.models.milestone import Milestone, Settlement
from hiring.contracts.process import CASE_STATES, ShareRuling, State


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.filter(closed_at=None)

    def waiting(self) -> CaseQuerySet:
        """Filter cases that a person has to decide, or whose appeal a second person has to."""
        return self.open().filter(milestone__state__in=[State.TO_DECIDE, State.APPEALED])


class Case(models.Model):
    """One disagreement about the money of a milestone. Its state is the milestone's.

    `settlement` is set if the money was released by silence: then the decision takes it back rather than holding it.
    A decision says how much of the amount in question is the provider's; it is booked once it is final. A case that is
    withdrawn leads back to `state_before`, with as much time as was left when it was opened. A case about a milestone
    that a royalty share alone pays for has no amount: its decision is a ruling.
    """

    public_id = PublicIdField("cse")
    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="cases")
    settlement = models.OneToOneField(Settlement, null=True, on_delete=models.PROTECT, related_name="case")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    state_before = models.CharField(max_length=12, choices=State)
    since_before = models.DateTimeField(null=True, help_text="when the milestone had come into that state")
    amount_minor = models.PositiveBigIntegerField(help_text="0 where it is about a royalty share")
    reason = models.TextField(max_length=4000)
    answered_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    provider_minor = models.PositiveBigIntegerField(null=True, help_text="as decided; the rest is the client's")
    as_decided_minor = models.PositiveBigIntegerField(
        null=True, help_text="the provider's as it was decided, before a bank took some of it"
    )
    share_ruling = models.CharField(max_length=8, choices=ShareRuling, blank=True, help_text="as decided")
    decision = models.TextField(blank=True, max_length=4000)
    appealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    appealed_at = models.DateTimeField(null=True)
    appeal = models.TextField(blank=True, max_length=4000)
    appeal_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    appeal_decided_at = models.DateTimeField(null=True)
    appeal_provider_minor = models.PositiveBigIntegerField(null=True)
    appeal_share_ruling = models.CharField(max_length=8, choices=ShareRuling, blank=True)
    appeal_decision = models.TextField(blank=True, max_length=4000)
    withdrawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["milestone"], condition=Q(closed_at=None), name="contract_case_one_open"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, share_ruling="", appeal_share_ruling="")
                | Q(amount_minor=0, decided_at=None, share_ruling="")
                | Q(amount_minor=0, decided_at__isnull=False, share_ruling__in=ShareRuling.values),
                name="contract_case_decides_what_it_is_about",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0)
                | Q(appeal_decided_at=None, appeal_share_ruling="")
                | Q(appeal_decided_at__isnull=False, appeal_share_ruling__in=ShareRuling.values),
                name="contract_case_appeal_decides_what_it_is_about",
            ),
            models.CheckConstraint(
                condition=Q(provider_minor=None) | Q(provider_minor__lte=F("amount_minor")),
                name="contract_case_decides_its_amount",
            ),
            models.CheckConstraint(
                condition=Q(appeal_provider_minor=None) | Q(appeal_provider_minor__lte=F("amount_minor")),
                name="contract_case_appeal_decides_its_amount",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, provider_minor=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, provider_minor__isnull=False),
                name="contract_case_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(appeal_decided_by=None)
                | (~Q(appeal_decided_by=F("decided_by")) & Q(appeal_provider_minor__isnull=False)),
                name="contract_case_appeal_by_another",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(closed_at=F("withdrawn_at"), decided_at=None),
                name="contract_case_withdrawn_undecided",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.milestone.currency)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.milestone.state in CASE_STATES

    @property
    def is_about_share(self) -> bool:
        return not self.amount_minor

    @property
    def decided_for_provider(self) -> Money | None:
        """Return what the last decision gives the provider of the amount; None before any."""
        minor = self.provider_minor if self.appeal_provider_minor is None else self.appeal_provider_minor
        return None if minor is None else Money(minor, self.milestone.currency)


class CaseStatement(models.Model):
    """What one side says in a case, after the reason for which it was opened."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="statements")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(blank=True, max_length=4000)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"statement in {self.case_id}"


class CaseFile(models.Model):
    """A file that one side shows in a case, unaltered, under its checksum in private storage."""

    public_id = PublicIdField("csf")
    statement = models.ForeignKey(CaseStatement, on_delete=models.CASCADE, related_name="files")
    file_name = models.CharField(max_length=300, help_text="as its sender named it")
    file = models.CharField(max_length=300, help_text="name in private storage")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["statement", "sha256"], name="case_file_once")]

    def __str__(self) -> str:
        return self.file_name
