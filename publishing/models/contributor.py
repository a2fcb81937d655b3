"""Contributors of a work, and how its royalty is split among them."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from common.ids import PublicIdField
from publishing.models.work import Work


class ContributorRole(models.TextChoices):
    """A contributor's role, as a MARC relator code."""

    AUTHOR = "aut", pgettext_lazy("role in a book", "Author")
    EDITOR = "edt", _("Editor")
    TRANSLATOR = "trl", _("Translator")
    ILLUSTRATOR = "ill", _("Illustrator")
    FOREWORD = "aui", _("Foreword")


class Contributor(models.Model):
    """A credited name on a work. `user` is the linked account, set once that person accepted the credit.

    `asked` is the account that was asked to accept and has not answered. `asked_at` is set for every address that the
    owner entered and whose owner has not declined, whether or not it belongs to an account, so that nobody can find out
    which addresses have accounts.
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
        blank=True, default="", help_text="address of an invited person without an account, until they answer"
    )
    asked_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True, help_text="when the invitation was mailed")
    left = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="credits_left",
        help_text="the person who unlinked their account; their shares of the royalty stay theirs",
    )
    name = models.CharField(max_length=120)
    is_on_page = models.BooleanField(
        default=True,
        help_text="the name links to the person's page, which shows the book; off for a pen name",
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
        """Whether an invitation to accept the credit is open."""
        return self.asked_id is not None or bool(self.invited_email)

    @property
    def payee(self) -> User | None:
        """The account that is paid this contributor's share. Unlinking the account does not end the payments."""
        return self.user or self.left


class SplitAgreement(models.Model):
    """How the royalty is split from `effective_at` on. It is in force once every share is consented to."""

    public_id = PublicIdField("spl")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="split_agreements")
    effective_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, help_text="when the people who have to agree were mailed")

    class Meta:
        ordering = ["-effective_at", "-id"]

    @property
    def is_consented(self) -> bool:
        """Whether everyone in the agreement has consented; only then is it applied."""
        shares = list(self.shares.all())
        return bool(shares) and all(share.consented_at is not None for share in shares)


class SplitShareQuerySet(models.QuerySet["SplitShare"]):
    def of(self, person: User) -> Self:
        """Select the shares that are paid to the person (`Contributor.payee`)."""
        return self.filter(Q(contributor__user=person) | Q(contributor__user=None, contributor__left=person))


class SplitShare(models.Model):
    """One contributor's part of the royalty.

    Someone who would lose their whole share has a share of 0 in the agreement, and has to consent as well.
    """

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
