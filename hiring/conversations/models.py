"""Conversations, who takes part in them, their messages and files, and who blocked whom."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from common.ids import PublicIdField

MAX_BODY = 10_000  # characters
MAX_FILES = 10
MAX_TITLE = 200


class Conversation(models.Model):
    """Messages between a few people about one thing, or about nothing in particular.

    `subject` is the public id of that thing, such as a contract's; conversations without one are between two people.
    While `is_bound`, it is part of an agreement, and a block between its members does not close it.
    """

    public_id = PublicIdField("cnv")
    subject = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=MAX_TITLE, blank=True)
    is_bound = models.BooleanField(default=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    newest = models.BigIntegerField(default=0, help_text="key of its newest message; 0 without one")
    changed_at = models.DateTimeField(help_text="when the newest message was sent")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=~Q(subject=""), name="conversation_once_a_subject")
        ]
        indexes = [
            models.Index(fields=["started_by", "started_at"], name="conversation_started"),
            models.Index(fields=["changed_at"], name="conversation_changed"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.public_id)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def unread(self) -> Self:
        return self.filter(read_until__lt=F("conversation__newest"))


class Membership(models.Model):
    """A person in a conversation, and how far they have read."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    read_until = models.BigIntegerField(default=0, help_text="key of the newest message that they have seen")
    unread_since = models.DateTimeField(null=True, help_text="when the oldest message that they have not seen came")
    mailed_at = models.DateTimeField(null=True, help_text="when they were told of what is unread")
    is_muted = models.BooleanField(default=False, help_text="no emails about this conversation")

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(unread_since__isnull=False) | Q(mailed_at=None), name="membership_mailed_while_unread"
            ),
        ]
        indexes = [
            models.Index(
                fields=["unread_since"],
                condition=Q(unread_since__isnull=False, mailed_at=None, is_muted=False),
                name="membership_to_mail",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"


class Message(models.Model):
    """What one person wrote. It is never changed; a moderator may hide it."""

    public_id = PublicIdField("msg")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=MAX_BODY, blank=True)
    sent_at = models.DateTimeField()
    form_token = models.UUIDField(null=True, editable=False)
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["author", "form_token"], name="message_once_a_form"),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def is_by(self, user: User) -> bool:
        return self.author_id == user.pk


class MessageFile(models.Model):
    """A file that came with a message, as it was sent."""

    public_id = PublicIdField("mfl")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="files")
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    size_bytes = models.BigIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Block(models.Model):
    """One person does not want to hear from another."""

    blocker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} blocks {self.blocked_id}"


class SeenElsewhere(models.Model):
    """How far a person has read a conversation that is kept elsewhere, such as the comments on a text."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    thing = models.CharField(max_length=40, help_text="public id of what it is about")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "thing"], name="seen_elsewhere_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.thing}"
