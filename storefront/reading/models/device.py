"""The devices on which a person reads."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class DeviceKind(models.TextChoices):
    BROWSER = "browser"  # the scripted reader of one browser
    EREADER = "ereader"  # a program that sends places alone, such as KOReader
    PLAIN = "plain"  # plain pages, which cannot tell browsers apart: one for each person


class Device(models.Model):
    """A browser, a program, or the plain pages. The browser makes the key when it first opens a book."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_devices")
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=7, choices=DeviceKind)
    name = models.CharField(max_length=80, blank=True, help_text="“Firefox on Android”")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="reading_device_once")]
