"""Who sells what the shop sells, as receipts and the legal notice name them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Seller:
    """`name` is the site's where none was set; the rest may be empty."""

    name: str
    address: tuple[str, ...]
    vat_id: str
    email: str


def seller() -> Seller:
    """As the settings have it."""
    return Seller(
        name=settings.SELLER_NAME or settings.SITE_NAME,
        address=tuple(settings.SELLER_ADDRESS),
        vat_id=settings.SELLER_VAT_ID,
        email=settings.SELLER_EMAIL,
    )
