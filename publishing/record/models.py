"""ISBNs: each belongs to one format of one work, for ever."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing.models.work import Work


class IsbnFormat(models.TextChoices):
    """The formats with ISBNs of their own: files made from one EPUB share its number."""

    EPUB = "epub", _("EPUB")
    PRINT = "print", _("Print")


class Isbn(models.Model):
    """A number in thirteen digits. A number that sold files carry stays here after another took its place."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="isbns")
    format = models.CharField(max_length=5, choices=IsbnFormat)
    number = models.CharField(max_length=13, unique=True)
    is_current = models.BooleanField(default=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["format", "-is_current", "-given_at"]
        constraints = [
            models.UniqueConstraint(fields=["work", "format"], condition=Q(is_current=True), name="isbn_one_per_format")
        ]

    def __str__(self) -> str:
        return self.number
