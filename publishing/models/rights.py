"""What an author agrees to, and what they state of an edition: that they may publish it, and what AI had to do with
it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.models.edition import Edition


class RightsBasis(models.TextChoices):
    """Why somebody may publish a text."""

    OWN = "own", _("I wrote it, and the rights are mine")
    TOGETHER = "together", _("I wrote it with others, and all of them agree")
    CONTRACT = "contract", _("Whoever holds the rights has given me the right to publish it")
    FREE = "free", _("Nobody holds rights any more: it is in the public domain")


class AiUse(models.TextChoices):
    NONE = "none", _("No AI")
    ASSISTED = "assisted", _("With the help of AI")
    GENERATED = "generated", _("Made by AI")


class TermsAcceptance(models.Model):
    """A person accepted a version of the author terms. Never deleted: what was sold under it may be asked about."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="terms_accepted")
    version = models.CharField(max_length=20, help_text="of publishing.author_terms")
    accepted_at = models.DateTimeField()

    class Meta:
        ordering = ["accepted_at", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="terms_accepted_once")]

    def __str__(self) -> str:
        return self.version


class RightsStatement(models.Model):
    """What was stated of an edition. Once it was published the row says what held then."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="rights_statement")
    basis = models.CharField(max_length=10, choices=RightsBasis)
    ai_text = models.CharField(max_length=10, choices=AiUse)
    ai_images = models.CharField(max_length=10, choices=AiUse)
    ai_translation = models.CharField(max_length=10, choices=AiUse)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.basis
