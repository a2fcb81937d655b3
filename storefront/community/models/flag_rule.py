"""The rules that a review can break."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FlagRule(models.TextChoices):
    SPAM = "spam", _("Advertising or spam")
    SPOILER = "spoiler", _("It gives away what happens")
    ABUSE = "abuse", _("It insults or threatens people")
    OFF_TOPIC = "off_topic", _("It is not about the book")
    RING = "ring", _("It is part of arranged praise or blame")
