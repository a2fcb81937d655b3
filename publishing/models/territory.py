"""History of the countries where a work is sold."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from common.typed_json import TypedJSONField
from publishing.models.work import Work
from publishing.territories import Territory, TerritoryRule


class TerritoryChange(models.Model):
    """One decision of the work's owner, appended and never changed. The current rule is stored on the work."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="territory_changes")
    rule = models.CharField(max_length=6, choices=TerritoryRule)
    countries = TypedJSONField(list[str], default=list, help_text="ISO 3166-1")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-id"]

    @property
    def territory(self) -> Territory:
        return Territory(self.rule, tuple(self.countries))
