"""Template tags for file sizes, and for URLs with one parameter changed."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.http import HttpRequest

from common.numerals import localized

register = template.Library()


@register.filter
def filesize_short(size_bytes: int) -> str:
    """{{ artifact.size_bytes|filesize_short }}: "1.4 MB"."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{round(size_bytes / 1000)} kB"
    if size_bytes < 1_000_000_000:
        return f"{localized(Decimal(round(size_bytes / 100_000)).scaleb(-1))} MB"
    return f"{localized(Decimal(round(size_bytes / 100_000_000)).scaleb(-1))} GB"


@register.simple_tag(takes_context=True)
def with_param(context: template.Context, **changes: str | int | None) -> str:
    """{% with_param page=2 %}: this page's query with parameters set, or removed if None or ""."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
