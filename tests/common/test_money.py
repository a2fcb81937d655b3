from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.money import Money, allocate, apply_bps, divide_half_up, exponent
from tests.conftest import SHARED


class TestAllocate:
    @given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
    def test_parts_add_up_and_stay_within_one_of_their_share(self, total: int, weights: list[int]) -> None:
        whole = sum(weights)
        if whole == 0:
            if total:
                with pytest.raises(ValueError, match="all be zero"):
                    allocate(total, weights)
            return
        parts = allocate(total, weights)
        assert sum(parts) == total
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part * whole - total * weight) < whole

    @given(st.integers(0, 10**9), st.lists(st.integers(1, 10**4), min_size=1, max_size=7))
    def test_is_sign_symmetric(self, total: int, weights: list[int]) -> None:
        assert allocate(-total, weights) == [-part for part in allocate(total, weights)]

    def test_gives_a_tie_to_the_earlier_part(self) -> None:
        assert allocate(100, [1, 1, 1]) == [34, 33, 33]

    def test_refuses_negative_weights(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            allocate(10, [1, -1])

    def test_agrees_with_published_examples(self) -> None:
        file = SHARED / "oracles" / "allocation_oracles.json"
        if not file.exists():
            pytest.skip("the shared oracles are not here")
        for total, weights, expected in json.loads(file.read_text())["cases"]:
            assert sorted(allocate(total, weights)) == sorted(expected)


class TestRounding:
    @pytest.mark.parametrize(
        ("amount", "bps", "expected"), [(499, 800, 40), (99, 800, 8), (-499, 800, -40), (1, 5000, 1)]
    )
    def test_rounds_half_away_from_zero(self, amount: int, bps: int, expected: int) -> None:
        assert apply_bps(amount, bps) == expected

    @given(st.integers(-(10**15), 10**15), st.integers(1, 10**6))
    def test_is_never_more_than_half_off(self, numerator: int, denominator: int) -> None:
        assert abs(2 * (divide_half_up(numerator, denominator) * denominator - numerator)) <= denominator


class TestMoney:
    @pytest.mark.parametrize(("currency", "places"), [("USD", 2), ("JPY", 0), ("KWD", 3)])
    def test_knows_the_minor_unit_of_each_currency(self, currency: str, places: int) -> None:
        assert exponent(currency) == places
        assert Money(1, currency).decimal == Decimal(1).scaleb(-places)

    def test_does_not_mix_currencies(self) -> None:
        with pytest.raises(ValueError, match="do not mix"):
            Money(1, "USD") + Money(1, "EUR")

    def test_refuses_a_float(self) -> None:
        with pytest.raises(TypeError):
            Money(4.99, "USD")  # type: ignore[arg-type]

    def test_is_written_as_its_readers_write_it(self) -> None:
        assert Money(499, "USD").format("en") == "$4.99"
        assert Money(500, "JPY").format("en") == "¥500"
