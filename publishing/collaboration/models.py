"""Collaborators: people whom the owner of a work invited to work on its text."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from common.ids import PublicIdField
from publishing.models import Work


class CollaboratorRole(models.TextChoices):
    """What a collaborator does, from least to most."""

    EARLY_READER = "early_reader", _("Early reader")
    PROOFREADER = "proofreader", _("Proofreader")
    EDITOR = "editor", pgettext_lazy("someone who works on a text", "Editor")
    CO_AUTHOR = "co_author", pgettext_lazy("someone who writes with the owner of a book", "Co-author")


class Ending(models.TextChoices):
    """Who ended a collaboration, or that it never began."""

    DECLINED = "declined", _("Declined")
    LEFT = "left", pgettext_lazy("a collaborator", "Left")
    ENDED = "ended", _("Ended by the owner")


class CollaboratorQuerySet(models.QuerySet["Collaborator"]):
    def active(self) -> Self:
        """Filter by those who accepted and have not left since."""
        return self.filter(user__is_active=True, ended_at=None)

    def waiting(self) -> Self:
        """Filter by invitations without an answer."""
        return self.filter(user=None, ended_at=None)


class Collaborator(models.Model):
    """One person's part in the text of a work, from the invitation to its end.

    Until they answer, there is only the address that the owner entered, whether or not it belongs to an account; once
    they have accepted, there is only the account.
    """

    public_id = PublicIdField("clb")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="collaborators")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="collaborations"
    )
    invited_email = models.EmailField(blank=True, default="", help_text="in lower case, until they answer")
    language = models.CharField(max_length=16, help_text="of the mail to someone without an account")
    role = models.CharField(max_length=16, choices=CollaboratorRole)
    may_publish = models.BooleanField(default=False, help_text="a co-author may put editions on sale")
    invitation = models.PositiveSmallIntegerField(default=1, help_text="sent so many times; only its last link works")
    invited_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, help_text="when the invitation was mailed")
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=8, choices=Ending, blank=True, default="")

    objects = CollaboratorQuerySet.as_manager()

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "user"], condition=Q(user__isnull=False, ended_at=None), name="collaborator_once"
            ),
            models.UniqueConstraint(
                fields=["work", "invited_email"], condition=~Q(invited_email=""), name="collaborator_invited_once"
            ),
            models.CheckConstraint(
                condition=Q(may_publish=False) | Q(role=CollaboratorRole.CO_AUTHOR), name="collaborator_publishes"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(invited_email="", accepted_at__isnull=False),
                name="collaborator_address_until_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.work_id}"

    @property
    def is_waiting(self) -> bool:
        """Return whether the invitation has no answer yet."""
        return self.user_id is None and self.ended_at is None

    @property
    def is_active(self) -> bool:
        return self.user is not None and self.user.is_active and self.ended_at is None

    @property
    def person(self) -> User:
        """Return who accepted. Only for collaborators who did."""
        if self.user is None:
            raise ValueError("nobody accepted")
        return self.user
