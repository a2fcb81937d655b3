"""Template tags for the page's region."""

from __future__ import annotations

from functools import cache, lru_cache

from babel import Locale
from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts import regions
from accounts.countries import country_name

register = template.Library()


@register.simple_tag
def region_name() -> str:
    """{% region_name %}: the page's region, such as "Deutsch · Österreich · EUR"."""
    return _region_name(regions.current(), get_language())


@lru_cache(maxsize=256)
def _region_name(here: regions.Region, _language: str | None) -> str:  # country_name reads the language itself
    words = [Locale.parse(here.language).get_display_name() or here.language, country_name(here.country), here.currency]
    return " · ".join(word[0].upper() + word[1:] for word in words if word)


@register.simple_tag
def reader_url(name: str, *args: str) -> str:
    """{% reader_url "reading:read" slug %}: like {% url %}, for the pages of the reader."""
    return regions.reader_path(reverse(name, args=args))


@register.simple_tag(takes_context=True)
def region_path(context: template.Context) -> str:
    """{% region_path as path %}: the page's path without its region, with its query.

    Without the code of a share link: a cached page is the same for whoever came by one.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return "/"
    query = "&".join(part for part in request.META.get("QUERY_STRING", "").split("&") if not part.startswith("via="))
    return request.path_info + (f"?{query}" if query else "")


@register.simple_tag(takes_context=True)
def region_alternates(context: template.Context) -> SafeString:
    """{% region_alternates %}: links to the same page in the regions that are announced to search engines.

    A page of another region is in no set of alternates: it names the page that is announced instead (`canonical`), or
    none if no announced region has its prices.
    """
    here = regions.current()
    told = regions.canonical_region(here)
    if told is None:
        return mark_safe('<meta name="robots" content="noindex">')
    if told != here:
        return SafeString()
    path = escape(region_path(context).lstrip("/"))
    return mark_safe(
        "\n".join([f'{link}{path}">' for link in _alternates(settings.SITE_URL, settings.FEATURED_REGIONS)])
    )


@register.simple_tag
def canonical(path: str) -> SafeString:
    """{% canonical path %}: the canonical link of the page at `path` in the current region, for search engines."""
    here = regions.current()
    told = regions.canonical_region(here) or here
    return format_html(
        '<link rel="canonical" href="{}{}{}">', settings.SITE_URL, told.prefix, path.removeprefix(here.prefix)
    )


@cache
def _alternates(site: str, _featured: tuple[tuple[str, str], ...]) -> list[str]:  # regions.featured() reads them itself
    """Return the links up to the path, one for each region."""
    places = [("x-default", regions.default()), *((one.slug, one) for one in regions.indexed_regions())]
    link = '<link rel="alternate" hreflang="{}" href="{}{}'
    return [format_html(link, name, site, place.prefix) for name, place in places]
