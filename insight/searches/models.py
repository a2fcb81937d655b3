"""Searches, the keys that people are told apart by for four weeks, and the figures that are published of a week.

Searches are raw and short-lived. What is in a sheet may be read by anybody: `insight.searches.disclosure` has the rules
by which it is made, and nothing finer outlives the four weeks.
"""

from __future__ import annotations

from django.db import models


class SearchKey(models.Model):
    """The random key of four weeks. While it exists, rows of one person can be found; afterwards nobody can."""

    first_day = models.DateField(unique=True, help_text="a Monday; the key is deleted 28 days later")
    key = models.BinaryField(max_length=32)


class SearchEvent(models.Model):
    """One search, or one list of books that was narrowed by subject or language.

    `searcher` is a keyed hash of the account, or of network and browser without one; empty for those who ask not to be
    tracked. `open_until` is the end of the half hour in which a book that they look at counts as found; it is cleared
    within the hour after. Nothing else is stored of whoever searched.
    """

    day = models.DateField(help_text="UTC")
    service = models.CharField(max_length=24, blank=True, help_text="looked for under /hire/; empty for books")
    words = models.CharField(max_length=200, blank=True, help_text="without case, accents and punctuation")
    subject = models.CharField(max_length=2, blank=True, help_text="Thema, of the filter or of what the words name")
    language = models.CharField(max_length=3, blank=True, help_text="of the filter, else of the page")
    results = models.PositiveIntegerField()
    searcher = models.BinaryField(max_length=8, null=True)
    is_opened = models.BooleanField(default=False, help_text="a book was looked at within half an hour")
    open_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["day"], name="search_event_by_day"),
            models.Index(fields=["searcher", "open_until"], name="search_event_by_searcher"),
        ]


class WeekSheet(models.Model):
    """What is published of a week, from Monday to Sunday. It is made once and never again.

    A second sheet of the same week could be subtracted from the first.
    """

    week = models.DateField(unique=True, help_text="its Monday")
    works = models.PositiveIntegerField(help_text="on sale when the sheet was made")
    offers = models.PositiveIntegerField(help_text="public services to hire when the sheet was made")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-week"]


class GapCell(models.Model):
    """What at least five people looked for: a subject and a language, and under /hire/ a service.

    Numbers are rounded to five. Cells of fewer people do not exist, and no sum includes them.
    """

    sheet = models.ForeignKey(WeekSheet, on_delete=models.CASCADE, related_name="cells")
    service = models.CharField(max_length=24, blank=True)
    subject = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=3, blank=True)
    people = models.PositiveIntegerField()
    found_little = models.PositiveIntegerField(help_text="of the people; 0 is fewer than five")
    searches = models.PositiveIntegerField()
    opened = models.PositiveIntegerField(help_text="of the searches; 0 is those of fewer than five people")
    supply = models.PositiveIntegerField(help_text="works on sale or public offers when the sheet was made")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "service", "subject", "language"], name="gap_cell_once")
        ]


class WordCell(models.Model):
    """Words that at least five people searched for if the catalogue has them all, and at least twenty otherwise.

    People search for names and addresses; those that are in the catalogue are public.
    """

    sheet = models.ForeignKey(WeekSheet, on_delete=models.CASCADE, related_name="words")
    words = models.CharField(max_length=200)
    people = models.PositiveIntegerField()
    found_little = models.PositiveIntegerField(help_text="of the people; 0 is fewer than five")

    class Meta:
        ordering = ["-people", "words"]
        constraints = [models.UniqueConstraint(fields=["sheet", "words"], name="word_cell_once")]
