"""The end of an author's account by the shop, and what went off sale with it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from publishing.models import Edition, Work
from storefront.catalogue.models import Bundle
from storefront.suspensions.models.suspension import Appealed


class EndingGround(models.TextChoices):
    """Why an author's account ends (P2B Regulation (EU) 2019/1150, Article 4). All but the first take effect at
    once."""

    RULES = "rules", _("Our rules, with 30 days’ notice")
    OBLIGATION = "duty", _("A legal or regulatory obligation, at once")
    IMPERATIVE = "imperative", _("An imperative reason under the law, at once")
    REPEATED = "repeated", _("Repeated infringements of our rules, at once")

    @property
    def basis(self) -> str | Promise:
        """Return the provision it rests on."""
        return _BASIS[self]


_BASIS: dict[str, str | Promise] = {
    EndingGround.RULES: _("Our rules; Regulation (EU) 2019/1150, Article 4(2)"),
    EndingGround.OBLIGATION: _("The law; Regulation (EU) 2019/1150, Article 4(4)(a)"),
    EndingGround.IMPERATIVE: _("The law; Regulation (EU) 2019/1150, Article 4(4)(b)"),
    EndingGround.REPEATED: _("Our rules; Regulation (EU) 2019/1150, Article 4(4)(c)"),
}


class EndingQuerySet(models.QuerySet["AccountEnding"]):
    def standing(self) -> EndingQuerySet:
        """Return the endings that two people decided, and that nobody has taken back."""
        return self.filter(confirmed_at__isnull=False, lifted_at=None)

    def in_effect(self) -> EndingQuerySet:
        """Return the endings that have taken effect."""
        return self.standing().filter(done_at__isnull=False)

    def due(self, at: datetime) -> EndingQuerySet:
        """Return the endings whose notice is over. One whose appeal is open waits for the decision."""
        waits = Q(appealed_at__isnull=False, appeal_decided_at=None)
        return self.standing().filter(done_at=None, due_at__lte=at).exclude(waits)


class AccountEnding(Appealed):
    """The shop's decision, by two people, to end somebody's account as an author.

    They still log in, read, download their data and are paid. `due_at` is counted from being told.
    """

    public_id = PublicIdField("aen")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ground = models.CharField(max_length=10, choices=EndingGround)
    rule = models.CharField(max_length=300, help_text="the rule or the law, in words")
    evidence = models.TextField(max_length=3000, help_text="shown to the person")
    reason = models.TextField(max_length=2000, help_text="shown to the person")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True, help_text="when the books went off sale")

    objects: ClassVar[EndingQuerySet] = EndingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(lifted_at=None), name="ending_one_at_a_time"),
            models.CheckConstraint(condition=~Q(evidence="") & ~Q(reason="") & ~Q(rule=""), name="ending_has_grounds"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="ending_decided_by_two"
            ),
            models.CheckConstraint(
                condition=Q(appeal_decided_by=None)
                | (~Q(appeal_decided_by=F("proposed_by")) & ~Q(appeal_decided_by=F("confirmed_by"))),
                name="ending_appeal_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_at_once(self) -> bool:
        return self.ground != EndingGround.RULES


class EndedSale(models.Model):
    """What was on sale or announced when the account ended, or would have come back since. It returns on appeal."""

    ending = models.ForeignKey(AccountEnding, on_delete=models.CASCADE, related_name="sales")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="+")
    release_date = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ending", "work"], name="ended_sale_once")]


class EndedBundle(models.Model):
    """A bundle that went off sale with the books of an ended account."""

    ending = models.ForeignKey(AccountEnding, on_delete=models.CASCADE, related_name="bundles")
    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ending", "bundle"], name="ended_bundle_once")]
