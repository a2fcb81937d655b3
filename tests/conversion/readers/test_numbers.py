"""Numbers in attributes may be anything."""

from __future__ import annotations

import pytest

from conversion.engine.readers.assembly.numbers import whole


class TestWhole:
    @pytest.mark.parametrize(
        ("value", "expected"), [("12", 12), (" 7 ", 7), ("3.9", 3), ("+5", 5), ("99999", 9999), ("-4", 0)]
    )
    def test_reads_and_keeps_within_bounds(self, value: str, expected: int) -> None:
        assert whole(value, 1) == expected

    @pytest.mark.parametrize("value", ["", "²", "١", "abc", "inf", "nan", "1e9", "9" * 5000, None])
    def test_gives_the_default_for_anything_else(self, value: object) -> None:
        assert whole(value, 1) == 1
