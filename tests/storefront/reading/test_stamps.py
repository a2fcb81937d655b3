"""Stamps of devices whose clocks are right, slow, or ahead."""

from __future__ import annotations

import pytest

from storefront.reading import stamps
from storefront.reading.stamps import DeviceClock
from tests.conftest import NOON

NOW = stamps.to_ms(NOON)
DAY = 24 * 3600 * 1000


def clock(ahead_ms: int = 0) -> DeviceClock:
    return DeviceClock.of("phone", device_ms=NOW + ahead_ms, server_ms=NOW)


def stamp(milliseconds: int, device: str = "phone", counter: int = 0) -> str:
    return f"{milliseconds:013}-{counter:04x}-{device}"


class TestDeviceClock:
    @pytest.mark.parametrize("ahead_ms", [0, 60_000, -2 * DAY])
    def test_leaves_a_right_or_slow_one_alone(self, ahead_ms: int) -> None:
        told = stamp(NOW + ahead_ms, counter=7)
        assert clock(ahead_ms).stamp(told) == told
        assert clock(ahead_ms).moment(NOW - 5) == stamps.from_ms(NOW - 5)

    def test_sets_one_that_is_ahead_back_by_whole_minutes_and_far_enough(self) -> None:
        ahead = clock(2 * DAY + 12_345)
        assert ahead.stamp(stamp(NOW + 2 * DAY, counter=3)) == stamp(NOW - 120_000, counter=3)
        assert ahead.moment(NOW + 2 * DAY - 1000) == stamps.from_ms(NOW - 121_000)

    def test_so_what_is_written_with_a_corrected_clock_is_later(self) -> None:
        """Also if the first message took a while to arrive."""
        for late_ms in range(0, 60_000, 7000):
            for odd_ms in range(0, 60_000, 7000):
                told = stamp(NOW - late_ms + 2 * DAY + odd_ms)
                assert clock(2 * DAY + odd_ms - late_ms).stamp(told) <= stamp(NOW - late_ms)

    def test_so_a_message_sent_again_has_the_same_stamps(self) -> None:
        told = stamp(NOW + 2 * DAY)
        assert clock(2 * DAY + 100).stamp(told) == clock(2 * DAY + 9000).stamp(told)

    def test_does_not_touch_stamps_of_other_devices(self) -> None:
        assert clock(2 * DAY).stamp(stamp(NOW - 5, "tablet")) == stamp(NOW - 5, "tablet")

    @pytest.mark.parametrize("device", ["phone", "tablet"])
    def test_cuts_what_is_still_ahead_to_a_minute(self, device: str) -> None:
        assert clock().stamp(stamp(NOW + DAY, device)) == stamp(NOW + 60_000, device)

    @pytest.mark.parametrize(
        "told", ["", "1", "17645000000000-0000-phone", "1764500000000-000g-phone", "1764500000000-0000-"]
    )
    def test_refuses_what_is_no_stamp(self, told: str) -> None:
        with pytest.raises(ValueError, match=f"^{told}$"):
            clock().stamp(told)


def test_the_servers_own_stamps_are_stamps() -> None:
    made = stamps.make(NOON, "import", 10)
    assert clock().stamp(made) == made
    assert stamps.device_of(made) == "import"
