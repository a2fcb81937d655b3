"""The sheet of a week: what is in it, what is not, and that a second count in SQL says the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from structlog.testing import capture_logs

from insight.searches import disclosure, selectors
from insight.searches.models import GapCell, SearchEvent, WeekSheet, WordCell
from insight.searches.selectors import figures, recount
from insight.searches.services import sheets
from storefront.search.models import SearchWord
from tests.factories.publishing import make_published_edition
from tests.insight.searches.factories import MONDAY, searched, searched_by

pytestmark = [pytest.mark.django_db, pytest.mark.both]
CLOSED = datetime(2026, 12, 7, 1, 35, tzinfo=UTC)


def cells() -> list[tuple[str, str, str, int, int]]:
    rows = GapCell.objects.order_by("service", "subject", "language")
    return list(rows.values_list("service", "subject", "language", "people", "found_little"))


def words() -> list[tuple[str, int]]:
    return list(WordCell.objects.values_list("words", "people"))


def published() -> None:
    sheets.make_sheet(week=MONDAY, at=CLOSED)


class TestDisclosure:
    @pytest.mark.parametrize(("count", "shown"), [(0, 0), (2, 0), (3, 5), (5, 5), (7, 5), (8, 10), (331, 330)])
    def test_rounds_to_the_nearest_five(self, count: int, shown: int) -> None:
        assert disclosure.rounded(count) == shown

    @pytest.mark.parametrize(
        ("count", "people", "others", "shown"),
        [(4, 4, 16, 0), (5, 5, 15, 5), (16, 16, 4, 20), (15, 15, 5, 15), (20, 20, 0, 20), (0, 0, 20, 0)],
    )
    def test_a_part_hides_few_on_either_side(self, count: int, people: int, others: int, shown: int) -> None:
        assert disclosure.part(count, of=20, people=people, others=others) == shown


class TestCells:
    def test_of_five_people_and_no_fewer(self) -> None:
        searched_by(5)
        searched_by(4, language="fr")
        published()
        assert cells() == [("", "FF", "de", 5, 0)]

    def test_count_people_and_not_their_searches(self) -> None:
        for person in range(4):
            searched(person, times=9)
        published()
        assert cells() == []

    def test_one_without_a_code_is_nobody(self) -> None:
        searched_by(4)
        searched(None, times=20)
        published()
        assert cells() == []

    def test_one_who_searches_like_a_machine_is_left_out(self) -> None:
        searched_by(5)
        searched(5, times=sheets.MAX_SEARCHES_A_DAY)
        published()
        assert cells() == []

    def test_those_who_found_little(self) -> None:
        searched_by(12, results=4)
        searched_by(11, first=20, results=5)
        published()
        assert cells() == [("", "FF", "de", 25, 10)]

    def test_a_book_that_was_opened(self) -> None:
        searched_by(12, is_opened=True)
        searched_by(10, first=20)
        published()
        cell = GapCell.objects.get()
        assert (cell.searches, cell.opened) == (20, 10)

    def test_other_weeks_are_not_in_it(self) -> None:
        searched_by(5, day=MONDAY - timedelta(days=1))
        searched_by(5, day=MONDAY + timedelta(days=7))
        published()
        assert cells() == []

    def test_services_are_cells_of_their_own(self) -> None:
        searched_by(6, service="translation", subject="", results=1)
        published()
        assert cells() == [("translation", "", "de", 5, 5)]

    def test_what_there_is_is_counted(self) -> None:
        searched_by(5, language="en")
        searched_by(5, language="en", subject="F")
        searched_by(5, language="en", subject="")
        for subject in ("FFH", "FF", "FL", "PB"):
            make_published_edition(subject=subject, language="en-GB")
        published()
        assert list(GapCell.objects.order_by("subject").values_list("subject", "supply")) == [
            ("", 4),
            ("F", 3),
            ("FF", 2),
        ]
        assert WeekSheet.objects.get().works == 4


class TestWords:
    @pytest.fixture(autouse=True)
    def _catalogue(self) -> None:
        SearchWord.objects.bulk_create(SearchWord(word=word) for word in ("lamp", "glass"))

    def test_of_the_catalogue_from_five_people_on(self) -> None:
        searched_by(5, words="glass lamp")
        searched_by(4, words="lamp", first=10)
        published()
        assert words() == [("glass lamp", 5)]

    @pytest.mark.parametrize(("people", "shown"), [(19, []), (20, [("lamp street 7", 20)])])
    def test_others_from_twenty_on(self, people: int, shown: list[tuple[str, int]]) -> None:
        searched_by(people, words="lamp street 7")
        published()
        assert words() == shown

    def test_of_searches_for_people_are_not_there(self) -> None:
        searched_by(20, words="lamp", service="translation")
        published()
        assert words() == []


class TestClosing:
    def test_an_hour_after_the_week(self) -> None:
        searched_by(5)
        end = datetime.combine(MONDAY + timedelta(days=7), datetime.min.time(), tzinfo=UTC)
        sheets.close_weeks(at=end + timedelta(minutes=59))
        assert not WeekSheet.objects.exists()
        sheets.close_weeks(at=end + timedelta(hours=1))
        assert WeekSheet.objects.get().week == MONDAY

    def test_every_week_that_was_missed(self) -> None:
        searched_by(5)
        searched_by(5, day=MONDAY + timedelta(days=15))
        sheets.close_weeks(at=CLOSED + timedelta(days=21))
        assert set(WeekSheet.objects.values_list("week", flat=True)) == {MONDAY, MONDAY + timedelta(days=14)}

    def test_once_and_never_again(self) -> None:
        searched_by(5)
        sheets.close_weeks(at=CLOSED)
        SearchEvent.objects.filter(searcher=(1).to_bytes(8)).delete()
        sheets.close_weeks(at=CLOSED + timedelta(days=1))
        assert cells() == [("", "FF", "de", 5, 0)]
        with pytest.raises(IntegrityError):
            sheets.make_sheet(week=MONDAY, at=CLOSED)

    def test_a_sheet_that_differs_from_the_second_count_is_logged(self, monkeypatch: pytest.MonkeyPatch) -> None:
        searched_by(5)
        monkeypatch.setattr(disclosure, "FEWEST", 6)
        with capture_logs() as logs:
            sheets.close_weeks(at=CLOSED)
        assert [line["event"] for line in logs if line["log_level"] == "error"] == ["searches.differ"]


class TestRecount:
    """The second count says the same for anything that people search for."""

    @pytest.mark.parametrize("seed", range(6))
    def test_equals_the_sheet(self, seed: int) -> None:
        _search_at_random(random.Random(seed))
        published()
        assert GapCell.objects.count() > 5
        assert WordCell.objects.exists()
        assert recount.differences(MONDAY) == []
        shown = {(gap.subject, gap.language, gap.people, gap.found_little) for gap in figures.demand(MONDAY)}
        assert shown == {(row[1], row[2], row[3], row[4]) for row in recount.cells_of(MONDAY) if row[0] == ""}

    def test_tells_what_is_wrong(self) -> None:
        searched_by(5)
        published()
        GapCell.objects.update(people=10)
        assert {one.line[3] for one in recount.differences(MONDAY)} == {5, 10}
        GapCell.objects.all().delete()
        assert [one.is_published for one in recount.differences(MONDAY)] == [False]


def _search_at_random(dice: random.Random) -> None:
    SearchWord.objects.bulk_create(SearchWord(word=word) for word in ("lamp", "glass"))
    rows = [
        SearchEvent(
            day=MONDAY + timedelta(days=dice.randrange(-1, 8)),
            service=dice.choice(("", "", "", "translation")),
            words=dice.choice(("", "lamp", "lamp glass", "main street 4")),
            subject=dice.choice(("", "FF", "FL")),
            language=dice.choice(("de", "en", "fr", "fr", "fr")),
            results=dice.randrange(0, 12),
            searcher=None if dice.random() < 0.1 else dice.randrange(60).to_bytes(8),
            is_opened=dice.random() < 0.3,
        )
        for _ in range(700)
    ]
    rows += [SearchEvent(day=MONDAY, subject="FF", results=1, searcher=(7).to_bytes(8)) for _ in range(61)]
    SearchEvent.objects.bulk_create(rows)


class TestSelectors:
    def test_gaps_come_by_the_people_who_found_little(self) -> None:
        for _ in range(3):
            make_published_edition(subject="FF", language="de")
        searched_by(20, results=4)
        searched_by(10, first=100, subject="FL", results=0)
        searched_by(40, first=200, subject="FM")
        published()
        first, second = selectors.gaps(MONDAY)
        assert (first.subject, first.found_little, first.supply) == ("FF", 20, 3)
        assert (second.subject, second.supply) == ("FL", 0)
        assert first.times == pytest.approx(20 / 70)
        assert second.times == pytest.approx((10 / 70) / (0.5 / 3))

    def test_rates_are_of_what_is_shown(self) -> None:
        searched_by(20, results=4, is_opened=True)
        searched_by(4, first=100, subject="FL", results=0)
        searched_by(6, first=200, service="translation", results=0)
        published()
        fill, little = selectors.search_fill(MONDAY), selectors.found_little(MONDAY)
        assert (fill.searches, fill.opened, fill.percent) == (20, 20, 100)
        assert (little.people, little.found_little, little.percent) == (20, 20, 100)
        assert selectors.found_little(MONDAY, services=True).people == 5

    def test_a_week_without_a_sheet_has_nothing(self) -> None:
        assert selectors.gaps(MONDAY) == []
        assert selectors.search_fill(MONDAY).percent is None
        assert selectors.found_little(MONDAY).percent is None
