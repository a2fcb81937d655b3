"""A person's role on a work, and how one royalty divides among them."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.ids import PublicIdField
from publishing.models.work import Work


class ContributorRole(models.TextChoices):
    """MARC relator codes."""

    AUTHOR = "aut", _("Author")
    EDITOR = "edt", _("Editor")
    TRANSLATOR = "trl", _("Translator")
    ILLUSTRATOR = "ill", _("Illustrator")
    FOREWORD = "aui", _("Foreword")


class Contributor(models.Model):
    """A name on a work. `user` is the account it stands for once that person accepted, and empty otherwise.

    `asked` is the account that is asked to accept and has not answered. `asked_at` is set for every address that the
    owner gave and nobody declined for, known here or not, so that nobody can tell one from the other.
    """

    public_id = PublicIdField("con")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="contributors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contributions",
    )
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="credits_offered"
    )
    invited_email = models.EmailField(
        blank=True, default="", help_text="where somebody without an account is asked, until they answer"
    )
    asked_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True, help_text="when the person was told that they are asked")
    left = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="credits_left",
        help_text="accepted and left again: shares of the royalty go on being theirs",
    )
    name = models.CharField(max_length=120)
    is_on_page = models.BooleanField(
        default=True,
        help_text="the name leads to the person's page and the book stands there; not so for a pen name",
    )
    role = models.CharField(max_length=3, choices=ContributorRole, default=ContributorRole.AUTHOR)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["work", "user", "role"], name="contributor_once_per_role"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_asked(self) -> bool:
        """Whether somebody can answer."""
        return self.asked_id is not None or bool(self.invited_email)

    @property
    def payee(self) -> User | None:
        """Who gets what the name has a share of: leaving a credit takes the link away, and not the money."""
        return self.user or self.left


class SplitAgreement(models.Model):
    """How the royalty divides from `effective_at` on. In force once every share is consented to."""

    public_id = PublicIdField("spl")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="split_agreements")
    effective_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, help_text="when those who have to agree were told")

    class Meta:
        ordering = ["-effective_at", "-id"]

    @property
    def is_consented(self) -> bool:
        """Whether everybody in it has agreed; only then does it divide anything."""
        shares = list(self.shares.all())
        return bool(shares) and all(share.consented_at is not None for share in shares)


class SplitShareQuerySet(models.QuerySet["SplitShare"]):
    def of(self, person: User) -> Self:
        """Those whose payee the person is (`Contributor.payee`)."""
        return self.filter(Q(contributor__user=person) | Q(contributor__user=None, contributor__left=person))


class SplitShare(models.Model):
    """A part of the royalty. Whoever an agreement takes all of theirs from has one of 0 in it, and has to agree."""

    agreement = models.ForeignKey(SplitAgreement, on_delete=models.CASCADE, related_name="shares")
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="shares")
    share_bps = models.PositiveIntegerField()
    consented_at = models.DateTimeField(null=True)

    objects = SplitShareQuerySet.as_manager()

    class Meta:
        ordering = ["contributor__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "contributor"], name="split_share_once"),
            models.CheckConstraint(condition=models.Q(share_bps__lte=10000), name="split_share_range"),
        ]
