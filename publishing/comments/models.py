"""Threads about words of a text, and the comments in them."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from accounts.models import User
from common.ids import PublicIdField
from publishing.editing.models import Correction
from publishing.models import Work

MAX_BODY = 4_000  # characters
MAX_QUOTE = 2_000


class ThreadQuerySet(models.QuerySet["Thread"]):
    def unresolved(self) -> Self:
        return self.filter(resolved_at=None)

    def resolved(self) -> Self:
        return self.exclude(resolved_at=None)


class Thread(models.Model):
    """What people say about words of a text.

    `placement` is a correction that changes nothing: each conversion finds its words again, as it does with every
    correction. Words in a block that a correction put in are in no manuscript; they are found by themselves and by what
    stood around them, exactly and in one place, or not at all.
    """

    public_id = PublicIdField("thr")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="comment_threads")
    placement = models.OneToOneField(Correction, null=True, on_delete=models.CASCADE, related_name="+")
    block = models.CharField(max_length=80, help_text="its id in the chapter where the thread was opened")
    chapter = models.CharField(max_length=300, blank=True, help_text="title of that chapter, for people")
    quote = models.TextField(max_length=MAX_QUOTE, help_text="the words as they were")
    before = models.CharField(max_length=40, blank=True, help_text="what stood in the block before them")
    after = models.CharField(max_length=40, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "id"]
        indexes = [models.Index(fields=["work"], condition=models.Q(resolved_at=None), name="comment_thread_open")]

    def __str__(self) -> str:
        return self.quote[:60]

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None


class Comment(models.Model):
    """One person's words in a thread. One that was deleted after others had answered stays as an empty place."""

    public_id = PublicIdField("cmt")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=MAX_BODY, blank=True)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["written_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deleted_at__isnull=True) | models.Q(body=""), name="comment_deleted_is_empty"
            )
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def is_by(self, user: User) -> bool:
        return self.author_id == user.pk
