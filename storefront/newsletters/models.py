"""Newsletters of authors, their issues, who subscribed, and who was sent what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from common.ids import PublicIdField
from publishing.models import Work


class Newsletter(models.Model):
    """An author's newsletter: readers see what it is about before they subscribe. While it is closed nobody can."""

    author = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="newsletter"
    )
    about = models.CharField(max_length=300)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.about


class Subscription(models.Model):
    """A reader's consent to get the newsletter of one author, until they withdraw it."""

    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="subscriptions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="newsletters")
    subscribed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "reader"], name="subscription_once"),
            models.CheckConstraint(condition=~Q(newsletter=F("reader")), name="subscription_to_others"),
        ]


class IssueState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("issue of a newsletter", "Draft")
    SENDING = "sending", pgettext_lazy("issue of a newsletter", "Being sent")
    SENT = "sent", pgettext_lazy("issue of a newsletter", "Sent")
    STOPPED = "stopped", pgettext_lazy("issue of a newsletter", "Stopped by a moderator")


class Issue(models.Model):
    """One email of a newsletter. It never changes once it is sent."""

    public_id = PublicIdField("nws")
    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="issues")
    subject = models.CharField(max_length=120)
    text = models.TextField(max_length=10_000)
    work = models.ForeignKey(Work, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=7, choices=IssueState, default=IssueState.DRAFT)
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    recipients = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None) | (~Q(state="draft") & Q(sent_at__isnull=False)),
                name="issue_sent_at",
            ),
        ]
        indexes = [models.Index(fields=["sent_at"], condition=Q(state="sending"), name="issue_being_sent")]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_draft(self) -> bool:
        return self.state == IssueState.DRAFT


class Delivery(models.Model):
    """An issue to one reader. It is mailed once, or not at all if the reader unsubscribed meanwhile."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="deliveries")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, help_text="when it was sent or found to be unwanted")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "reader"], name="issue_delivered_once")]
        indexes = [models.Index(fields=["made_at"], condition=Q(mailed_at=None), name="issue_to_mail")]
