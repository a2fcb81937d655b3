"""Acceptances of the author terms, and an author's statements about rights and AI use in an edition."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.models.edition import Edition


class RightsBasis(models.TextChoices):
    """What entitles an author to publish a text."""

    OWN = "own", _("I wrote it, and I hold the rights")
    TOGETHER = "together", _("I wrote it with others, and they all agree")
    CONTRACT = "contract", _("The rights holder has given me the right to publish it")
    FREE = "free", _("It is in the public domain: nobody holds the rights any more")


class AiUse(models.TextChoices):
    NONE = "none", _("No AI")
    ASSISTED = "assisted", _("AI-assisted")
    GENERATED = "generated", _("AI-generated")


class TermsAcceptance(models.Model):
    """A person's acceptance of a version of the author terms.

    It is never deleted, because questions about what was sold under that version can come up later.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="terms_accepted")
    version = models.CharField(max_length=20, help_text="a version in publishing.author_terms")
    accepted_at = models.DateTimeField()

    class Meta:
        ordering = ["accepted_at", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="terms_accepted_once")]

    def __str__(self) -> str:
        return self.version


class RightsStatement(models.Model):
    """What was stated about rights and AI use in an edition. Once the edition is published, the row documents that
    statement.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="rights_statement")
    basis = models.CharField(max_length=10, choices=RightsBasis)
    ai_text = models.CharField(max_length=10, choices=AiUse)
    ai_images = models.CharField(max_length=10, choices=AiUse)
    ai_cover = models.CharField(max_length=10, choices=AiUse)
    ai_translation = models.CharField(max_length=10, choices=AiUse)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.basis


class AiUseChange(models.Model):
    """One statement on AI use in an edition, with its date. Rows are only added: the newest is in the statement."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="ai_use_changes")
    ai_text = models.CharField(max_length=10, choices=AiUse)
    ai_images = models.CharField(max_length=10, choices=AiUse)
    ai_cover = models.CharField(max_length=10, choices=AiUse)
    ai_translation = models.CharField(max_length=10, choices=AiUse)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    class Meta:
        ordering = ["-stated_at", "-id"]

    def __str__(self) -> str:
        return f"{self.ai_text} {self.ai_images} {self.ai_cover} {self.ai_translation}"
