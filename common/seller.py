"""The shop's seller, as named on receipts and in the legal notice."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Seller:
    """The seller. `name` is the site's if none was set; the rest may be empty."""

    name: str
    address: tuple[str, ...]
    vat_id: str
    email: str


def seller() -> Seller:
    """Return the seller from the settings."""
    return Seller(
        name=settings.SELLER_NAME or settings.SITE_NAME,
        address=tuple(settings.SELLER_ADDRESS),
        vat_id=settings.SELLER_VAT_ID,
        email=settings.SELLER_EMAIL,
    )
