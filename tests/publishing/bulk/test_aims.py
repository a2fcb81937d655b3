"""What becomes of a value, without any work."""

from __future__ import annotations

import pytest

from publishing.bulk import aims
from publishing.bulk.errors import PriceIsFree, PriceMissing
from publishing.bulk.models import Aim

LADDER, WHERE = aims.LADDER, aims.WHERE_PRICED


@pytest.mark.parametrize(
    ("aim", "before", "after"),
    [
        (Aim("keywords", "add", ("Cornwall", "found family")), ["cornwall"], ["cornwall", "found family"]),
        (Aim("keywords", "remove", ("CORNWALL", "sea")), ["Cornwall", "rain"], ["rain"]),
        (Aim("imprint", "set", ("Harbour",)), ["Quay"], ["Harbour"]),
        (Aim("imprint", "set"), ["Quay"], []),
        (Aim("is_adult", "yes_or_no", number=1), [], ["yes"]),
        (Aim("is_adult", "yes_or_no", number=0), ["yes"], []),
        (Aim("subjects", "main", ("FFJ",)), ["FB", "FRM"], ["FFJ", "FRM"]),
        (Aim("subjects", "main", ("FRM",)), ["FB", "FRM"], ["FRM"]),
        (Aim("subjects", "main", ("FB",)), [], ["FB"]),
        (Aim("ai_use", "some", ("", "none", "", "")), ["assisted"] * 4, ["assisted", "none", "assisted", "assisted"]),
        (Aim("ai_use", "some", ("none",) * 4), [], []),
        (Aim("series", "number", ("Tides",), 3), ["Old", "1"], ["Tides", "5"]),
        (Aim("price.USD", "price_set", (), 299), ["499"], ["299"]),
        (Aim("price.USD", "price_set", (), 299), [], ["299"]),
        (Aim("price.USD", "price_set", (), 299), ["499", "open", "900"], ["299", "open", "900"]),
        (Aim("price.USD", "price_percent", (), -1000), ["499"], ["449"]),
        (Aim("price.USD", "price_percent", (LADDER,), 1000), ["499"], ["499"]),
        (Aim("price.USD", "price_percent", (LADDER,), 2000), ["499"], ["599"]),
        (Aim("price.JPY", "price_percent", (LADDER,), -1000), ["390"], ["350"]),
        (Aim("price.USD", "price_percent", (), 10_000), ["300", "open", "500"], ["600", "open", "1000"]),
        (Aim("price.USD", "price_amount", (), -100), ["499"], ["399"]),
        (Aim("price.USD", "price_percent", (WHERE,), -1000), [], []),
        (Aim("price.USD", "price_percent", (WHERE,), -1000), ["0"], ["0"]),
    ],
)
def test_values(aim: Aim, before: list[str], after: list[str]) -> None:
    assert aims.wanted(aim, before, 2) == after


@pytest.mark.parametrize("less", [499, 600])
def test_a_price_that_falls_to_nothing_is_not_free(less: int) -> None:
    assert aims.wanted(Aim("price.USD", "price_amount", (LADDER,), -less), ["499"], 0) == ["-1"]


def test_a_price_that_is_missing_or_free_cannot_be_raised() -> None:
    with pytest.raises(PriceMissing):
        aims.wanted(Aim("price.EUR", "price_percent", (), 100), [], 0)
    with pytest.raises(PriceIsFree):
        aims.wanted(Aim("price.EUR", "price_amount", (), 100), ["0"], 0)


def test_aims_on_one_field_follow_each_other() -> None:
    both = (Aim("keywords", "remove", ("rain",)), Aim("keywords", "add", ("sea",)))
    assert aims.applied(both, {"keywords": ["rain", "fog"]}, 0) == {"keywords": ["fog", "sea"]}
