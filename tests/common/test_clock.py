from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pytest_django import Settings

from common import clock


def test_frozen_holds_only_inside_its_block(noon: datetime) -> None:
    with clock.frozen(noon - timedelta(days=9)):
        assert clock.now() == noon - timedelta(days=9)
    assert clock.now() == noon


@pytest.mark.parametrize("hour", [0, 11, 12, 23])
def test_a_day_is_over_when_it_is_so_everywhere(hour: int) -> None:
    day = datetime(2026, 12, 8, hour, tzinfo=UTC).date()
    end = clock.end_of_day(day)
    assert end == datetime(2026, 12, 9, 12, tzinfo=UTC)
    assert end.astimezone(timezone(timedelta(hours=-12))).isoformat() == "2026-12-09T00:00:00-12:00"
    assert clock.last_day_until(end) == day
    assert clock.last_day_until(end + timedelta.resolution) == day + timedelta(days=1)


@pytest.mark.django_db
class TestAdvance:
    def test_moves_business_time_and_leaves_real_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
        monkeypatch.setattr(clock, "real_now", lambda: real)
        with clock.frozen(None):  # type: ignore[arg-type]
            clock.advance(timedelta(days=15))
            clock.advance(timedelta(days=1))
            assert clock.now() == real + timedelta(days=16)
        assert clock.real_now() == real

    def test_refuses_to_go_back(self) -> None:
        with pytest.raises(ValueError, match="forward"):
            clock.advance(timedelta(days=-1))

    def test_refuses_where_the_clock_may_not_move(self, settings: Settings) -> None:
        settings.ALLOW_TIME_TRAVEL = False
        with pytest.raises(RuntimeError):
            clock.advance(timedelta(days=1))
