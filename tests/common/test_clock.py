from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from common import clock


def test_frozen_holds_only_inside_its_block(noon: datetime) -> None:
    with clock.frozen(noon - timedelta(days=9)):
        assert clock.now() == noon - timedelta(days=9)
    assert clock.now() == noon


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
        settings.CLOCK_CAN_MOVE = False
        with pytest.raises(RuntimeError):
            clock.advance(timedelta(days=1))
