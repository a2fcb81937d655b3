"""Wishes to have the links to orders sent again, by people who bought without an account."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class LinkRequest(models.Model):
    """One wish. There is one for any address, so that asking tells nothing; it is forgotten after a day."""

    email = models.EmailField()
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, help_text="when it was answered, by mail or by silence")

    class Meta:
        indexes = [
            models.Index(fields=["email", "asked_at"], name="link_request_by_address"),
            models.Index(fields=["asked_at"], condition=Q(done_at=None), name="link_request_to_do"),
        ]
