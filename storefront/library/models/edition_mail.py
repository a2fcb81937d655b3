"""Emails about new editions: one for each edition whose author wants it, and who does not want them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from publishing.models import Edition, Work


class EditionMailing(models.Model):
    """The email about one edition, and the day on which it goes out: the first that is free for its author's name.

    The name is kept as it was credited: an author with several names writes under each of them apart.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    day = models.DateField()
    made_at = models.DateTimeField()
    noted_at = models.DateTimeField(null=True, help_text="when there was a notice for each of its readers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name", "day"], name="edition_mailing_once_a_day")]
        indexes = [models.Index(fields=["day"], condition=models.Q(noted_at=None), name="edition_mailing_to_start")]

    def __str__(self) -> str:
        return f"{self.edition} {self.day}"


class EditionNotice(models.Model):
    """A reader who is told of an edition, once."""

    mailing = models.ForeignKey(EditionMailing, on_delete=models.CASCADE, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing", "user"], name="edition_notice_once")]
        indexes = [models.Index(fields=["made_at"], condition=models.Q(mailed_at=None), name="edition_notice_to_mail")]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.user_id}"


class EditionMailStop(models.Model):
    """A reader does not want emails about new editions by an author's name, nor of that work under whatever name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="edition_mail_stops")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    stopped_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "work", "name"], name="edition_mail_stop_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.name}"
