"""The log of each contract, and which mails were sent about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import models

from common.typed_json import TypedJSONField
from hiring.contract_terms import ContractTerms
from hiring.contracts.models.contract import Contract
from hiring.contracts.models.milestone import Milestone
from hiring.contracts.process import Act, Actor, State


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What an event says besides the step: amounts, a delivery or case, terms that an amendment replaced."""

    released_minor: int = 0
    returned_minor: int = 0
    kept_minor: int = 0
    canceled_by: str = ""
    delivery: str = ""
    case: str = ""
    sha256: tuple[str, ...] = ()
    terms_before: ContractTerms | None = None


class ContractEvent(models.Model):
    """One step of a contract, as it happened. Rows are only added."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="events")
    milestone = models.ForeignKey(Milestone, null=True, on_delete=models.CASCADE, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=Actor)
    act = models.CharField(
        max_length=24, choices=[*Act.choices, ("open", "open"), ("end", "end"), ("reopen", "reopen")]
    )
    state_before = models.CharField(max_length=12, choices=State, blank=True)
    state_after = models.CharField(max_length=12, choices=State, blank=True)
    facts = TypedJSONField(EventFacts, default=EventFacts)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.act} by {self.role}"


class Notice(models.Model):
    """A mail that was handed to the queue: each is sent once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=24)
    about = models.CharField(max_length=80, help_text="the thing and the moment it is about")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "about"], name="contract_notice_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
