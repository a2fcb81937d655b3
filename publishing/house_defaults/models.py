"""What the new books of an author begin with."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.typed_json import TypedJSONField
from publishing.models.work import MatterSetting
from publishing.record.licences import Licence
from publishing.territories import Territory, TerritoryRule


class HouseDefaults(models.Model):
    """The defaults of one account. A book takes them when it is created; later changes leave it as it is."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="house_defaults")
    imprint = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47; of books whose manuscript names none")
    sample_bps = models.PositiveIntegerField(default=1000, help_text="share of the body shown for free")
    licence = models.CharField(max_length=20, choices=Licence, default=Licence.RESERVED)
    rights_line = models.CharField(max_length=300, blank=True)
    is_mining_reserved = models.BooleanField(default=False)
    territory_rule = models.CharField(max_length=6, choices=TerritoryRule, default=TerritoryRule.WORLD)
    territory_countries = TypedJSONField(list[str], default=list, blank=True, help_text="ISO 3166-1")
    matter = TypedJSONField(tuple[MatterSetting, ...], help_text="the front and back pages made from the record")
    credited_name = models.CharField(max_length=120, blank=True, help_text="empty for the name of the account")
    is_on_page = models.BooleanField(default=True, help_text="the credited name leads to the account's page")
    biography = models.TextField(max_length=2000, blank=True)
    price_currency = models.CharField(max_length=3, blank=True, help_text="in which a price is proposed")
    price_minor = models.PositiveIntegerField(null=True, blank=True, help_text="the price proposed")
    is_price_open = models.BooleanField(default=False, help_text="it is proposed as a minimum")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "house defaults"
        constraints = [
            models.CheckConstraint(
                condition=Q(sample_bps__gte=100, sample_bps__lte=5000), name="defaults_sample_range"
            ),
            models.CheckConstraint(condition=~Q(licence=Licence.PUBLIC_DOMAIN), name="defaults_licence_is_no_source"),
            models.CheckConstraint(
                condition=Q(is_mining_reserved=False) | Q(licence=Licence.RESERVED), name="defaults_mining_reservable"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}"

    @property
    def territory(self) -> Territory:
        return Territory(self.territory_rule, tuple(self.territory_countries))
