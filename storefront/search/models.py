"""The search tables: a document for each book, author and series, and the words of their names.

All of it is derived from listings by `storefront.search.services.index`. Each database maintains its full-text index
over the documents itself: PostgreSQL with generated columns and GIN indexes, SQLite with an FTS5 table and three
triggers. The migration that creates this table creates both. On SQLite, an AlterField on SearchDocument can rebuild the
table and silently drop the triggers. The same migration must then create them again; `storefront.search.checks` reports
missing ones.
"""

from __future__ import annotations

from math import floor, log2
from typing import ClassVar

from django.db import models

from storefront.catalogue.models.listing import Listing
from storefront.search.backend import AUTHOR, BOOK, SERIES, Facets

_KINDS = {BOOK: "book", AUTHOR: "author", SERIES: "series"}
BAND_SHIFT, _KIND_SHIFT = 40, 38
# Keeps powers of two from falling into the band below, whichever way a logarithm is rounded.
BAND_TOLERANCE = 1e-6


def band_of(count: int) -> int:
    """Return the band for a number of copies sold, or of an author's or series' books: eight for each doubling."""
    return floor(8 * log2(1 + count) + BAND_TOLERANCE)


def place_of(kind: str, number: int, count: int) -> int:
    """Return a document's place in the order of results, which is its primary key. The bestselling have the highest."""
    return band_of(count) << BAND_SHIFT | list(_KINDS).index(kind) << _KIND_SHIFT | number


def number_of(place: int) -> int:
    """Return what distinguishes documents of a kind: a book's listing, or the first credit of an author or a series."""
    return place & ((1 << _KIND_SHIFT) - 1)


class SearchDocument(models.Model):
    """Something that can be found. `target` is the slug of a book or series, or an author's public id.

    `place` changes with sales, so nothing may refer to it. Both databases read their index in this order and stop
    early. The facets are copied from the listing, so that results can be counted without it. `title` to `marks` are
    normalized words.
    """

    place = models.BigAutoField(primary_key=True)  # always set by us; SQLite needs no sort only for this order
    kind = models.CharField(max_length=1, choices=_KINDS)
    listing = models.OneToOneField(Listing, null=True, on_delete=models.CASCADE, related_name="search_document")
    target = models.CharField(max_length=120)
    label = models.CharField(max_length=400)
    note = models.CharField(max_length=400, blank=True, default="", help_text="a book’s byline")
    key = models.CharField(max_length=101, db_index=True, help_text="the kind and the words of the label, no article")
    books = models.PositiveIntegerField(default=0, help_text="of an author or a series")
    title = models.TextField()
    people = models.TextField(blank=True, default="", help_text="authors and others, series, ISBN")
    more = models.TextField(blank=True, default="", help_text="subtitle; the subject in each interface language")
    text = models.TextField(blank=True, default="", help_text="description and chapters")
    marks = models.TextField(blank=True, default="", help_text="words that nobody can type, for filters")
    subject = models.CharField(max_length=2, blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    price_band = models.PositiveSmallIntegerField(default=0)
    length_band = models.PositiveSmallIntegerField(default=0)
    formats = models.PositiveIntegerField(default=0)
    features = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    is_adult = models.BooleanField(default=False)

    FACETS: ClassVar[tuple[str, ...]] = Facets._fields

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "target", "label"], name="search_document_once")]
        # For lists of authors and series, those with the most books first.
        indexes = [models.Index(fields=["kind", "-books", "-place"], name="search_document_largest")]

    def __str__(self) -> str:
        return self.label


class SearchCredit(models.Model):
    """A book on sale that counts for an author with a page, or for a series. Books for adults count for nobody."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="search_credits")
    kind = models.CharField(max_length=1, choices=_KINDS)
    target = models.CharField(max_length=120)
    label = models.CharField(max_length=400)

    class Meta:
        indexes = [models.Index(fields=["target", "kind"], name="search_credit_target")]

    def __str__(self) -> str:
        return self.label


class SearchWord(models.Model):
    """A word used in names, and roughly how many books have it, recounted every night.

    Words from books for adults are left out.
    """

    word = models.CharField(max_length=40, primary_key=True)
    books = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.word
