"""The webhook inbox: every event of the provider is stored once, whatever happens to it afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q


class EventState(models.TextChoices):
    PENDING = "pending"  # stored, not processed yet
    PARKED = "parked"  # names something we do not know yet; retried later
    PROCESSED = "processed"
    GIVEN_UP = "given_up"  # needs a person


class ProviderEventQuerySet(models.QuerySet["ProviderEvent"]):
    def due(self, at: datetime) -> ProviderEventQuerySet:
        """Return the events to process now, by real time."""
        return self.filter(state__in=[EventState.PENDING, EventState.PARKED], next_attempt_at__lte=at)


class ProviderEvent(models.Model):
    """One event, with what is needed to fetch the current state from the provider and none of the buyer's details."""

    event_id = models.CharField(max_length=120, unique=True, help_text="the provider's")
    endpoint = models.CharField(max_length=10, help_text="platform, connect or thin")
    event_type = models.CharField(max_length=120)
    account_id = models.CharField(max_length=120, blank=True, help_text="connected account it came from")
    api_version = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=120)
    reference = models.CharField(max_length=120, blank=True, help_text="our public id, where it carried one")
    data = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=EventState, default=EventState.PENDING)
    received_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(help_text="real time; a worker moves it ahead when it claims the event")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    processed_at = models.DateTimeField(null=True)

    objects: ClassVar[ProviderEventQuerySet] = ProviderEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state__in=["pending", "parked"]), name="provider_event_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.event_id}"
