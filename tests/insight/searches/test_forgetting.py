"""Keys and searches go after four weeks; an account's deletion takes its searches along, and sheets stay."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from accounts import hooks as account_hooks
from accounts.models import Deletion, User
from common import clock
from insight.events import visitors
from insight.searches import account_deletion, tasks, weeks
from insight.searches.models import GapCell, SearchEvent, SearchKey, WeekSheet
from insight.searches.services import forgetting, sheets
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.insight.searches.factories import searched_by, tell

pytestmark = [pytest.mark.django_db, pytest.mark.both]
FIRST_DAY = weeks.period_of(NOON.date())
BEGIN = datetime.combine(FIRST_DAY, datetime.min.time(), tzinfo=UTC)


def run_hourly(at: datetime) -> None:
    """What the task does, without its lock, which the database may hold a moment longer than its connection."""
    sheets.close_weeks(at=at)
    forgetting.forget(at=at)


def after(**time: int) -> datetime:
    return BEGIN + timedelta(**time)


class TestWeeks:
    @pytest.mark.parametrize("day", [date(2026, 11, 24), date(2027, 1, 1), date(2026, 3, 29), date(1970, 1, 5)])
    def test_a_period_is_four_whole_weeks(self, day: date) -> None:
        first = weeks.period_of(day)
        assert first.weekday() == 0
        assert 0 <= (day - first).days < 28
        assert {weeks.period_of(first + timedelta(days=n)) for n in range(28)} == {first}
        assert weeks.period_of(first + timedelta(days=28)) == first + timedelta(days=28)


class TestTheKey:
    def test_is_destroyed_after_28_days(self, client: Client) -> None:
        with clock.frozen(after(hours=1)):
            tell(client, "?q=lamp")
        assert SearchKey.objects.get().first_day == FIRST_DAY
        forgetting.forget(at=after(days=27, hours=23))
        assert SearchKey.objects.exists()
        forgetting.forget(at=after(days=28))
        assert not SearchKey.objects.exists()

    def test_without_it_nobody_can_be_found_again(self, client: Client) -> None:
        person = make_reader()
        client.force_login(person)
        with clock.frozen(after(hours=1)):
            tell(client, "?q=lamp")
            assert list(account_deletion.documents(person))
        told = bytes(SearchEvent.objects.get().searcher or b"")
        forgetting.forget(at=after(days=28))
        with clock.frozen(after(days=28, minutes=30)):
            assert not list(account_deletion.documents(person))
            tell(client, "?q=lamp")  # makes the key of the next four weeks
        key = bytes(SearchKey.objects.get().key)
        assert visitors.keyed_hash(key, f"account\n{person.pk}") != told

    def test_is_random(self, client: Client) -> None:
        with clock.frozen(after(hours=1)):
            tell(client, "?q=lamp")
        first = bytes(SearchKey.objects.get().key)
        SearchKey.objects.all().delete()
        with clock.frozen(after(hours=1)):
            tell(client, "?q=lamp")
        assert bytes(SearchKey.objects.get().key) != first
        assert len(first) == 32


class TestSearches:
    def test_become_figures_and_go(self) -> None:
        searched_by(6, day=FIRST_DAY)
        searched_by(6, day=FIRST_DAY + timedelta(days=27))
        run_hourly(after(days=28, minutes=35))
        assert SearchEvent.objects.count() == 12  # the last week is not published yet
        run_hourly(after(days=28, hours=1, minutes=35))
        assert not SearchEvent.objects.exists()
        assert WeekSheet.objects.count() == 2
        assert set(GapCell.objects.values_list("people", flat=True)) == {5}

    def test_lose_their_time_within_ninety_minutes(self, client: Client) -> None:
        with clock.frozen(after(hours=1, minutes=5)):
            tell(client, "?q=lamp")
        assert SearchEvent.objects.get().open_until == after(hours=1, minutes=35)
        run_hourly(after(hours=1, minutes=35))
        assert SearchEvent.objects.get().open_until is not None
        run_hourly(after(hours=2, minutes=35))
        assert SearchEvent.objects.get().open_until is None

    def test_are_nowhere_in_what_stays(self, client: Client) -> None:
        with clock.frozen(after(hours=1)):
            tell(client, "?q=erika+mustermann")
        run_hourly(after(days=28, hours=2))
        assert not SearchEvent.objects.exists()
        assert WeekSheet.objects.get().words.count() == 0


def test_the_task_does_both(client: Client) -> None:
    with clock.frozen(after(hours=1)):
        tell(client, "?q=lamp")
    with clock.frozen(after(days=28, hours=2)):
        tasks.close_weeks()
    assert WeekSheet.objects.exists()
    assert not SearchEvent.objects.exists()


class TestAnAccount:
    @pytest.fixture
    def person(self, client: Client) -> User:
        person = make_reader()
        client.force_login(person)
        tell(client, "?q=lamp")
        client.logout()
        tell(client, "?q=glass", ip="198.51.100.1")
        return person

    def test_has_its_searches_in_its_copy(self, person: User) -> None:
        (document,) = account_deletion.documents(person)
        assert document.name == "searches.json"
        (row,) = json.loads(document.content)["search_event"]
        assert row["words"] == "lamp"
        assert "searcher" not in row
        assert not list(account_deletion.documents(make_reader()))
        assert "searches.json" in {one.name for one in account_hooks.documents_of(person)}

    def test_takes_them_along_and_nobody_elses(self, person: User) -> None:
        account_hooks.erase(Deletion(user=person), NOON)
        assert list(SearchEvent.objects.values_list("words", flat=True)) == ["glass"]

    def test_leaves_sheets_as_they_are(self, person: User) -> None:
        searched_by(4, day=NOON.date(), subject="", language="en", words="lamp")
        SearchEvent.objects.filter(words="glass").delete()
        later = NOON + timedelta(days=7)
        sheets.close_weeks(at=later)
        account_deletion.erase(Deletion(user=person), later)
        assert SearchEvent.objects.count() == 4
        sheets.close_weeks(at=later + timedelta(days=1))
        assert GapCell.objects.get().people == 5
