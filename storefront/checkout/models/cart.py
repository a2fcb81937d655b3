"""A visitor's cart."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.ids import PublicIdField
from publishing.models import Edition, Series
from storefront.catalogue.models.bundle import Bundle
from storefront.checkout.models.coupon import Coupon


class Cart(models.Model):
    """Belongs to a person, or to the session of a visitor who is not logged in (which stores its id)."""

    public_id = PublicIdField("crt")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="cart")
    currency = models.CharField(max_length=3)
    coupon = models.ForeignKey(Coupon, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(db_index=True)


class CartLine(models.Model):
    """An edition, a bundle, or what the reader lacks of a series.

    A line with `gift_to` is a gift for that email address.
    """

    public_id = PublicIdField("crl")
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.CASCADE, related_name="+")
    bundle = models.ForeignKey(Bundle, null=True, on_delete=models.CASCADE, related_name="+")
    series = models.ForeignKey(Series, null=True, on_delete=models.CASCADE, related_name="+")
    chosen_minor = models.PositiveIntegerField(
        null=True, help_text="what the reader wants to pay where the price is open, in the cart's currency"
    )
    gift_to = models.EmailField(blank=True, default="")
    gift_message = models.TextField(max_length=1000, blank=True, default="")
    gift_on = models.DateField(null=True, help_text="the day to deliver the gift; empty: at once")
    via = models.CharField(
        max_length=12, default="", blank=True, db_default="", help_text="code of the share link that led to the book"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "edition", "gift_to"], name="cart_line_once"),
            models.UniqueConstraint(fields=["cart", "bundle"], name="cart_bundle_once"),
            models.UniqueConstraint(fields=["cart", "series"], name="cart_series_once"),
            models.CheckConstraint(
                condition=Q(edition=None, bundle__isnull=False, series=None, gift_to="")
                | Q(edition=None, bundle=None, series__isnull=False, gift_to="")
                | Q(edition__isnull=False, bundle=None, series=None),
                name="cart_line_one_thing",
            ),
        ]
