"""Models that belong to no app above: the demonstration's clock, queued emails, emails kept when there is no SMTP
server, and the cache table when there is no Redis.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Value

from common.typed_json import TypedJSONField


class ClockOffset(models.Model):
    """How far the demonstration's clock is ahead of real time. There is at most one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_offset_single_row")]


class OutboxMessage(models.Model):
    """An email that was kept instead of sent."""

    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField(blank=True)
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-sent_at", "-id"]


class PendingMail(models.Model):
    """An email waiting for the mail server. It is deleted once sent, or when it is too old to be of use."""

    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField()
    headers = TypedJSONField(dict[str, str], default=dict, db_default=Value({}, models.JSONField()))
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True, help_text="when it is tried next")


class CacheEntry(models.Model):
    """The table of Django's database cache, as `createcachetable` would make it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
