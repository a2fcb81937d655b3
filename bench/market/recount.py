"""Every figure counted a second time: plain Python over raw rows, which shares no code with `insight/market/selectors`.

A figure that two people computed in two ways is right, or both read its definition wrongly in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bench.market import recount_decisions as decisions
from bench.market import recount_money as money
from bench.market import recount_trade as trade
from bench.market.rows import Counted, Rows


@dataclass(frozen=True)
class Difference:
    """A stored value that is not what the rows say."""

    figure: str
    first_day: date
    part: str
    stored: tuple[int | None, int] | None
    counted: tuple[int | None, int] | None


def differences() -> tuple[int, list[Difference]]:
    """Return how many stored values were compared, and where they differ."""
    rows = Rows()
    stored: dict[tuple[str, date], Counted] = {
        (row["figure"], row["first_day"]): {} for row in rows.of("market_figurecount")
    }
    names = {row["id"]: (row["figure"], row["first_day"]) for row in rows.of("market_figurecount")}
    for row in rows.of("market_figurevalue"):
        stored[names[row["count_id"]]][row["part"]] = (row["value"], row["events"])
    found, compared = [], 0
    for (figure, first), there in sorted(stored.items()):
        counted = _COUNTS[figure](rows, first)
        for part in sorted(there.keys() | counted.keys()):
            compared += 1
            if there.get(part) != counted.get(part):
                found.append(Difference(figure, first, part, there.get(part), counted.get(part)))
    return compared, found


_COUNTS: dict[str, Callable[[Rows, date], Counted]] = {
    "gaps": trade.gaps,
    "found_little": trade.found_little,
    "search_fill": trade.search_fill,
    "book_supply": lambda rows, first: trade.plain(trade.works_on_sale(rows)),
    "book_demand": lambda rows, first: trade.plain(trade.buyers(rows, first)),
    "book_pressure": lambda rows, first: trade.pressure(trade.works_on_sale(rows), trade.buyers(rows, first)),
    "service_supply": lambda rows, first: trade.plain(trade.offers(rows, first)),
    "service_demand": lambda rows, first: trade.plain(trade.askers(rows, first)),
    "service_pressure": lambda rows, first: trade.pressure(trade.offers(rows, first), trade.askers(rows, first)),
    "first_sale": trade.first_sale,
    "first_hire": trade.first_hire,
    "new_books_sold": trade.new_books_sold,
    "readers_again": trade.readers_again,
    "clients_again": trade.clients_again,
    "authors_again": trade.authors_again,
    "requests_filled": trade.requests_filled,
    "offers_used": trade.offers_used,
    "refunds_by_count": money.refunds_by_count,
    "refunds_by_sum": money.refunds_by_sum,
    "disputes_by_count": money.disputes_by_count,
    "disputes_by_sum": money.disputes_by_sum,
    "cases_by_count": money.cases_by_count,
    "cases_by_sum": money.cases_by_sum,
    "top_tenth": money.top_tenth,
    "gini": money.gini,
    "ring_authors": lambda rows, first: money.at_half(money.ring(rows, first)[0]),
    "ring_pairs": lambda rows, first: money.at_half(money.ring(rows, first)[1]),
    "take_rate": money.take_rate,
    "cost_per_sale": money.cost_per_sale,
    "left_per_sale": money.left_per_sale,
    "worker_seconds": money.worker_seconds,
    "not_paid": trade.not_paid,
    "left_after_first": trade.left_after_first,
    "hours_to_decide": decisions.hours(0.5),
    "hours_to_decide_90": decisions.hours(0.9),
    "appeals_won": decisions.appeals_won,
    "past_time": decisions.past_time,
}
