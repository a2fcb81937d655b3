"""Try to learn from published figures what fewer than five people searched for: the table in docs/market.md.

    python -m bench.search_privacy
    python -m bench.search_privacy --searches 100000 --seed 3

Simulates eight weeks of searches, publishes them once as tables of the last seven days that are made each day, with
totals, and once as this shop does, and attacks both by subtraction: one table from the next, shown cells from a total,
a narrower filter from a wider one. A number leaks if it is surely one to four people. Exits with 1 if ours leaks.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FIRST_DAY = date(2026, 10, 5)  # a Monday, and the first day of a key
WEEKS = 8
SEARCHES = 27_279
FEWEST = 5
_FICTION = ("FF", "FL", "FM", "FR", "FH", "FV", "FB", "FK", "FY", "XA")
SUBJECTS = (*_FICTION, "YF", "DC", "DN", "KJ", "VS", "WB", "NH", "UM", "PB", "CJ")
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "sv")
_PRICES = ("", "", "", "5", "free")


@dataclass(frozen=True, slots=True)
class Search:
    """One search. `price` is a filter that only the naive tables are split by."""

    day: date
    person: int
    subject: str
    language: str
    price: str
    results: int
    is_opened: bool


type Cell = tuple[str, str]
type Table = dict[Cell, int]


def simulate(*, seed: int, searches: int = SEARCHES) -> list[Search]:
    """Return searches of people who each have a language and a few subjects, some of them rare."""
    dice = random.Random(seed)
    weights = [1 / (rank + 1) for rank in range(len(SUBJECTS))]
    spoken = [1 / (rank + 1) ** 1.3 for rank in range(len(LANGUAGES))]
    people = [
        (dice.choices(LANGUAGES, spoken)[0], dice.choices(SUBJECTS, weights, k=2), min(dice.paretovariate(1.2), 8.0))
        for _ in range(searches // 9)
    ]
    found = []
    for person in dice.choices(range(len(people)), [active for *_, active in people], k=searches):
        language, subjects, _active = people[person]
        subject = dice.choice(subjects)
        is_rare = SUBJECTS.index(subject) * LANGUAGES.index(language) > 12
        found.append(
            Search(
                day=FIRST_DAY + timedelta(days=dice.randrange(WEEKS * 7)),
                person=person,
                subject=subject,
                language=language,
                price=dice.choice(_PRICES),
                results=dice.randrange(0, 7) if is_rare else dice.randrange(3, 200),
                is_opened=dice.random() < 0.4,
            )
        )
    return found


# ---------------------------------------------------------------- naive: exact, rolling, with totals


@dataclass(slots=True)
class Naive:
    """What the attacks on naive tables found."""

    differences: int = 0  # of two tables in a row, that are one to four people
    single: int = 0  # of them, exactly one person
    rows: int = 0  # of the tables of whole weeks, with a total
    rows_that_leak: int = 0  # with a single hidden cell, which is the total without the others
    filters: int = 0  # cells of which a shown filter leaves one to four people


def attack_naive(searches: Iterable[Search]) -> Naive:
    """Publish exact numbers from five people on, for the last seven days each day, and subtract."""
    by_day: dict[date, list[Search]] = defaultdict(list)
    for one in searches:
        by_day[one.day].append(one)
    found = Naive()
    before: Table = {}
    for offset in range(6, WEEKS * 7):
        last = FIRST_DAY + timedelta(days=offset)
        window = [one for back in range(7) for one in by_day[last - timedelta(days=back)]]
        table = _people(window)
        shown = {cell: count for cell, count in table.items() if count >= FEWEST}
        for cell in shown.keys() & before.keys():
            change = abs(shown[cell] - before[cell])
            found.differences += 0 < change < FEWEST
            found.single += change == 1
        before = shown
        if last.weekday() == 6:
            _subtract_from_totals(table, found)
            _subtract_filters(window, shown, found)
    return found


def _people(searches: Iterable[Search]) -> Table:
    seen: dict[Cell, set[int]] = defaultdict(set)
    for one in searches:
        seen[one.subject, one.language].add(one.person)
    return {cell: len(people) for cell, people in seen.items()}


def _subtract_from_totals(table: Table, found: Naive) -> None:
    hidden = Counter(subject for (subject, _), count in table.items() if count < FEWEST)
    rows = {subject for subject, _ in table}
    found.rows += len(rows)
    found.rows_that_leak += sum(1 for subject in rows if hidden[subject] == 1)


def _subtract_filters(window: list[Search], shown: Table, found: Naive) -> None:
    for price in {*_PRICES} - {""}:
        others = _people(one for one in window if one.price != price)
        found.filters += sum(
            1 for cell in shown if others.get(cell, 0) >= FEWEST and 0 < shown[cell] - others[cell] < 5
        )


# ---------------------------------------------------------------- ours: what can be concluded from rounded numbers


@dataclass(frozen=True, slots=True)
class Range:
    """What an attacker knows of a number: it is between these two."""

    least: int
    most: int

    def minus(self, other: Range) -> Range:
        return Range(self.least - other.most, self.most - other.least)

    @property
    def is_leak(self) -> bool:
        """Return whether it is surely one to four people, who came or went."""
        return (self.least >= 1 and self.most < FEWEST) or (self.most <= -1 and self.least > -FEWEST)


HIDDEN = Range(0, FEWEST - 1)


def people_of(published: int | None) -> Range:
    """Return how many people a published number may stand for; None is one that is not shown."""
    return HIDDEN if published is None else Range(max(published - 2, FEWEST), published + 2)


def rest_of(whole: int, part: int) -> Range:
    """Return how many people are in the whole and not in a published part of it."""
    if part == 0:
        return people_of(whole).minus(HIDDEN)
    if part == whole:
        return Range(0, 4)  # nobody, or few who were added to the part
    left = Range(max(part - 2, FEWEST), part + 2)
    rest = people_of(whole).minus(left)
    return Range(max(rest.least, FEWEST), rest.most)


@dataclass(frozen=True, slots=True)
class PublishedCell:
    """What a sheet says of a cell."""

    people: int
    found_little: int


@dataclass(frozen=True, slots=True)
class PublishedSheet:
    """All that is published of a week. `rates` are what the selectors make of its cells."""

    cells: dict[Cell, PublishedCell]
    rates: tuple[object, ...]


def attacks_on(sheets: Mapping[date, PublishedSheet]) -> Iterator[tuple[str, Range]]:
    """Yield every difference that can be made of published weeks, and what it says of people."""
    order = sorted(sheets)
    for number, week in enumerate(order):
        sheet = sheets[week].cells
        for cell, one in sheet.items():
            yield f"{week} {cell}: people who found enough", rest_of(one.people, one.found_little)
        for other in order[number + 1 :]:
            for cell in sheet.keys() | sheets[other].cells.keys():
                now, then = sheets[other].cells.get(cell), sheet.get(cell)
                change = _people_in(now).minus(_people_in(then))
                yield f"{week} to {other} {cell}", change


def _people_in(cell: PublishedCell | None) -> Range:
    return people_of(cell.people if cell is not None else None)


def without_hidden(searches: list[Search]) -> list[Search]:
    """Return the searches without those of cells that fewer than five people looked for in their week.

    What is published must be the same: then no total, rate or rank has a trace of them.
    """
    seen: dict[tuple[date, Cell], set[int]] = defaultdict(set)
    for one in searches:
        seen[_week_of(one), (one.subject, one.language)].add(one.person)
    return [one for one in searches if len(seen[_week_of(one), (one.subject, one.language)]) >= FEWEST]


def _week_of(one: Search) -> date:
    return one.day - timedelta(days=one.day.weekday())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, default=SEARCHES)
    parser.add_argument("--seed", type=int, default=7)
    told = parser.parse_args()
    searches = simulate(seed=told.seed, searches=told.searches)
    naive = attack_naive(searches)
    print(f"{len(searches):,} searches by {len({one.person for one in searches}):,} people in {WEEKS} weeks")
    print("exact numbers of the last seven days, each day, from five people on, with totals:")
    print(f"  differences of two days that are one to four people {naive.differences:,}, exactly one {naive.single:,}")
    print(f"  rows whose total gives the one hidden cell away     {naive.rows_that_leak} of {naive.rows}")
    print(f"  cells of which a filter leaves one to four people   {naive.filters:,}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": f"sqlite:///{folder}/searches.sqlite3",
            "VAR_DIR": folder,
        }
        import django

        django.setup()
        logging.disable(logging.INFO)
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        sys.exit(_attack_ours(searches))


def _attack_ours(searches: list[Search]) -> int:
    sheets = publish(searches)
    tried = list(attacks_on(sheets))
    leaks = [what for what, known in tried if known.is_leak]
    cells = sum(len(sheet.cells) for sheet in sheets.values())
    print(f"ours: {len(sheets)} weeks, {cells:,} cells; {len(tried):,} differences tried, {len(leaks)} leak")
    for what in leaks[:10]:
        print(f"  {what}")
    rest = without_hidden(searches)
    is_same = publish(rest) == sheets
    print(
        f"  without the {len(searches) - len(rest):,} searches of hidden cells: {'the same' if is_same else 'DIFFERS'}"
    )
    return 1 if leaks or not is_same else 0


def publish(searches: Iterable[Search]) -> dict[date, PublishedSheet]:
    """Close all weeks as the shop does, and return what anybody may read afterwards, rates included."""
    from insight.searches import selectors
    from insight.searches.models import GapCell, SearchEvent, WeekSheet
    from insight.searches.services import sheets

    WeekSheet.objects.all().delete()
    SearchEvent.objects.all().delete()
    SearchEvent.objects.bulk_create(
        (
            SearchEvent(
                day=one.day,
                subject=one.subject,
                language=one.language,
                results=one.results,
                searcher=one.person.to_bytes(8),
                is_opened=one.is_opened,
            )
            for one in searches
        ),
        batch_size=2000,
    )
    after = datetime.combine(FIRST_DAY + timedelta(weeks=WEEKS), datetime.min.time(), tzinfo=UTC)
    sheets.close_weeks(at=after + timedelta(hours=2))
    found = {}
    for week in WeekSheet.objects.values_list("week", flat=True):
        cells = GapCell.objects.filter(sheet__week=week).values_list("subject", "language", "people", "found_little")
        found[week] = PublishedSheet(
            cells={(subject, language): PublishedCell(*numbers) for subject, language, *numbers in cells},
            rates=(selectors.search_fill(week), selectors.found_little(week), *selectors.gaps(week)),
        )
    return found


if __name__ == "__main__":
    main()
