"""The price of completing a series, for small and odd prices and every discount."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from common.money import apply_bps
from publishing.models.work import MAX_COMPLETING_BPS
from storefront.checkout.cart.selectors.series_offer import divided
from tests.properties.profiles import many, some

books = st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 500)), min_size=1, max_size=12)
discounts = st.integers(0, MAX_COMPLETING_BPS)


def holds(found, discount_bps) -> None:
    listed, floors = [alone for alone, _floor in found], [floor for _alone, floor in found]
    parts = divided(listed, floors, discount_bps)
    whole, lifted = sum(listed) - apply_bps(sum(listed), discount_bps), divided(listed, [0] * len(listed), discount_bps)
    assert sum(lifted) == whole, "without floors the lines are the price"
    assert whole <= sum(parts) <= sum(listed)
    for part, bare, alone, floor in zip(parts, lifted, listed, floors, strict=True):
        assert min(floor, alone) <= part <= alone, "never below the author's floor, never above the price alone"
        assert part in {bare, min(floor, alone)}
        # Within a minor unit of its own share, so that nobody's part pays for another's.
        assert abs(bare * sum(listed) - whole * alone) <= sum(listed)


@given(books, discounts)
@some(300)
def test_parts_are_the_price_and_keep_their_floors(found, discount_bps):
    holds(found, discount_bps)


@given(books, discounts)
@many(20_000)
def test_parts_are_the_price_and_keep_their_floors_at_length(found, discount_bps):
    holds(found, discount_bps)
