"""Contributors of a work, and how its royalty is split among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from common.ids import PublicIdField
from common.money import Money
from publishing.models.work import Work


class ContributorRole(models.TextChoices):
    """A contributor's role, as a MARC relator code."""

    AUTHOR = "aut", pgettext_lazy("role in a book", "Author")
    EDITOR = "edt", _("Editor")
    TRANSLATOR = "trl", _("Translator")
    ILLUSTRATOR = "ill", _("Illustrator")
    FOREWORD = "aui", _("Foreword")
    COVER_DESIGNER = "cov", _("Cover designer")
    TOLD_WITH = "ctb", _("Written with")
    PHOTOGRAPHER = "pht", _("Photographer")
    PREFACE = "wpr", _("Preface")
    INTRODUCTION = "win", _("Introduction")
    AFTERWORD = "aft", _("Afterword")
    NARRATOR = "nrt", _("Narrator")
    PROOFREADER = "pfr", _("Proofreader")


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
    is_hired = models.BooleanField(
        default=False,
        help_text="credited by a contract: named, perhaps paid a share, but no maker who sees drafts",
    )
    role = models.CharField(max_length=3, choices=ContributorRole, default=ContributorRole.AUTHOR)
    position = models.PositiveSmallIntegerField(default=0)
    biography = models.TextField(blank=True, default="", max_length=2000, help_text="for this book, plain text")
    orcid = models.CharField(max_length=19, blank=True, default="", help_text="with hyphens")
    isni = models.CharField(max_length=16, blank=True, default="")

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

    A share may end, at a moment or once it has brought a sum; later sales give it to `returns_to`. `reference` names
    what it pays for, such as a contract, and is the same in later agreements: they keep a share that will end as it is.
    """

    agreement = models.ForeignKey(SplitAgreement, on_delete=models.CASCADE, related_name="shares")
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="shares")
    share_bps = models.PositiveIntegerField()
    consented_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ends_at_minor = models.PositiveBigIntegerField(null=True, help_text="the sum after which it ends")
    ends_currency = models.CharField(max_length=3, blank=True)
    returns_to = models.ForeignKey(Contributor, null=True, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40, blank=True)

    objects = SplitShareQuerySet.as_manager()

    class Meta:
        ordering = ["contributor__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "contributor", "reference"], name="split_share_once"),
            models.CheckConstraint(condition=models.Q(share_bps__lte=10000), name="split_share_range"),
            models.CheckConstraint(
                condition=models.Q(returns_to=None, ends_at=None, ends_at_minor=None, ends_currency="", reference="")
                | (
                    models.Q(returns_to__isnull=False, reference__gt="")
                    & (models.Q(ends_at__isnull=False) | models.Q(ends_at_minor__isnull=False))
                    & (
                        models.Q(ends_at_minor=None, ends_currency="")
                        | models.Q(ends_at_minor__gt=0, ends_currency__gt="")
                    )
                ),
                name="split_share_end_whole",
            ),
        ]

    @property
    def ends_at_sum(self) -> Money | None:
        """Return the sum after which the share ends."""
        return None if self.ends_at_minor is None else Money(self.ends_at_minor, self.ends_currency)

    @property
    def end(self) -> ShareEnd | None:
        """Return how the share ends; None for one that does not."""
        if self.returns_to is None:
            return None
        return ShareEnd(self.returns_to, self.reference, self.ends_at, self.ends_at_sum)


@dataclass(frozen=True, slots=True)
class ShareEnd:
    """How a share ends: at a moment, or once it has brought a sum, whichever comes first; at least one of them.

    Only sales in the sum's currency count towards it, after returns.
    """

    returns_to: Contributor
    reference: str
    ends_at: datetime | None = None
    ends_at_sum: Money | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """Return the columns of a `SplitShare` that ends like this."""
        limit = self.ends_at_sum
        return {
            "returns_to": self.returns_to,
            "reference": self.reference,
            "ends_at": self.ends_at,
            "ends_at_minor": None if limit is None else limit.amount_minor,
            "ends_currency": "" if limit is None else limit.currency,
        }
