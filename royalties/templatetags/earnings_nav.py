"""The links of the earnings pages in the side navigation of the author dashboard, with the current one marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

register = template.Library()


@dataclass(frozen=True, slots=True)
class Link:
    """One link; `is_current` also on the pages below it."""

    href: str
    label: str
    is_current: bool


@register.inclusion_tag("royalties/_nav.html", takes_context=True)
def earnings_nav(context: template.Context) -> dict[str, Any]:
    """{% earnings_nav %}"""
    path = context["request"].path_info.removeprefix("/")
    places = [
        (reverse("earnings-sales"), _("Sales")),
        (reverse("earnings-breakdown"), _("By book and country")),
        (reverse("earnings-what-if"), _("Price calculator")),
        (reverse("earnings-statements"), _("Statements")),
        (reverse("earnings-account"), _("Getting paid")),
        (reverse("earnings-holds"), _("Money on hold")),
        (reverse("earnings-tax"), _("Tax forms")),
        (reverse("earnings-plan"), _("Your plan")),
    ]
    # A reader's region is part of every link, but not of the path that was asked for.
    region = get_script_prefix()
    return {"links": [Link(href, label, path.startswith(href.removeprefix(region))) for href, label in places]}
