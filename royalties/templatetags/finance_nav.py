"""The grouped navigation of the finance office, with the current page marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from royalties.nav_counters import count_of

register = template.Library()

_OVERVIEW = "finance"
# Each group with its pages by URL name. A page whose URL does not exist is left out, such as the simulated provider
# where there is a real one.
_GROUPS = (
    (
        _("Daily work"),
        (
            (_OVERVIEW, _("Overview")),
            ("finance-sales", _("Sales")),
            ("office:orders", _("Orders")),
            ("checkout:open-gifts", _("Unredeemed gifts")),
            ("finance-contributors", _("Contributors")),
            ("helpdesk-requests", _("Contact requests")),
        ),
    ),
    (
        _("Payouts"),
        (
            ("finance-payouts", _("Payouts")),
            ("finance-bank", _("Bank")),
            ("finance-milestones", _("Milestones")),
            ("finance-unknown-payees", _("Owed without details")),
            ("finance-reserves", _("Reserves")),
            ("finance-holds", _("Complaints about holds")),
            ("finance-withholding", _("Withholding tax")),
        ),
    ),
    (
        _("Disputes and refunds"),
        (
            ("office:refunds", _("Refunds")),
            ("office:disputes", _("Disputes")),
            ("office:warnings", _("Fraud warnings")),
            ("funding:disputes", _("Disputes of milestones")),
            ("funding:refunds", _("Refunds of milestones")),
            ("contracts:fund", _("Protection fund")),
        ),
    ),
    (
        pgettext_lazy("ledger", "Ledger"),
        (
            ("finance-reconciliation", _("Reconciliation")),
            ("finance-entries", _("Journal")),
            ("finance-corrections", _("Corrections")),
            ("finance-statements", _("Statements")),
        ),
    ),
    (
        _("Settings"),
        (
            ("finance-rates", _("Exchange rates")),
            ("checkout:platform-coupons", _("Coupon codes")),
            ("finance-economics", _("Unit economics")),
            ("audit-log", _("Audit log")),
            ("sandbox-simulate", _("Simulate the provider")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One link of the navigation.

    `current` is the value of `aria-current`: "page" for the page itself, "true" for a page below it, otherwise "".
    `waiting` is the number of things that wait for somebody on the page.
    """

    href: str
    label: str
    current: str
    waiting: int


@register.inclusion_tag("finance/_nav.html", takes_context=True)
def finance_nav(context: template.Context) -> dict[str, Any]:
    """{% finance_nav %}: the side navigation of the finance office."""
    request = context.get("request")
    path = request.path_info if request is not None else ""
    found = [(label, [(_href(name), text, name) for name, text in places]) for label, places in _GROUPS]
    # Every path starts with the overview's, so the overview is current only on its own page.
    fitting = [href for _label, places in found for href, _text, _name in places if href and path.startswith(href)]
    longest = max(fitting, key=len, default="")
    here = longest if longest == path or longest != _href(_OVERVIEW) else ""
    groups = [
        (
            label,
            [
                Place(href, str(text), ("page" if href == path else "true") if href == here else "", count_of(name))
                for href, text, name in places
                if href
            ],
        )
        for label, places in found
    ]
    current = next((place for _label, places in groups for place in places if place.current), None)
    return {"groups": groups, "current": current}


def _href(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
