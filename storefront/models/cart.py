"""What a visitor means to buy."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from common.ids import PublicIdField
from publishing.models import Edition


class Cart(models.Model):
    """Belongs to a person, or to a session of somebody not signed in (its id is kept there)."""

    public_id = PublicIdField("crt")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="cart")
    currency = models.CharField(max_length=3)
    changed_at = models.DateTimeField(db_index=True)


class CartLine(models.Model):
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["cart", "edition"], name="cart_line_once")]
