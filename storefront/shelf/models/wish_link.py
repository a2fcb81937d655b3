"""The secret link by which a person shows their wish list to others."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class WishLink(models.Model):
    """Whoever has the link sees the list. Without a row nobody else does; a new secret ends the old link."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="wish_link"
    )
    secret = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=60, blank=True, help_text="as the page calls the person; nobody if it is empty")
    shows_owned = models.BooleanField(default=False, help_text="the page says which books the person has by now")
    made_at = models.DateTimeField(help_text="when this secret was made")

    def __str__(self) -> str:
        return f"wish list of {self.user_id}"
