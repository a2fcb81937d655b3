"""What two sequences have in common, in order."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from conversion.engine.align.in_order import in_order, increasing

WORDS = st.lists(st.integers(0, 6), max_size=40)


class TestInOrder:
    @given(WORDS, WORDS)
    def test_runs_are_equal_and_in_the_order_of_both(self, one: list[int], other: list[int]) -> None:
        end = other_end = 0
        for start, other_start, length in in_order(one, other):
            assert start >= end
            assert other_start >= other_end
            assert length > 0
            end, other_end = start + length, other_start + length
            assert one[start:end] == other[other_start:other_end]

    @given(WORDS)
    def test_equal_sequences_are_one_run(self, one: list[int]) -> None:
        assert in_order(one, list(one)) == ([(0, 0, len(one))] if one else [])

    def test_long_sequences_of_few_elements_are_no_trap(self) -> None:
        chance = random.Random(1)
        one = [chance.randrange(4) for _ in range(20_000)]
        other = [chance.randrange(4) for _ in range(20_000)]
        start = time.process_time()
        in_order(one, other)
        assert time.process_time() - start < 5

    def test_without_anything_rare_runs_lead(self) -> None:
        chance = random.Random(3)
        one = [chance.randrange(3) for _ in range(6000)]
        other = [*one[:2000], 1, *one[2000:2500], 0, 0, *one[2510:]]
        assert sum(length for _, _, length in in_order(one, other)) > 5900

    def test_what_is_rare_leads(self) -> None:
        chance = random.Random(2)
        one = list(range(3000))
        other = [*one[:1000], *(9000 + chance.randrange(9) for _ in range(50)), *one[1200:]]
        assert in_order(one, other) == [(0, 0, 1000), (1200, 1050, 1800)]


class TestIncreasing:
    def test_takes_the_longest(self) -> None:
        assert increasing([(0, 5), (1, 1), (2, 2), (3, 9), (4, 3)]) == [(1, 1), (2, 2), (4, 3)]
        assert increasing([]) == []
