"""Arithmetic of money that holds for all whole numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from common.money import allocate, apply_bps
from royalties import calc

amounts = st.integers(min_value=-(10**12), max_value=10**12)
prices = st.integers(min_value=0, max_value=10**9)
weights = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12).filter(any)
all_terms = st.one_of(
    st.builds(calc.OctavoTerms, st.integers(0, 10000)),
    st.builds(calc.FlatTerms, st.integers(0, 10000), st.integers(0, 500)),
    st.builds(
        calc.RateBandTerms,
        st.just((calc.Band(1, 298, 3500, False), calc.Band(299, 999, 7000, True), calc.Band(1000, 10**9, 3500, False))),
        st.integers(0, 20),
    ),
)
processor_fees = st.builds(calc.ProcessorFees, st.integers(0, 1000), st.integers(0, 100))


@st.composite
def lines(draw):
    paid = draw(prices)
    list_price = draw(st.one_of(st.just(paid), prices))
    return calc.PricedLine(
        paid, draw(st.integers(0, paid)), draw(all_terms), list_price, draw(st.integers(0, 100 << 20))
    )


class TestAllocate:
    @given(amounts, weights)
    def test_parts_add_up(self, total, shares):
        assert sum(allocate(total, shares)) == total

    @given(amounts, weights)
    def test_is_symmetric_in_sign(self, total, shares):
        assert allocate(-total, shares) == [-part for part in allocate(total, shares)]

    @given(prices, weights)
    def test_no_part_is_off_by_one_or_more(self, total, shares):
        whole = sum(shares)
        for part, share in zip(allocate(total, shares), shares, strict=True):
            assert abs(part * whole - total * share) < whole

    @given(prices, weights)
    def test_no_share_no_part(self, total, shares):
        assert all(part == 0 for part, share in zip(allocate(total, shares), shares, strict=True) if share == 0)


class TestApplyBps:
    @given(amounts, st.integers(0, 10000))
    def test_is_the_nearest_whole(self, amount, rate):
        assert abs(apply_bps(amount, rate) * 10000 - amount * rate) <= 5000


class TestQuote:
    @given(st.lists(lines(), min_size=1, max_size=6), processor_fees)
    def test_each_line_adds_up_and_nothing_is_negative(self, cart, fees):
        for line, parts in zip(cart, calc.quote(cart, fees), strict=True):
            assert parts.paid == line.paid
            assert parts.paid == parts.tax + parts.processor_fee + parts.platform_fee + parts.royalty
            assert min(parts.tax, parts.processor_fee, parts.platform_fee, parts.royalty) >= 0

    @given(st.lists(prices, min_size=1, max_size=6), processor_fees)
    def test_a_cart_never_costs_more_in_fees_than_its_lines_alone(self, paid, fees):
        assert calc.processor_fee(sum(paid), fees) <= sum(calc.processor_fee(p, fees) for p in paid) + len(paid)


class TestTaxIn:
    @given(prices, st.integers(0, 3000))
    def test_is_the_rate_of_the_rest(self, paid, rate):
        tax = calc.tax_in(paid, rate)
        assert 0 <= tax <= paid
        assert abs(tax * (10000 + rate) - paid * rate) <= (10000 + rate) // 2 + 1
