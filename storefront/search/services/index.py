"""Write the search tables. This is their only writer.

A book's document is written in the same transaction as its listing, so a book can be found as soon as that transaction
commits.

Locks are always taken in the same order, so that writers cannot deadlock: listings (by the caller), then authors and
series, then words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import batched
from math import log

from django.db import connection, transaction
from django.db.models import Count, F, FloatField, Min, QuerySet, Value
from django.db.models.functions import Cast, Floor, Ln

from conversion.models import ConversionJob
from publishing.models import Edition
from storefront.catalogue.models import Listing
from storefront.search import documents
from storefront.search.backend import BOOK
from storefront.search.databases import get_backend
from storefront.search.documents import NamedEntity
from storefront.search.models import (
    BAND_SHIFT,
    BAND_TOLERANCE,
    SearchCredit,
    SearchDocument,
    SearchWord,
    number_of,
    place_of,
)

_CHUNK = 500
_LOADED_AT_ONCE = 2000
_LISTING_FIELDS = (
    *("slug", "title", "subtitle", "byline", "description", "details", "sales_count", "is_on_sale", "prices"),
    "promotions",
    *SearchDocument.FACETS,
    "edition__job",
)
_PERSON = ("kind", "target", "label")


def edition_listed(edition: Edition) -> None:
    """Index the listing of the edition's work, in the transaction that wrote it."""
    write(list(_listings().filter(work=edition.work_id)))


def edition_withdrawn(edition: Edition) -> None:
    """Remove the edition's book from the index, in the transaction that takes it off sale."""
    write(list(_listings().filter(edition=edition)))


@transaction.atomic
def write(listings: Sequence[Listing]) -> None:
    """Index listings, which the caller has locked, as they are stored; remove those off sale. Safe to repeat."""
    keys = [one.pk for one in listings]
    credits_ = SearchCredit.objects.filter(listing__in=keys)
    people = {NamedEntity(*row) for row in credits_.values_list(*_PERSON)}
    credits_.delete()
    SearchDocument.objects.filter(listing__in=keys).delete()
    made, new = _documents([one for one in listings if one.is_on_sale])
    SearchDocument.objects.bulk_create(made)
    SearchCredit.objects.bulk_create(new)
    _update_people(people | {NamedEntity(one.kind, one.target, one.label) for one in new})
    _add_words(made)


def write_stored(keys: Sequence[int]) -> None:
    """Index the listings with these keys, which the caller has locked."""
    write(list(_listings().filter(pk__in=keys).order_by("pk")))


def update_sales_bands() -> int:
    """Move books whose sales reached another band to their new place. Return how many moved.

    Within a band, books are not ordered by sales: eight bands for each doubling are precise enough.
    """
    stale = _moved_books()
    for rows in batched(stale, _CHUNK):
        with transaction.atomic():
            for place, listing, sales in rows:
                wanted = place_of(BOOK, listing, sales)
                if wanted != place:
                    SearchDocument.objects.filter(place=place, listing=listing).update(place=wanted)
    return len(stale)


def rebuild() -> Iterator[int]:
    """Reindex every listing while the shop is open. Yield how many are done so far.

    Each transaction locks five hundred listings. Whoever sells or publishes one of them waits for a few seconds at
    most.
    """
    keys = list(Listing.objects.order_by("pk").values_list("pk", flat=True))
    done = 0
    for some in batched(keys, _CHUNK):
        with transaction.atomic():
            write(list(_listings().filter(pk__in=some).select_for_update(of=("self",), no_key=True).order_by("pk")))
        done += len(some)
        yield done
    people = SearchDocument.objects.exclude(kind=BOOK).order_by(*_PERSON).values_list(*_PERSON)
    for rows in batched(list(people), _CHUNK):
        with transaction.atomic():
            _update_people({NamedEntity(*row) for row in rows})
    count_words()


@transaction.atomic
def load() -> None:
    """Rebuild the whole index at once, for a shop filled in bulk.

    This is several times faster, but searches have to wait.
    """
    for model in (SearchDocument, SearchCredit, SearchWord):
        model._default_manager.all().delete()
    words = Counter[str]()
    with get_backend().loading():
        for listings in batched(
            _listings().filter(is_on_sale=True).order_by("pk").iterator(_LOADED_AT_ONCE), _LOADED_AT_ONCE
        ):
            made, credits_ = _documents(listings)
            SearchDocument.objects.bulk_create(made)
            SearchCredit.objects.bulk_create(credits_)
            words.update(word for one in made if not one.is_adult for word in documents.spelling_words(one))
        counted = SearchCredit.objects.values_list(*_PERSON).annotate(books=Count("pk"), number=Min("pk"))
        for rows in batched(counted.iterator(_LOADED_AT_ONCE), _LOADED_AT_ONCE):
            SearchDocument.objects.bulk_create(
                documents.person_document(NamedEntity(*person), number=number, books=books)
                for *person, books, number in rows
            )
    SearchWord.objects.bulk_create(
        (SearchWord(word=word, books=books) for word, books in words.items()), _LOADED_AT_ONCE
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_searchdocument, search_searchcredit, search_searchword")


def count_words() -> None:
    """Recount how many books have each word, and remove words no longer used.

    Writers only add words, so they never wait for each other. A word added with a book during the count may be removed
    until the next one; until then, mistakes are not corrected to it.
    """
    before = dict(SearchWord.objects.values_list("word", "books"))
    rows = SearchDocument.objects.filter(kind=BOOK, is_adult=False).only("title", "people", "more")
    found = Counter(word for one in rows.iterator(_LOADED_AT_ONCE) for word in documents.spelling_words(one))
    gone = sorted(before.keys() - found.keys())
    wrong = [SearchWord(word=word, books=books) for word, books in sorted(found.items()) if before.get(word) != books]
    for words in batched(gone, _CHUNK):
        SearchWord.objects.filter(word__in=words).delete()
    for some in batched(wrong, _CHUNK):
        SearchWord.objects.bulk_create(some, update_conflicts=True, unique_fields=["word"], update_fields=["books"])


def _listings() -> QuerySet[Listing]:
    return Listing.objects.select_related("edition").only(*_LISTING_FIELDS)


def _documents(listings: Iterable[Listing]) -> tuple[list[SearchDocument], list[SearchCredit]]:
    listings = list(listings)
    titles = _chapter_titles(listings)
    made = [documents.book_document(one, titles[one.edition.job_id]) for one in listings]
    credits_ = [
        SearchCredit(listing_id=one.pk, kind=person.kind, target=person.target, label=person.label)
        for one in listings
        for person in sorted(documents.credited_names(one))
    ]
    return made, credits_


def _chapter_titles(listings: Iterable[Listing]) -> dict[int, str]:
    """Return the chapter titles found by each conversion job."""
    jobs = ConversionJob.objects.filter(pk__in={one.edition.job_id for one in listings}).values_list("pk", "result")
    return {key: " ".join(chapter.title for chapter in result.chapters) for key, result in jobs}


def _update_people(people: Iterable[NamedEntity]) -> None:
    """Update how many books authors and series have in their documents, and delete documents without books."""
    for some in batched(sorted(people), _CHUNK):
        locked, counted = _locked_and_counted(some)
        for person, place in locked.items():
            books = counted.get(person, 0)
            document = SearchDocument.objects.filter(place=place)
            if books:
                document.update(books=books, place=place_of(person.kind, number_of(place), books))
            else:
                document.delete()


def _locked_and_counted(people: Collection[NamedEntity]) -> tuple[dict[NamedEntity, int], dict[NamedEntity, int]]:
    """Lock the people's documents, creating missing ones. Return their places and their numbers of books.

    Books are counted under the lock, so that the last writer counts them all.
    """
    wanted, targets = set(people), {one.target for one in people}
    credits_ = SearchCredit.objects.filter(target__in=targets).values_list(*_PERSON)
    rows = SearchDocument.objects.filter(target__in=targets).exclude(kind=BOOK)
    rows = rows.select_for_update().order_by(*_PERSON)
    while True:
        there = {NamedEntity(*row) for row in rows.values_list(*_PERSON)}
        first = {NamedEntity(*person): number for *person, number in credits_.annotate(number=Min("pk"))}
        SearchDocument.objects.bulk_create(
            (
                documents.person_document(one, number=first[one], books=0)
                for one in people
                if one in first.keys() - there
            ),
            ignore_conflicts=True,
        )
        locked = {NamedEntity(*person): place for place, *person in rows.values_list("place", *_PERSON)}
        counted = {NamedEntity(*person): books for *person, books in credits_.annotate(books=Count("pk"))}
        if wanted & counted.keys() <= locked.keys():  # otherwise somebody's last book was withdrawn in between
            return {one: locked[one] for one in people if one in locked}, counted


def _add_words(made: Iterable[SearchDocument]) -> None:
    words = {word for one in made if not one.is_adult for word in documents.spelling_words(one)}
    SearchWord.objects.bulk_create((SearchWord(word=word) for word in sorted(words)), ignore_conflicts=True)


def _moved_books() -> list[tuple[int, int, int]]:
    """Return (place, listing, sales) of the books whose place no longer matches the band of their sales."""
    sales = Cast(F("listing__sales_count") + 1, FloatField())
    band = Floor(8 * Ln(sales) / Value(log(2)) + Value(BAND_TOLERANCE))
    books = SearchDocument.objects.filter(kind=BOOK).annotate(band=band)
    moved = books.exclude(band=F("place").bitrightshift(BAND_SHIFT))
    return list(moved.order_by("listing").values_list("place", "listing", "listing__sales_count"))
