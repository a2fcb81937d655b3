"""Template filters for the shop's pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.utils.translation import get_language, ngettext

from common.money import Money
from common.numerals import localized
from publishing import languages
from storefront.catalogue import accessibility
from storefront.catalogue.selectors import cards
from storefront.catalogue.selectors.cards import Priced, decimal_mark, price_text

register = template.Library()

_SMALLEST = 320  # px; narrower covers are only for lists


@register.filter
def dictkey(mapping: dict[str, str], key: str) -> str:
    """{{ listing.cover|dictkey:"320-webp" }}: the value, or ""."""
    return mapping.get(key, "")


@register.filter
def price(amount_minor: int | None, currency: str) -> str:
    """{{ step.amount_minor|price:prices.currency }}: "$4.99", "Free" for 0, "" for none."""
    price = Money(amount_minor, currency) if amount_minor is not None else None
    return price_text(price, get_language() or "en")


@register.filter
def listed_price(listing: Priced) -> str:
    """{{ listing|listed_price }}: in the region's currency, "from $3.00" where readers choose."""
    return cards.listed_price(listing)


@register.filter
def shown_stars(stars: str) -> str:
    """{{ listing.mean_stars|shown_stars }}: "4.3" as the page's language writes it, "4,3" in German."""
    return stars.replace(".", decimal_mark(get_language() or "en"))


@register.filter
def language_name(tag: str) -> str:
    """{{ listing.language|language_name }}: "German" for de, in the page's language; the tag when unknown."""
    return _language_name(tag, get_language() or "en")


@lru_cache(maxsize=1024)
def _language_name(tag: str, _language: str) -> str:
    return languages.language_name(tag)


@register.filter
def cover_srcset(cover: dict[str, str]) -> str:
    """{{ listing.cover|cover_srcset }}: its WebP covers as a `srcset`, narrowest first."""
    widths = sorted(int(target.partition("-")[0]) for target in cover if target.endswith("-webp"))
    return ", ".join(f"/public/{cover[f'{width}-webp']} {width}w" for width in widths if width >= _SMALLEST)


@register.filter
def page_count(pages: int) -> str:
    """{{ file.pages|page_count }}: "312 pages"."""
    return _page_count(pages, get_language() or "en")


@lru_cache(maxsize=2048)
def _page_count(pages: int, _language: str) -> str:
    return ngettext("%(count)s page", "%(count)s pages", pages) % {"count": localized(pages)}


@register.filter
def claims(codes: Sequence[str]) -> list[accessibility.Claim]:
    """{{ page.accessibility|claims }}: the lines of the accessibility label, in words."""
    return accessibility.claims(codes)
