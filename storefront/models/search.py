"""What search reads: an entry for each book, author and series, and the words of their names.

All of it is derived from listings by `storefront.services.search_index`, inside of the transaction that writes the
listing. `storefront.indexing` says what the columns hold; migrations 0033 (SQLite) and 0064 (PostgreSQL) have the full
text indexes over them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

from storefront.models.listing import Listing

# So many first letters have an index of their own, in which the most used words come first.
EDGES = (1, 2, 3, 5)
KEY_EDGES = (1, 3, 6)


class SearchKind(models.TextChoices):
    BOOK = "book"
    AUTHOR = "author"
    SERIES = "series"


class SearchEntry(models.Model):
    """One thing that can be found. `target` is a book's or series' slug, an author's public id.

    `weight` orders entries of a kind: sales of a book (as of the last run of `follow_sales`), books of the others. The
    facets are those of the listing, so that results are counted and narrowed without it.
    """

    kind = models.CharField(max_length=6, choices=SearchKind)
    listing = models.OneToOneField(Listing, null=True, on_delete=models.CASCADE, related_name="search_entry")
    weight = models.PositiveIntegerField(default=0)
    subject = models.CharField(max_length=2, blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    price_band = models.PositiveSmallIntegerField(default=0)
    length_band = models.PositiveSmallIntegerField(default=0)
    formats = models.PositiveIntegerField(default=0)
    features = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    is_adult = models.BooleanField(default=False)
    label = models.CharField(max_length=400)
    note = models.CharField(max_length=400, blank=True, default="")
    target = models.CharField(max_length=120)
    key = models.CharField(max_length=100, help_text="the label’s folded words, a title’s without its article")
    names = models.TextField()
    marks = models.CharField(max_length=500, blank=True, default="")
    tiers = models.CharField(max_length=40)
    related = models.JSONField(default=list, help_text="of a book: [kind, target, label] of the entries that count it")
    text = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "target", "label"], name="search_entry_once")]
        indexes = [
            models.Index(fields=["key"], name="search_entry_key"),
            # Authors and series, the largest first.
            models.Index(fields=["kind", "-weight", "-id"], condition=Q(listing=None), name="search_entry_largest"),
            *(
                models.Index("kind", Left("key", edge), F("weight").desc(), name=f"search_key_{edge}")
                for edge in KEY_EDGES
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SearchWord(models.Model):
    """A word of names, and how many books on sale have it there; books for adults are not counted."""

    word = models.CharField(max_length=40, primary_key=True)
    books = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(Left("word", edge), F("books").desc(), name=f"search_word_{edge}") for edge in EDGES]

    def __str__(self) -> str:
        return self.word
