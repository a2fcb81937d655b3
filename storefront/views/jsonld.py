"""A book's page for machines: schema.org's Book as JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from common.money import Money
from storefront.selectors import accessibility
from storefront.selectors.book import BookPage

# A script element's text ends at "</"; these may not appear in it.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
_ROLES = {"aut": "author", "edt": "editor", "trl": "translator", "ill": "illustrator"}


def book_jsonld(page: BookPage) -> SafeString:
    """The page's facts as the text of a `application/ld+json` element."""
    return mark_safe(json.dumps(_book(page), ensure_ascii=False).translate(_ESCAPES))


def _book(page: BookPage) -> dict[str, Any]:
    listing, details = page.listing, page.listing.details
    address = f"{settings.SITE_URL}/books/{listing.slug}/"
    book: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Book",
        "@id": address,
        "url": address,
        "name": listing.title,
        "inLanguage": listing.language,
        "bookFormat": "https://schema.org/EBook",
        "description": listing.description,
        "datePublished": (listing.release_date or listing.published_at.date()).isoformat(),
        "accessibilityFeature": accessibility.schema_features(details.get("accessibility", [])),
        "accessibilityHazard": accessibility.schema_hazard(details.get("accessibility", [])),
    }
    if listing.subtitle:
        book["alternativeHeadline"] = listing.subtitle
    if image := listing.cover.get("640-jpeg") or listing.cover.get("320-jpeg"):
        book["image"] = f"{settings.SITE_URL}/public/{image}"
    if details.get("identifier", "").startswith("urn:isbn:"):
        book["isbn"] = details["identifier"].removeprefix("urn:isbn:")
    for person in details.get("authors", []):
        book.setdefault(_ROLES.get(person["role"], "contributor"), []).append(
            {"@type": "Person", "name": person["name"]}
        )
    if listing.rating_count:
        book["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": listing.mean_stars,
            "reviewCount": listing.rating_count,
        }
    if listing.prices:
        state = "PreOrder" if listing.release_date else "InStock"
        book["offers"] = [_offer(amount, code, address, state) for code, amount in sorted(listing.prices.items())]
    return book


def _offer(amount_minor: int, currency: str, address: str, state: str) -> dict[str, str]:
    return {
        "@type": "Offer",
        "price": str(Money(amount_minor, currency).decimal),
        "priceCurrency": currency,
        "availability": f"https://schema.org/{state}",
        "url": address,
    }
