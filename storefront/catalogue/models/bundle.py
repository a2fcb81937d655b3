"""Several works offered together at one price."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from publishing.models import Work


class BundleState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ON_SALE = "on_sale", _("On sale")


class Bundle(models.Model):
    """A bundle created by one author. The owner of each work must agree to its inclusion.

    What a buyer pays is divided among the works by their list prices. Each share is then handled like a sale of its
    work.
    """

    public_id = PublicIdField("bdl")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bundles")
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=8, choices=BundleState, default=BundleState.DRAFT)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pages:bundle", args=[self.slug])

    @property
    def is_on_sale(self) -> bool:
        return self.state == BundleState.ON_SALE


class BundleWork(models.Model):
    """A work in a bundle. It is included once its owner has agreed."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="works")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    consented_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["bundle", "work"], name="bundle_work_once")]


class BundlePrice(models.Model):
    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="prices")
    currency = models.CharField(max_length=3)
    price_minor = models.PositiveIntegerField()

    class Meta:
        ordering = ["currency"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "currency"], name="bundle_price_once_per_currency"),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="bundle_price_above_zero"),
        ]
