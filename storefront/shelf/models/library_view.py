"""How a person likes to see their library."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class LibraryView(models.Model):
    """Covers on a shelf, or rows; without a row of this table, covers."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="library_view"
    )
    is_list = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "list" if self.is_list else "covers"
