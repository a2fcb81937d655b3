"""The one list of the market's figures. Pages, JSON, counting, docs/market.md and tests read it."""

from __future__ import annotations

from insight.market.figure import Figure
from insight.market.registry import money, supply, trade, trust

FIGURES: tuple[Figure, ...] = (
    *supply.SEARCHES,
    *supply.CELLS,
    *trade.FIRST,
    *trade.AGAIN,
    *money.MONEY_BACK,
    *money.SPREAD,
    *trust.RINGS,
    *money.COSTS,
    *trade.LEAKAGE,
    *trust.DECISIONS,
)


def figure(code: str) -> Figure | None:
    """Return the figure of that code."""
    return next((one for one in FIGURES if one.code == code), None)
