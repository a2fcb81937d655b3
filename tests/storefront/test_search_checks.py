"""Search is held against the listings, and mended where few entries are wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import F

from publishing.models import Series
from storefront.models import FacetCount, FacetTotal, Listing, SearchEntry, SearchVariant, SearchWord
from storefront.services import facet_counts, listings, reindexing, search_checks, search_index
from storefront.services.card_markup import card_of
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition
from tests.support.standing import Standing

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
_ENTRY = [field.attname for field in SearchEntry._meta.concrete_fields]


@pytest.fixture(scope="module", autouse=True)
def books(standing: Standing) -> None:
    standing(make_books)


def make_books() -> None:
    """Of one author and a series, one for adults; one that was withdrawn; words that no book has any more."""
    owner = make_author(display_name="Ada Quill")
    series = Series.objects.create(owner=owner, slug="keepers", title="The Keepers")
    for number in range(4):
        edition = make_published_edition(slug=f"b-{number}", title=f"Salt {number}", owner=owner)
        edition.work.series, edition.work.is_adult = series if number else None, number == 3
        edition.work.save()
        listings.refresh_listing(edition)
    gone = make_published_edition(slug="gone", title="Formerly")
    listings.withdraw_listing(gone)
    assert search_checks.are_counted_right()
    assert astray() == []


def astray() -> list[str]:
    rows = list(Listing.objects.select_related("work").order_by("pk"))
    found = search_checks.astray(rows)
    return [row.slug for row in rows if row.pk in found]


def stored() -> list[tuple[object, ...]]:
    return [
        *SearchEntry.objects.order_by("pk").values_list(*_ENTRY),
        *SearchWord.objects.order_by("pk").filter(books__gt=0).values_list(),
    ]


def without_keys() -> list[str]:
    return sorted(repr(row[1:] if isinstance(row[0], int) else row) for row in stored())


@pytest.mark.parametrize("name", search_checks._TOLD)
def test_every_word_of_an_entry_is_held_against_the_listing(name: str) -> None:
    [entry] = SearchEntry.objects.filter(target="b-1")
    old = getattr(entry, name)
    new = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else "xx"
    SearchEntry.objects.filter(pk=entry.pk).update(**{name: new})
    assert astray() == ["b-1"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entries: entries.delete(),
        lambda entries: entries.update(text="other"),
        lambda entries: entries.update(names="salt"),
        lambda entries: entries.update(related=[]),
        lambda entries: entries.update(marks=""),
        lambda entries: entries.update(weight=4),  # without its tiers
        lambda entries: entries.update(is_adult=True),
    ],
)
def test_an_entry_that_says_something_else_is_astray(spoil: Callable[..., object]) -> None:
    spoil(SearchEntry.objects.filter(target="b-1"))
    assert astray() == ["b-1"]


def test_an_entry_of_a_book_off_sale_is_astray() -> None:
    Listing.objects.filter(slug="b-2").update(is_on_sale=False)
    assert astray() == ["b-2"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: SearchWord.objects.filter(word="salt").update(books=F("books") + 1),
        lambda: SearchWord.objects.filter(word="salt").delete(),
        lambda: SearchWord.objects.create(word="pepper", books=1),
        lambda: SearchVariant.objects.filter(word="salt", variant="sal").delete(),
        lambda: SearchVariant.objects.filter(word="salt", variant="sal").update(variant="pal"),
        lambda: SearchEntry.objects.filter(kind="author").update(weight=F("weight") + 1),
        lambda: SearchEntry.objects.filter(kind="author").update(tiers=">0"),
        lambda: SearchEntry.objects.filter(kind="series").update(key="the keepers"),
        lambda: SearchEntry.objects.filter(kind="series").delete(),
        lambda: SearchEntry.objects.create(kind="author", target="x", label="X", key="x", names="x", weight=1),
    ],
)
def test_wrong_counts_are_noticed_and_made_anew(spoil: Callable[[], object]) -> None:
    before = without_keys()
    spoil()
    assert not search_checks.are_counted_right()
    list(reindexing.reindex_listings())
    assert search_checks.are_counted_right()
    assert without_keys() == before


def test_few_wrong_entries_are_mended_where_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored()
    monkeypatch.setattr(reindexing, "_FEW_PERCENT", 50)
    monkeypatch.setattr(search_index, "rebuild", lambda: pytest.fail("made anew"))
    SearchEntry.objects.filter(target="b-1").update(text="other", key="x")
    Listing.objects.filter(slug="b-2").update(card_html="", facet_words="")
    assert list(reindexing.reindex_listings())[-1] == (5, 2)  # and the withdrawn one learns that it has no price
    assert stored() == before
    assert astray() == []


def test_many_entries_that_are_counted_right_are_filled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored()
    monkeypatch.setattr(reindexing, "_FEW_PERCENT", 20)
    monkeypatch.setattr(search_index, "rebuild", lambda: pytest.fail("made anew"))
    SearchEntry.objects.exclude(listing=None).update(text="other", marks="", note="x", subject="A", weight=7)
    SearchEntry.objects.filter(target="b-1").update(names="glow", key="glow")  # few, so they are mended first
    SearchWord.objects.create(word="glow", books=1)
    SearchWord.objects.filter(word__in=Listing.objects.get(slug="b-1").search_names.split()).update(
        books=F("books") - 1
    )
    SearchVariant.objects.create(word="glow", variant="glow")
    monkeypatch.setattr(search_checks, "are_counted_right", lambda: True)  # but for the spellings of "glow"
    list(reindexing.reindex_listings())
    assert stored() == before


def test_what_entries_are_filled_with_is_what_a_change_writes() -> None:
    odd = {"facet_words": "", "search_text": "ab\ncd\n" * 20_000, "subtitle": "x", "sales_count": 5, "formats": 3}
    Listing.objects.filter(slug="b-1").update(**odd)
    Listing.objects.filter(slug="b-2").update(sales_count=100_000, search_text="")
    search_index.refill()
    filled = stored()
    search_index.write(list(Listing.objects.order_by("pk")))
    assert stored() == filled


def test_entries_whose_names_or_people_are_wrong_are_told_from_others() -> None:
    entries = SearchEntry.objects.filter
    entries(target="b-0").update(text="other", price_band=5)
    entries(target="b-1").update(names="other")
    entries(target="b-2").update(related=[])
    entries(target="b-3").update(is_adult=False)
    found = search_checks.astray(list(Listing.objects.order_by("slug").filter(is_on_sale=True)))
    assert list(found.values()) == [True, False, False, False]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: FacetCount.objects.filter(pk=FacetCount.objects.values("pk")[:1]).update(books=F("books") + 1),
        lambda: FacetCount.objects.all().delete(),
        lambda: FacetCount.objects.create(**dict.fromkeys(FacetCount.KEY, 0), books=1),
        lambda: FacetTotal.objects.filter(pk=FacetTotal.objects.values("pk")[:1]).update(books=F("books") + 1),
        lambda: FacetTotal.objects.filter(facets="subject").delete(),
        lambda: FacetTotal.objects.create(facets="subject", first="XX", is_adult=False, books=1),
    ],
)
def test_wrong_counts_of_facets_are_noticed_and_made_anew(spoil: Callable[[], object]) -> None:
    facet_counts.recount()
    before = counts()
    spoil()
    assert not facet_counts.are_right()
    list(reindexing.reindex_listings())
    assert counts() == before


def test_right_counts_of_facets_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    list(reindexing.reindex_listings())
    FacetCount.objects.create(**dict.fromkeys(FacetCount.KEY, 0), books=0)  # of a book that went
    monkeypatch.setattr(facet_counts, "recount", lambda: pytest.fail("counted anew"))
    Listing.objects.filter(slug="b-1").update(card_html="", search_text="")
    assert list(reindexing.reindex_listings())[-1] == (5, 1)


def counts() -> list[tuple[object, ...]]:
    return [
        *sorted(FacetCount.objects.values_list(*FacetCount.KEY, "books")),
        *sorted(FacetTotal.objects.values_list(*FacetTotal.KEY, "books")),
    ]


def test_entries_learn_what_was_sold_since(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "rebuild", lambda: pytest.fail("made anew"))
    Listing.objects.filter(slug="b-1").update(sales_count=5)
    list(reindexing.reindex_listings())
    assert SearchEntry.objects.values_list("weight", "tiers").get(target="b-1") == (5, ">0 >1 >2")


def test_what_is_read_is_what_a_queryset_reads() -> None:
    keys = list(Listing.objects.order_by("pk").values_list("pk", flat=True))
    read, versions = reindexing._read(keys)
    wanted = list(reindexing._listings(keys))
    assert [told(one) for one in read] == [told(one) for one in wanted]
    assert [told(one.work) for one in read] == [told(one.work) for one in wanted]
    assert [card_of(one) for one in read] == [card_of(one) for one in wanted]
    assert list(versions) == keys


def told(one: object) -> dict[str, object]:
    return {name: value for name, value in vars(one).items() if name != "_state"}
