"""Authors that readers follow, and which emails readers want."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from publishing.models import Work


class Follow(models.Model):
    """A reader follows an author."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followers")
    followed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "author"], name="follow_once"),
            models.CheckConstraint(condition=~Q(user=F("author")), name="follow_others"),
        ]


class FollowNotice(models.Model):
    """A new book that a follower is notified of, once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "work"], name="follow_notice_once")]
        indexes = [models.Index(fields=["made_at"], condition=Q(mailed_at=None), name="follow_notice_to_mail")]


class NewBookMail(models.TextChoices):
    AT_ONCE = "at_once", _("Right away, one email for each book")
    WEEKLY = "weekly", _("Once a week, in one email")
    NEVER = "never", _("Never")


class ReaderMail(models.Model):
    """Which emails a reader wants; without a row, the defaults apply."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="reader_mail"
    )
    price_alerts = models.BooleanField(default=True)
    new_books = models.CharField(max_length=7, choices=NewBookMail, default=NewBookMail.AT_ONCE)
    weekly_sent_at = models.DateTimeField(null=True, help_text="the last weekly email, or when weekly was chosen")
