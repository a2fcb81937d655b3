"""Values and limits as people read them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.money import Money
from common.templatetags.money import money, number, percent
from insight.market.figure import Figure
from insight.market.models import FigureValue
from insight.market.selectors.cells import label_of
from insight.market.values import Unit

NOTHING = "–"


def written(unit: Unit, value: int | None, part: str = "") -> str:
    """Return a value with its unit; a dash where nothing can be said."""
    if value is None:
        return NOTHING
    tenth = number(Decimal(value).scaleb(-1))
    words = {
        Unit.SHARE: lambda: percent(value),
        Unit.MONEY: lambda: money(Money(value, part)),
        Unit.DAYS: lambda: ngettext("%(count)s day", "%(count)s days", value) % {"count": number(value)},
        Unit.HOURS: lambda: _("%(count)s hours") % {"count": tenth},
        Unit.SECONDS: lambda: _("%(count)s seconds") % {"count": tenth},
        Unit.RATIO: lambda: f"{number(Decimal(value).scaleb(-2))} ×",
    }
    return words[unit]() if unit in words else number(value)


def value_of(figure: Figure, row: FigureValue) -> str:
    """Return a counted value; "not reached" for a median wait that most still have."""
    if row.value is None and figure.unit == Unit.DAYS and row.events:
        return _("not reached")
    return written(figure.unit, row.value, row.part)


def expected_of(figure: Figure, row: FigureValue) -> str:
    """Return the limits that apply to a value; "" for none."""
    low, high = (written(figure.unit, limit, row.part) for limit in (row.low, row.high))
    if row.low is not None and row.high is not None:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if row.low is not None:
        return _("at least %(low)s") % {"low": low}
    return _("at most %(high)s") % {"high": high} if row.high is not None else ""


def part_name(part: str) -> str:
    """Return the name of a currency or a cell; "" for the whole market."""
    return label_of(part)
