"""The files that people brought, each with the personal edition that the reader opens."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from conversion.models import JobState
from publishing.models import Edition, Work


class BookState(models.TextChoices):
    """What becomes of a file. It follows from the row and its job, and is not stored."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"  # but for the notes in it


class OwnBook(models.Model):
    """One file of one person. A book that was removed is kept without its files as long as it has notes."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="own_books")
    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=300, help_text="file name as uploaded")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    has_cover = models.BooleanField(default=False, help_text="the file has one, of which there is a small picture")
    uploaded_at = models.DateTimeField(help_text="when its owner said that they may have the file")
    ready_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "sha256"], name="own_book_once"),
            models.CheckConstraint(
                condition=models.Q(ready_at=None) | models.Q(removed_at=None), name="own_book_ready_or_removed"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def work(self) -> Work:
        return self.edition.work

    @property
    def state(self) -> BookState:
        if self.removed_at is not None:
            return BookState.REMOVED
        if self.ready_at is not None:
            return BookState.READY
        has_failed = self.edition.job.state in {JobState.FAILED, JobState.CANCELED}
        return BookState.FAILED if has_failed else BookState.MAKING

    @property
    def is_making(self) -> bool:
        return self.state == BookState.MAKING

    @property
    def is_ready(self) -> bool:
        return self.state == BookState.READY

    @property
    def has_failed(self) -> bool:
        return self.state == BookState.FAILED

    @property
    def is_removed(self) -> bool:
        return self.state == BookState.REMOVED
