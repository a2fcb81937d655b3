from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from common import clock
from common.periods import Month
from royalties import ledger_chain
from royalties.models import ChainLink, ClosedPeriod, DailyRoot, JournalEntry
from royalties.services import daily_roots, invariants
from royalties.services import ledger_chain as hash_chain
from tests.royalties import closing
from tests.royalties.database import run_together
from tests.royalties.factories import edition, recorded_sale
from tests.royalties.test_services_invariants import tamper

pytestmark = [pytest.mark.both, pytest.mark.django_db]
MONDAY = datetime(2026, 11, 2, 10, tzinfo=UTC)


@pytest.fixture
def wall(monkeypatch):
    """The database's clock, to be set."""

    class Wall:
        at = MONDAY

    monkeypatch.setattr(clock, "database_real_now", lambda: Wall.at)
    return Wall


def sell(wall, at: datetime, count: int = 1) -> None:
    wall.at = at
    book, before = edition(), JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for _ in range(count):
        recorded_sale(of=book)
    # The database says itself when it wrote something.
    tamper("UPDATE royalties_journalentry SET recorded_at = %s WHERE id > %s", at, before)


def made() -> list[tuple[date, int]]:
    return list(DailyRoot.objects.values_list("day", "count"))


class TestPublishDays:
    def test_one_for_each_day_that_is_over(self, wall):
        sell(wall, MONDAY, 3)
        sell(wall, MONDAY + timedelta(days=1), 2)
        sell(wall, MONDAY + timedelta(days=4), 1)
        assert daily_roots.publish_days() == 2
        assert made() == [(date(2026, 11, 2), 3), (date(2026, 11, 3), 2)]
        assert daily_roots.publish_days() == 0

    def test_follow_each_other(self, wall):
        sell(wall, MONDAY)
        sell(wall, MONDAY + timedelta(days=1))
        wall.at = MONDAY + timedelta(days=9)
        daily_roots.publish_days()
        first, second = DailyRoot.objects.all()
        assert (first.previous_root, second.previous_root) == (ledger_chain.GENESIS, first.root)
        assert invariants.check_invariants() == []

    def test_an_entry_committed_late_is_of_the_day_before_it_in_the_chain(self, wall):
        sell(wall, MONDAY + timedelta(days=1))
        hash_chain.chain_committed()
        sell(wall, MONDAY)  # recorded on Monday, chained after Tuesday's
        wall.at = MONDAY + timedelta(days=9)
        daily_roots.publish_days()
        assert made() == [(date(2026, 11, 3), 2)]

    def test_the_last_microsecond_of_a_day(self, wall):
        midnight = datetime(2026, 11, 3, tzinfo=UTC)
        sell(wall, midnight - timedelta(microseconds=1))
        sell(wall, midnight)
        assert daily_roots.publish_days() == 1
        assert made() == [(date(2026, 11, 2), 1)]

    def test_nothing_to_do(self, wall):
        assert daily_roots.publish_days() == 0

    @pytest.mark.race
    def test_two_at_once_make_each_once(self, racing_db, wall):
        sell(wall, MONDAY, 3)
        wall.at = MONDAY + timedelta(days=1)
        assert sorted(run_together(*[daily_roots.publish_days] * 3)) == [0, 0, 1]


class TestPublishAll:
    def test_closing_a_month_makes_one_at_once(self, wall):
        sell(wall, MONDAY, 2)
        closing.close(period=Month(2026, 11), at=datetime(2026, 12, 1, tzinfo=UTC))
        *_, root = DailyRoot.objects.all()
        assert root.last_position == ClosedPeriod.objects.get().chain_position
        assert sum(count for _, count in made()) == JournalEntry.objects.count()

    def test_the_rest_of_the_day_gets_another(self, wall):
        sell(wall, MONDAY)
        daily_roots.publish_all()
        sell(wall, MONDAY, 2)
        wall.at = MONDAY + timedelta(days=1)
        daily_roots.publish_days()
        assert made() == [(date(2026, 11, 2), 1), (date(2026, 11, 2), 2)]


class TestDailyRoot:
    @pytest.mark.parametrize(
        "change", ["UPDATE royalties_dailyroot SET day = '2026-01-01'", "DELETE FROM royalties_dailyroot"]
    )
    def test_is_never_changed(self, wall, change):
        sell(wall, MONDAY)
        daily_roots.publish_all()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE royalties_dailyroot SET day = '2026-01-01'",
            "UPDATE royalties_dailyroot SET count = 1",
            "UPDATE royalties_dailyroot SET merkle_root = 'x'",
            "UPDATE royalties_dailyroot SET root = 'x'",
            "UPDATE royalties_dailyroot SET last_position = last_position - 1",
            "UPDATE royalties_dailyroot SET previous_root = 'x'",
        ],
    )
    def test_changed_behind_our_back_is_found(self, wall, change):
        sell(wall, MONDAY, 2)
        daily_roots.publish_all()
        tamper(change)
        assert "chain" in {violation.rule for violation in invariants.check_invariants()}

    def test_covers_every_link_once(self, wall):
        sell(wall, MONDAY, 2)
        sell(wall, MONDAY + timedelta(days=1), 3)
        daily_roots.publish_all()
        assert sum(count for _, count in made()) == ChainLink.objects.count()
