"""Hashes and their keys are gone after two days, events after 400."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from insight.events.models import DaySalt, Event
from insight.events.services import forgetting
from tests.factories.insight import make_event
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.both, pytest.mark.django_db]
MONDAY = date(2026, 11, 30)


def test_no_hash_and_no_key_is_older_than_48_hours() -> None:
    work = make_published_edition().work
    for hour in range(24):
        make_event(work, day=MONDAY, hour=hour, visitor=b"12345678")
    DaySalt.objects.create(day=MONDAY, salt=b"s" * 32)
    midnight = datetime(2026, 11, 30, tzinfo=UTC)
    for hours in range(24, 75):
        at = midnight + timedelta(hours=hours, minutes=5)  # when the task runs
        forgetting.forget(at=at)
        until = at + timedelta(minutes=59)  # until it runs again
        for event in Event.objects.filter(visitor__isnull=False):
            assert until - (midnight + timedelta(hours=event.hour)) <= timedelta(hours=48)
        if hours < 47:  # the day before is whole until its sums are made
            assert Event.objects.filter(visitor__isnull=False).count() == 24
        assert DaySalt.objects.exists() == (hours < 48)
    assert not Event.objects.filter(visitor__isnull=False).exists()
    assert Event.objects.count() == 24


def test_events_go_after_400_days() -> None:
    work = make_published_edition().work
    for days in (399, 400, 401):
        make_event(work, day=MONDAY - timedelta(days=days))
    forgetting.forget(at=datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert set(Event.objects.values_list("day", flat=True)) == {MONDAY - timedelta(days=n) for n in (399, 400)}
