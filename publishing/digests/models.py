"""When somebody was last told of what is new about a text, and when they are told next."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from publishing.models import Work


class Digest(models.Model):
    """The emails of one person about one work's text. What is new is asked for when the email is written."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    told_until = models.DateTimeField(help_text="what is older is not told again")
    due_at = models.DateTimeField(null=True, help_text="when there may be news for an email")
    mailed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True, help_text="when the person unsubscribed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "user"], name="digest_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="digest_due")]

    def __str__(self) -> str:
        return f"{self.work_id} {self.user_id}"
