"""How far a person's notes and settings have been synchronised, and the settings."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SyncState(models.Model):
    """Counts the changes of a person's notes and settings; its row is locked while they change.

    `forgotten_cursor` is the highest cursor of the deleted notes whose rows are gone: a device that was last here
    before then gets everything anew.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="reading_sync"
    )
    cursor = models.PositiveBigIntegerField(default=0)
    forgotten_cursor = models.PositiveBigIntegerField(default=0)


class ReaderSetting(models.Model):
    """One setting of a person's reader, on all devices. `value` is JSON."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reader_settings")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=500)
    stamp = models.CharField(max_length=100)
    cursor = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="reader_setting_once")]
