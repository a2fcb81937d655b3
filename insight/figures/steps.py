"""The steps from a look at a book to its sale, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common.templatetags.money import number, percent
from insight.figures.charts import share_width
from insight.figures.selectors.funnel import Figures
from insight.figures.selectors.periods import Period


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how many, which part of the views, and compared with the period before. `width` is out of 100."""

    label: str
    count: int
    rate: str
    change: str
    width: int


def steps_of(figures: Figures, period: Period) -> list[Step]:
    """Return views, samples, carts and sales."""
    labels = {
        "views": _("Views"),
        "samples": pgettext("of books", "Samples"),
        "carts": _("Added to cart"),
        "sales": _("Sales"),
    }
    views = figures.totals["views"]
    most = max(figures.totals[name] for name in labels)
    return [
        Step(
            label,
            figures.totals[name],
            _rate(figures.totals[name], views) if name != "views" else "",
            _change(figures.totals[name], figures.earlier[name], period.days),
            share_width(figures.totals[name], most),
        )
        for name, label in labels.items()
    ]


def _rate(count: int, views: int) -> str:
    """Return the share of the views in words; "" where there cannot be one, as of a sale without a view."""
    if not views or count > views:
        return ""
    return _("%(rate)s of views") % {"rate": percent(int(Decimal(count * 1000 / views).to_integral_value()) * 10)}


def _change(count: int, earlier: int, days: int) -> str:
    if not earlier:
        return ""
    words = ngettext("%(count)s in the %(days)d day before", "%(count)s in the %(days)d days before", days)
    return words % {"count": number(earlier), "days": days}
