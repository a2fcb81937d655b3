"""Backups that were taken, and stored files that are not what they were."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BackupRun(models.Model):
    """One backup. It is finished when `ended_at` is set."""

    name = models.CharField(max_length=40, unique=True, help_text="the folder: the time at which it began, in UTC")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    database_bytes = models.PositiveBigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0, help_text="that the database names")
    copied_files = models.PositiveIntegerField(default=0, help_text="that no earlier backup had")
    copied_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-began_at"]


class Fault(models.TextChoices):
    """What is wrong with a stored file."""

    MISSING = "missing", _("missing")
    DAMAGED = "damaged", _("damaged")


class FileFault(models.Model):
    """A stored file that is missing or damaged, until a check finds it whole again."""

    place = models.CharField(max_length=10, help_text="private or public: which storage it is in")
    name = models.CharField(max_length=300)
    fault = models.CharField(max_length=10, choices=Fault)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-found_at", "name"]
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="file_fault_once")]


class FileCheck(models.Model):
    """How far the nightly check of stored files has come. There is at most one row."""

    column = models.CharField(max_length=80, blank=True, help_text="the column of which it checks the files")
    last_name = models.CharField(max_length=300, blank=True, help_text="name of the file that it checked last")
    round_ended_at = models.DateTimeField(null=True, help_text="when all files were last checked")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="file_check_single")]
