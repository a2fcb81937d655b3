"""A second count of a week in plain SQL, from the rows of searches, which shares no code with `services/sheets.py`.

It knows the rules of `disclosure` by itself. Figures of which nobody can see where they come from need somebody who
counts again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from insight.searches.models import GapCell, WordCell
from storefront.search.models import SearchWord

type Row = tuple[str | int, ...]

# One person's searches in the week, without those of whoever searched more than 60 times on a day.
_PERSONS = """
    FROM searches_searchevent AS e
    WHERE e.day >= %(monday)s AND e.day <= %(sunday)s AND e.searcher IS NOT NULL
      AND NOT EXISTS (
        SELECT 1 FROM searches_searchevent AS busy
        WHERE busy.searcher = e.searcher AND busy.day >= %(monday)s AND busy.day <= %(sunday)s
        GROUP BY busy.day HAVING COUNT(*) > 60
      )
"""
# `/` divides whole numbers on both databases: 23 people are (23 + 2) / 5 * 5 = 25.
_CELLS = f"""
    SELECT service, subject, language, (people + 2) / 5 * 5,
           CASE WHEN few < 5 THEN 0 WHEN people - few < 5 THEN (people + 2) / 5 * 5 ELSE (few + 2) / 5 * 5 END,
           (searches + 2) / 5 * 5,
           CASE WHEN openers < 5 THEN 0 WHEN others < 5 THEN (searches + 2) / 5 * 5 ELSE (opened + 2) / 5 * 5 END
    FROM (
        SELECT e.service, e.subject, e.language, COUNT(*) AS searches, COUNT(DISTINCT e.searcher) AS people,
               COUNT(DISTINCT CASE WHEN e.results < 5 THEN e.searcher END) AS few,
               SUM(CASE WHEN e.is_opened THEN 1 ELSE 0 END) AS opened,
               COUNT(DISTINCT CASE WHEN e.is_opened THEN e.searcher END) AS openers,
               COUNT(DISTINCT CASE WHEN NOT e.is_opened THEN e.searcher END) AS others
        {_PERSONS}
        GROUP BY e.service, e.subject, e.language
    ) AS counted
    WHERE people >= 5
"""  # noqa: S608 - no value is written into it
_WORDS = f"""
    SELECT words, people, (people + 2) / 5 * 5,
           CASE WHEN few < 5 THEN 0 WHEN people - few < 5 THEN (people + 2) / 5 * 5 ELSE (few + 2) / 5 * 5 END
    FROM (
        SELECT e.words, COUNT(DISTINCT e.searcher) AS people,
               COUNT(DISTINCT CASE WHEN e.results < 5 THEN e.searcher END) AS few
        {_PERSONS}
          AND e.service = '' AND e.words <> ''
        GROUP BY e.words
    ) AS counted
    WHERE people >= 5
    ORDER BY people DESC, words
"""  # noqa: S608 - no value is written into it


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that is published and was not counted, or the other way round."""

    line: Row
    is_published: bool


def differences(week: date) -> list[Difference]:
    """Return where the week's sheet is not what its searches say. Empty if it is right.

    Searches are deleted with an account and after four weeks, and sheets stay as they are: ask when the sheet is made.
    """
    cells = GapCell.objects.filter(sheet__week=week)
    words = WordCell.objects.filter(sheet__week=week)
    published: set[Row] = set(
        cells.values_list("service", "subject", "language", "people", "found_little", "searches", "opened")
    )
    published |= set(words.values_list("words", "people", "found_little"))
    counted = set(cells_of(week)) | set(words_of(week))
    return [
        Difference(line, line in published) for line in sorted(published ^ counted, key=lambda line: (len(line), line))
    ]


def cells_of(week: date) -> list[Row]:
    """Return service, subject, language, people, found little, searches and opened of each cell to publish."""
    return _rows(_CELLS, week)


def words_of(week: date) -> list[Row]:
    """Return words, people and found little of each line to publish."""
    known = set(SearchWord.objects.values_list("word", flat=True).iterator())
    lines: list[Row] = []
    for words, exactly, people, few in _rows(_WORDS, week):
        if int(exactly) >= 20 or all(word in known for word in str(words).split(" ")):
            lines.append((words, people, few))
    return lines[:200]


def _rows(query: str, week: date) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"monday": week, "sunday": week + timedelta(days=6)})
        return list(cursor.fetchall())
