"""The rules that a review can break."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FlagRule(models.TextChoices):
    SPAM = "spam", _("Advertising or spam")
    SPOILER = "spoiler", _("Gives away the plot")
    ABUSE = "abuse", _("Insults or threatens people")
    OFF_TOPIC = "off_topic", _("Not about the book")
    RING = "ring", _("Coordinated praise or criticism")
