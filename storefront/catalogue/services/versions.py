"""The version number of the shop's public pages."""

from __future__ import annotations

from django.db import transaction

from storefront.catalogue.models import Catalogue


@transaction.atomic
def bump_version(*languages: str) -> None:
    """Raise the version, and lock its row until commit so that two changes never share a version."""
    row, _ = Catalogue.objects.select_for_update().get_or_create(pk=1)
    row.version += 1
    row.languages = sorted({*row.languages, *filter(None, languages)})
    row.save()
