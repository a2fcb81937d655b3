"""A small simulated market: every figure, counted again from raw rows by other means, and the planted ring.

`python -m bench.market` does the same with a large one.
"""

from __future__ import annotations

import pytest

from bench.market import population, recount
from bench.market.books import GAP
from bench.market.people import NOW, Size
from insight.market import periods
from insight.market.models import FigureCount, FigureValue
from insight.market.periods import Cadence
from insight.market.registry import FIGURES
from insight.market.selectors import rings
from insight.market.services import counting

pytestmark = [pytest.mark.django_db, pytest.mark.both]
SMALL = Size(works=60, sales=130, ring_accounts=16, ring_authors=4, providers=10, requests=16, searches=900)


def test_every_figure_is_what_the_rows_say_and_the_ring_is_found() -> None:
    market = population.build(SMALL)
    counting.recount(back=14, at=NOW)
    compared, found = recount.differences()
    assert found == []
    assert compared > 300
    assert set(FigureCount.objects.values_list("figure", flat=True)) == {figure.code for figure in FIGURES}
    said = set(FigureValue.objects.filter(events__gt=0).values_list("count__figure", flat=True))
    # These need more people than are here.
    few = {"service_demand", "service_pressure", "clients_again", "left_after_first"}
    assert {figure.code for figure in FIGURES} - said <= few

    buying = rings.buying(periods.last_ended(Cadence.WEEK, NOW))
    assert market.ring_authors <= {one.author for one in buying.authors if one.is_at_limit}
    last = FigureValue.objects.filter(count__figure="ring_authors").order_by("-count__first_day").first()
    assert last is not None and last.is_alarm

    gaps = FigureValue.objects.filter(
        count__figure="gaps", count__first_day=periods.last_ended(Cadence.WEEK, NOW).first
    )
    assert gaps.order_by("-value").values_list("part", flat=True)[0] == "|".join(GAP)

    assert counting.recount(back=14, at=NOW) == 0
    _a_wrong_value_is_noticed()


def _a_wrong_value_is_noticed() -> None:
    row = FigureValue.objects.filter(count__figure="gini").first()
    assert row is not None
    FigureValue.objects.filter(pk=row.pk).update(value=(row.value or 0) + 1)
    _compared, found = recount.differences()
    assert [(one.figure, one.part) for one in found] == [("gini", row.part)]
    assert counting.recount(back=1, at=NOW) == 2  # one value gone, one there
    assert recount.differences()[1] == []
