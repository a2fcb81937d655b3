"""Requests for order links by people who bought without an account."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class LinkRequest(models.Model):
    """One request. It is stored for any address, so that asking reveals nothing; it is deleted after a day."""

    email = models.EmailField()
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, help_text="when it was answered, with or without an email")

    class Meta:
        indexes = [
            models.Index(fields=["email", "asked_at"], name="link_request_by_address"),
            models.Index(fields=["asked_at"], condition=Q(done_at=None), name="link_request_to_do"),
        ]
