"""Contracts and the amendments that both sides accepted."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from hiring.contract_terms import ContractTerms
from hiring.contracts import standard_terms
from hiring.contracts.process import Actor
from hiring.service_kinds import ServiceKind
from publishing.collaboration.models import Collaborator
from publishing.models import Work


class ContractQuerySet(models.QuerySet["Contract"]):
    def of(self, user: User) -> ContractQuerySet:
        """Filter contracts in which the person is a side."""
        return self.filter(Q(client=user) | Q(provider=user))

    def open(self) -> ContractQuerySet:
        return self.filter(ended_at=None)


class Contract(models.Model):
    """A proposal that both sides accepted. `terms` are frozen; an accepted amendment replaces them as a whole, and the
    log keeps what they were. `terms_version` is the version of the standard terms, which stays.
    """

    public_id = PublicIdField("ctr")
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contracts_as_client")
    provider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contracts_as_provider"
    )
    work = models.ForeignKey(Work, null=True, on_delete=models.SET_NULL, related_name="contracts")
    translation = models.ForeignKey(
        Work, null=True, on_delete=models.SET_NULL, related_name="+", help_text="the work made of the accepted text"
    )
    kind = models.CharField(max_length=24, choices=ServiceKind)
    title = models.CharField(max_length=200)
    terms = TypedJSONField(ContractTerms)
    terms_version = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3, blank=True, help_text="empty where only a royalty share is paid")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[ContractQuerySet] = ContractQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-opened_at", "-id"]
        indexes = [
            models.Index(fields=["client", "-opened_at"], name="contract_of_client"),
            models.Index(fields=["provider", "-opened_at"], name="contract_of_provider"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(client=F("provider")), name="contract_between_two"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("opened_at")), name="contract_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> standard_terms.Days:
        """Return the days of the standard terms that the contract was opened with."""
        return standard_terms.days_of(self.terms_version)

    @property
    def credited_work(self) -> Work | None:
        """Return the work that names the provider and pays their share: of a translation, the translated one."""
        return self.translation if self.kind == ServiceKind.TRANSLATION else self.work

    def side_of(self, user: User) -> Actor | None:
        """Return which side the person is; None for everybody else."""
        return {self.client_id: Actor.CLIENT, self.provider_id: Actor.PROVIDER}.get(user.pk)

    def person(self, side: Actor) -> User:
        return self.client if side == Actor.CLIENT else self.provider


class AmendmentState(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for the other side")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Amendment(models.Model):
    """Other terms that one side proposes. They replace the contract's once the other side accepts."""

    public_id = PublicIdField("amd")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="amendments")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reason = models.TextField(max_length=2000, blank=True)
    terms = TypedJSONField(ContractTerms)
    state = models.CharField(max_length=9, choices=AmendmentState, default=AmendmentState.PROPOSED)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state="proposed"), name="amendment_one_open_per_contract"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", answered_at=None) | (~Q(state="proposed") & Q(answered_at__isnull=False)),
                name="amendment_answered_at",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class DeskAccess(models.Model):
    """Access to the text of a work that a contract gave. It ends with the contract."""

    contract = models.OneToOneField(Contract, on_delete=models.CASCADE, related_name="desk_access")
    collaborator = models.ForeignKey(Collaborator, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "desk accesses"

    def __str__(self) -> str:
        return f"desk access of {self.contract_id}"
