"""What the shop is open for at the moment."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """What visitors may do."""

    OPEN = "open", _("Open")
    READ_ONLY = "read-only", _("Read-only")
    CLOSED = "closed", _("Closed for maintenance")


class SiteMode(models.Model):
    """The one row that says what the shop is open for. Without it, the shop is open."""

    mode = models.CharField(max_length=10, choices=Mode, default=Mode.OPEN)
    message = models.CharField(max_length=300, blank=True, help_text="shown to visitors")
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text="when it is expected to end; nothing ends by itself"
    )
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="site_mode_single")]
