"""The services that are offered and hired, and how each is priced. Everything else in hiring refers to these."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceKind(models.TextChoices):
    """What a provider does for a client's work."""

    DEVELOPMENTAL_EDITING = "developmental_editing", _("Developmental editing")
    COPY_EDITING = "copy_editing", _("Copy-editing")
    PROOFREADING = "proofreading", _("Proofreading")
    COVER_DESIGN = "cover_design", _("Cover design")
    ILLUSTRATION = "illustration", _("Illustration")
    TRANSLATION = "translation", _("Translation")


TEXT_KINDS = frozenset(
    {
        ServiceKind.DEVELOPMENTAL_EDITING,
        ServiceKind.COPY_EDITING,
        ServiceKind.PROOFREADING,
        ServiceKind.TRANSLATION,
    }
)
"""Services that work on the text and may be priced per 1,000 words."""
