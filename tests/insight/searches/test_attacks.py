"""Subtraction attacks on the published figures find nobody, and find many in tables as they are usually made."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from bench import search_privacy
from bench.search_privacy import FIRST_DAY, HIDDEN, Range, Search, people_of, rest_of
from insight.searches import disclosure
from insight.searches.models import GapCell, SearchEvent, WeekSheet, WordCell
from insight.searches.selectors import recount
from insight.searches.services import sheets
from storefront.search.models import SearchWord
from tests.conftest import NOON
from tests.insight.searches.factories import searched, searched_by

pytestmark = [pytest.mark.django_db, pytest.mark.both]
WEEK = FIRST_DAY


@pytest.fixture(scope="module")
def searches() -> list[Search]:
    return search_privacy.simulate(seed=7)


class TestTheAttackerIsGood:
    """On naive tables the same subtractions find people; the conclusions drawn from rounded numbers are right."""

    @pytest.mark.nightly
    def test_naive_tables_leak(self, searches: list[Search]) -> None:
        found = search_privacy.attack_naive(searches)
        assert found.differences > 1000
        assert found.single > 300
        assert found.rows_that_leak > 10
        assert found.filters > 10

    def test_exact_numbers_are_ranges_of_one(self) -> None:
        assert Range(24, 24).minus(Range(23, 23)).is_leak
        assert not Range(24, 24).minus(Range(19, 19)).is_leak
        assert Range(5, 5).minus(Range(7, 7)).is_leak

    @pytest.mark.parametrize("people", range(200))
    def test_a_published_number_is_in_its_range(self, people: int) -> None:
        shown = disclosure.rounded(people) if disclosure.is_shown(people) else None
        known = people_of(shown)
        assert known.least <= people <= known.most
        assert known.most - known.least >= 2
        assert known == HIDDEN or people >= 5

    def test_so_is_the_rest_of_a_part(self) -> None:
        for people in range(5, 80):
            for few in range(people + 1):
                part = disclosure.part(few, of=people, people=few, others=people - few)
                known = rest_of(disclosure.rounded(people), part)
                assert known.least <= people - few <= known.most, (people, few)
                assert not known.is_leak, (people, few)

    def test_two_published_numbers_never_pin_few_people(self) -> None:
        shown = [None, *range(5, 300, 5)]
        assert not any(people_of(one).minus(people_of(other)).is_leak for one in shown for other in shown)


class TestManyWeeks:
    def test_no_difference_of_weeks_or_parts_is_of_few_people(self, searches: list[Search]) -> None:
        published = search_privacy.publish(searches)
        tried = list(search_privacy.attacks_on(published))
        assert len(published) == search_privacy.WEEKS
        assert len(tried) > 3000
        assert [what for what, known in tried if known.is_leak] == []

    @pytest.mark.nightly
    def test_totals_and_rates_have_no_trace_of_hidden_cells(self, searches: list[Search]) -> None:
        rest = search_privacy.without_hidden(searches)
        assert len(rest) < len(searches) - 500
        assert search_privacy.publish(searches) == search_privacy.publish(rest)

    @pytest.mark.nightly
    def test_weeks_do_not_overlap(self, searches: list[Search]) -> None:
        search_privacy.publish(searches)
        mondays = list(WeekSheet.objects.order_by("week").values_list("week", flat=True))
        assert {(later - earlier).days % 7 for earlier, later in pairwise(mondays)} == {0}
        assert all(monday.weekday() == 0 for monday in mondays)
        with pytest.raises(IntegrityError), transaction.atomic():
            sheets.make_sheet(week=mondays[0], at=NOON)

    @pytest.mark.nightly
    def test_one_person_coming_or_going_changes_nothing_by_few(self, searches: list[Search]) -> None:
        """Even if both versions of a week were published, which the shop never does."""
        search_privacy.publish(searches)
        week = max(WeekSheet.objects.values_list("week", flat=True))
        with_them = _people_by_cell(week)
        persons = SearchEvent.objects.filter(day__gte=week, searcher__isnull=False).values_list("searcher", flat=True)
        for person in random.Random(1).sample(sorted({bytes(one) for one in persons}), 40):
            without = _without(person, week)
            for cell in with_them.keys() | without.keys():
                change = people_of(with_them.get(cell)).minus(people_of(without.get(cell)))
                assert not change.is_leak, cell

    def test_words_and_cells_cannot_be_subtracted(self) -> None:
        """Everybody who searches for a subject by its name is in the subject's cell, too."""
        SearchWord.objects.create(word="krimi")
        for others in range(8):
            searched_by(12, words="krimi", day=WEEK)
            searched_by(others, first=100, day=WEEK)
            sheets.make_sheet(week=WEEK, at=NOON)
            cell, words = GapCell.objects.get(), WordCell.objects.get()
            rest = people_of(cell.people).minus(people_of(words.people))
            assert rest.least <= others <= rest.most
            assert not rest.is_leak
            WeekSheet.objects.all().delete()
            SearchEvent.objects.all().delete()


class TestNames:
    def test_who_is_searched_for_by_few_is_not_shown(self) -> None:
        SearchWord.objects.create(word="erika")
        searched_by(19, words="erika mustermann", day=WEEK)
        searched(1, words="erika mustermann musterweg 4", times=20, day=WEEK)
        sheets.make_sheet(week=WEEK, at=NOON)
        assert not WordCell.objects.exists()


def _people_by_cell(week: date) -> dict[tuple[object, ...], int]:
    return {row[:3]: int(row[3]) for row in recount.cells_of(week)}


def _without(person: bytes, week: date) -> dict[tuple[object, ...], int]:
    """Return what would be published of the week if one person had not been there."""
    theirs = SearchEvent.objects.filter(searcher=person, day__range=(week, week + timedelta(days=6)))
    with transaction.atomic():
        theirs.delete()
        found = _people_by_cell(week)
        transaction.set_rollback(True)
    return found
