from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from common import clock
from publishing.models import Edition, Series
from storefront.catalogue.models import BoughtTogether, Catalogue, Listing, SubjectPick
from storefront.catalogue.selectors.related import Related, related
from storefront.checkout.models import Entitlement, Order, OrderLine
from storefront.library.services import recommendations
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_contributor, make_published_edition, make_work

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=60)


def sell(edition: Edition, reader: User, *, paid_minor: int = 499, refundable_days: int = -1) -> Entitlement:
    """A paid line with its entitlement, whose refund window ends so many days from now."""
    now = clock.now()
    until = now + timedelta(days=refundable_days)
    order = Order.objects.create(
        buyer=reader,
        state="paid",
        currency="USD",
        total_minor=paid_minor,
        tax_country="US",
        quote_hash="",
        created_at=now - LONG_AGO,
        paid_at=now - LONG_AGO,
        refundable_until=until,
    )
    line = OrderLine.objects.create(
        order=order,
        edition=edition,
        title="as sold",
        list_minor=paid_minor,
        paid_minor=paid_minor,
        tax_minor=0,
        tax_rate_bps=0,
        processor_fee_minor=0,
        platform_fee_minor=0,
        royalty_minor=paid_minor,
        terms_id=1,
    )
    return Entitlement.objects.create(
        user=reader, work=edition.work, edition=edition, line=line, granted_at=now - LONG_AGO
    )


def sell_together(*editions: Edition, readers: int) -> list[User]:
    people = [make_reader() for _ in range(readers)]
    for reader, edition in itertools.product(people, editions):
        sell(edition, reader)
    return people


def recommend(days: int = 0) -> None:
    recommendations.recommend(at=clock.now() + timedelta(days=days))


def beside(edition: Edition) -> Related:
    listing = Listing.objects.get(work=edition.work)
    return related(listing)


def bought(edition: Edition) -> list[str]:
    return [one.slug for one in beside(edition).bought]


def pairs() -> list[tuple[int, ...]]:
    return sorted(BoughtTogether.objects.values_list("listing", "other", "place", "readers"))


def cut_off_after(listings: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count one listing at a time, and break off once after so many; the keys of those that were counted."""
    original, counted, is_whole = recommendations._pairs_of, list[str](), [True]

    def pairs_of(keys: str) -> str:
        if len(counted) == listings and is_whole:
            is_whole.clear()
            raise InterruptedError
        counted.append(keys)
        return original(keys)

    monkeypatch.setattr(recommendations, "_CHUNK", 1)
    monkeypatch.setattr(recommendations, "_pairs_of", pairs_of)
    return counted


@pytest.fixture
def books() -> list[Edition]:
    """By different authors, in different languages, so that only purchases bring them together."""
    return [
        make_published_edition(slug=slug, language=tag) for slug, tag in (("lamp", "en"), ("net", "de"), ("oar", "fr"))
    ]


class TestBoughtTogether:
    def test_three_readers_make_a_pair_both_ways(self, books: list[Edition]) -> None:
        lamp, net, _ = books
        sell_together(lamp, net, readers=3)
        recommend()
        assert (bought(lamp), bought(net)) == (["net"], ["lamp"])

    def test_two_readers_stay_unknown(self, books: list[Edition]) -> None:
        lamp, net, _ = books
        sell_together(lamp, net, readers=2)
        recommend()
        assert not BoughtTogether.objects.exists()

    def test_what_was_given_back_does_not_count(self, books: list[Edition]) -> None:
        lamp, net, _ = books
        readers = sell_together(lamp, net, readers=3)
        recommend()
        Entitlement.objects.filter(user=readers[0], work=net.work).update(ended_at=clock.now() + timedelta(hours=1))
        recommend(days=1)
        assert not BoughtTogether.objects.exists()

    def test_nothing_counts_before_its_refund_window_is_over(self, books: list[Edition]) -> None:
        lamp, net, _ = books
        sell_together(lamp, net, readers=2)
        last = make_reader()
        sell(lamp, last)
        sell(net, last, refundable_days=5)
        recommend()
        assert bought(lamp) == []
        recommend(days=6)
        assert bought(lamp) == ["net"]

    def test_free_books_cost_nothing_to_fake(self, books: list[Edition]) -> None:
        lamp, net, _ = books
        for reader in [make_reader() for _ in range(5)]:
            sell(lamp, reader)
            sell(net, reader, paid_minor=0)
        recommend()
        assert bought(lamp) == []

    def test_contributors_do_not_count_for_their_book(self, books: list[Edition]) -> None:
        lamp, net, _ = books
        readers = sell_together(lamp, net, readers=3)
        make_contributor(net.work, user=readers[0], role="edt")
        recommend()
        assert bought(lamp) == []

    def test_who_buys_much_moves_little(self, books: list[Edition]) -> None:
        """Three readers with few books outweigh four who buy everything."""
        lamp, net, oar = books
        others = [make_published_edition(language="it") for _ in range(12)]
        sell_together(lamp, oar, *others, readers=4)
        sell_together(lamp, net, readers=3)
        recommend()
        assert bought(lamp)[0] == "net"

    def test_who_buys_everything_does_not_count(self, books: list[Edition], monkeypatch: pytest.MonkeyPatch) -> None:
        lamp, net, oar = books
        monkeypatch.setattr(recommendations, "MAX_BOOKS", 2)
        sell_together(lamp, net, oar, readers=9)
        recommend()
        assert not BoughtTogether.objects.exists()

    def test_a_book_that_everybody_has_is_not_close_to_all(self, books: list[Edition]) -> None:
        lamp, net, oar = books
        sell_together(lamp, net, readers=3)
        sell_together(lamp, oar, readers=3)
        for _ in range(20):
            sell(oar, make_reader())
        recommend()
        assert bought(lamp) == ["net", "oar"]

    def test_ties_go_to_the_older_listing(self, books: list[Edition]) -> None:
        lamp, net, oar = books
        sell_together(lamp, oar, readers=3)
        sell_together(lamp, net, readers=3)
        recommend()
        assert bought(lamp) == ["net", "oar"]

    def test_adult_books_stand_only_beside_such(self, books: list[Edition]) -> None:
        adult = make_published_edition(work=make_work(is_adult=True, slug="adult"))
        lamp = books[0]
        sell_together(lamp, adult, readers=3)
        recommend()
        assert bought(lamp) == []
        assert bought(adult) == ["lamp"]

    def test_old_purchases_stop_counting(self, books: list[Edition]) -> None:
        lamp, net, _ = books
        readers = sell_together(lamp, net, readers=3)
        recommend()
        age = recommendations.COUNTED_FOR.days - LONG_AGO.days
        recommend(days=age - 1)
        assert bought(lamp) == ["net"]
        recommend(days=age + 1)
        assert bought(lamp) == []
        assert len(readers) == 3

    def test_of_a_reader_the_latest_books_count(self, books: list[Edition], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(recommendations, "LATEST_BOOKS", 2)
        lamp, net, oar = books
        sell_together(lamp, net, oar, readers=3)
        Entitlement.objects.filter(work=lamp.work).update(granted_at=clock.now() - 2 * LONG_AGO)
        recommend()
        assert (bought(lamp), bought(net), bought(oar)) == ([], ["oar"], ["net"])

    def test_of_a_book_the_latest_readers_stand_for_all(
        self, books: list[Edition], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recommendations, "LATEST_READERS", 4)
        lamp, net, _ = books
        sell_together(lamp, net, readers=9)
        recommend()
        assert set(BoughtTogether.objects.values_list("readers", flat=True)) == {4}

    def test_listings_are_counted_in_any_number_at_a_time(
        self, books: list[Edition], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sell_together(*books, readers=3)
        recommend()
        at_once = pairs()
        monkeypatch.setattr(recommendations, "_CHUNK", 1)
        recommendations.RecommendationRun.objects.update(counted_until=None)
        recommend()
        assert pairs() == at_once
        assert len(at_once) == 6

    def test_a_count_that_was_cut_off_is_gone_on_with(
        self, books: list[Edition], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sell_together(*books, readers=3)
        recommend()
        whole = pairs()
        recommendations.RecommendationRun.objects.update(counted_until=None)
        counted = cut_off_after(2, monkeypatch)
        with pytest.raises(InterruptedError):
            recommend()
        assert 0 < len(pairs()) < len(whole)
        recommend()
        assert pairs() == whole
        assert len(counted) == len(set(counted)) == 3

    def test_what_was_bought_since_a_count_was_cut_off_is_counted_as_well(
        self, books: list[Edition], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lamp, net, oar = books
        recommend()
        sell_together(lamp, net, readers=3)
        Entitlement.objects.update(granted_at=clock.now() + timedelta(hours=1))
        cut_off_after(1, monkeypatch)
        with pytest.raises(InterruptedError):
            recommend(days=1)
        people = sell_together(lamp, oar, readers=3)
        Entitlement.objects.filter(user__in=people).update(granted_at=clock.now() + timedelta(days=2))
        recommend(days=3)
        assert bought(lamp) == ["net", "oar"]
        assert bought(net) == bought(oar) == ["lamp"]

    def test_of_two_runs_at_once_one_gives_way(self, books: list[Edition]) -> None:
        sell_together(*books, readers=3)
        one, other = recommendations._begun(clock.now()), recommendations._begun(clock.now())
        assert one.counting_until == other.counting_until
        assert recommendations._count(one)
        assert not recommendations._count(other)
        recommendations._finish(other)
        assert recommendations.RecommendationRun.objects.get().counted_until is None
        recommendations._finish(one)
        assert recommendations.RecommendationRun.objects.get().counted_until == one.counting_until
        assert len(pairs()) == 6

    def test_a_run_without_purchases_counts_nothing(self, books: list[Edition]) -> None:
        sell_together(*books, readers=3)
        recommend()
        with CaptureQueriesContext(connection) as captured:
            recommend(days=1)
        assert not [one for one in captured if "INTO catalogue_boughttogether" in one["sql"]]

    def test_a_book_marked_for_adults_later_leaves_at_once(self) -> None:
        """From beside books for everybody, whatever brought it there; beside books for adults it stays."""
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        one, two = (
            make_published_edition(work=make_work(owner=owner, series=series, series_number=n, slug=f"t-{n}"))
            for n in (1, 2)
        )
        three = make_published_edition(owner=owner, slug="t-3", language="de")
        lone, alike = (make_published_edition(slug=slug, language="fr") for slug in ("lone", "alike"))
        sell_together(two, lone, readers=3)
        recommend()
        assert beside(one).series is not None
        assert {book.slug for book in beside(three).author} == {"t-1", "t-2"}
        assert (bought(lone), [book.slug for book in beside(alike).subject]) == (["t-2"], ["lone"])
        Listing.objects.filter(slug__in=["t-2", "lone"]).update(is_adult=True)
        assert beside(one).series is None
        assert [book.slug for book in beside(three).author] == ["t-1"]
        assert beside(alike).subject == []
        assert bought(lone) == ["t-2"]
        Listing.objects.filter(slug="lone").update(is_adult=False)
        assert bought(lone) == []

    def test_withdrawn_books_leave_at_once(self, books: list[Edition]) -> None:
        lamp, net, _ = books
        sell_together(lamp, net, readers=3)
        recommend()
        Listing.objects.filter(work=net.work).update(is_on_sale=False)
        assert bought(lamp) == []

    @pytest.mark.parametrize(
        ("readers", "told"), [(3, 3), (9, 3), (10, 10), (19, 10), (20, 20), (57, 50), (1234, 1000), (9999, 1000)]
    )
    def test_how_many_is_told_in_bands(self, books: list[Edition], readers: int, told: int) -> None:
        lamp, net, _ = (Listing.objects.get(work=one.work) for one in books)
        BoughtTogether.objects.create(listing=lamp, other=net, place=1, readers=readers)
        assert [one.readers for one in related(lamp).bought] == [told]

    def test_raises_the_version_of_the_shop(self, books: list[Edition]) -> None:
        before = Catalogue.objects.get().version
        recommend()
        assert Catalogue.objects.get().version == before + 1


class TestRuns:
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        purchases=st.lists(
            st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(-3, 6)), unique_by=lambda row: row[:2]
        ),
        returned=st.sets(st.integers(0, 19)),
    )
    def test_day_by_day_counts_what_one_run_counts(
        self, purchases: list[tuple[int, int, int]], returned: set[int]
    ) -> None:
        """Purchases are (reader, book, day of the end of their window); some are given back on the third day."""
        Entitlement.objects.all().delete()
        OrderLine.objects.all().delete()
        BoughtTogether.objects.all().delete()
        Listing.objects.all().delete()
        recommendations.RecommendationRun.objects.all().delete()
        readers = [make_reader() for _ in range(5)]
        editions = [make_published_edition() for _ in range(4)]
        for number, (reader, book, day) in enumerate(purchases):
            held = sell(editions[book], readers[reader], refundable_days=day)
            if number in returned:
                held.ended_at = clock.now() + timedelta(days=2, hours=12)
                held.granted_at = clock.now() - LONG_AGO
                Entitlement.objects.filter(pk=held.pk).update(ended_at=None)
        late = [number for number in returned if number < len(purchases)]
        held_rows = list(Entitlement.objects.order_by("pk"))
        for day in range(8):
            if day == 3:
                for number in late:
                    Entitlement.objects.filter(pk=held_rows[number].pk).update(
                        ended_at=clock.now() + timedelta(days=2, hours=12)
                    )
            recommend(days=day)
        columns = ("listing", "other", "place", "readers")
        by_day = sorted(BoughtTogether.objects.values_list(*columns))
        recommendations.RecommendationRun.objects.update(counted_until=None)
        recommend(days=7)
        at_once = sorted(BoughtTogether.objects.values_list(*columns))
        assert [row[:2] + row[3:] for row in by_day] == [row[:2] + row[3:] for row in at_once]


class TestSubject:
    def test_the_best_liked_of_subject_and_language(self) -> None:
        lamp = make_published_edition(slug="lamp", subject="FF")
        make_published_edition(slug="same", subject="FF")
        make_published_edition(slug="other-subject", subject="FH")
        make_published_edition(slug="other-language", subject="FF", language="de")
        recommend()
        assert [one.slug for one in beside(lamp).subject] == ["same"]

    def test_books_show_different_ones_and_each_the_same_again(self) -> None:
        editions = [make_published_edition(slug=f"book-{number}", subject="FF") for number in range(40)]
        recommend()
        shown = [[one.slug for one in beside(edition).subject] for edition in editions]
        assert all(len(set(one)) == 6 for one in shown)
        assert len({slug for one in shown for slug in one}) > 30
        recommend(days=1)
        assert [[one.slug for one in beside(edition).subject] for edition in editions] == shown

    def test_keeps_so_many_picks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(recommendations, "PICKS", 2)
        made = [make_published_edition(subject="FF") for _ in range(3)]
        Listing.objects.filter(work=made[2].work).update(rating_score=4900)
        recommend()
        assert list(SubjectPick.objects.order_by("place").values_list("place", "listing__work")) == [
            (0, made[2].work.pk),
            (1, made[0].work.pk),
        ]

    def test_neither_adult_books_nor_books_to_come(self) -> None:
        make_published_edition(work=make_work(is_adult=True))
        soon = make_published_edition()
        Listing.objects.filter(work=soon.work).update(release_date=clock.now().date())
        recommend()
        assert not SubjectPick.objects.exists()


class TestSeriesAndAuthor:
    def test_neighbours_in_the_series(self) -> None:
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        made = {
            number: make_published_edition(
                work=make_work(owner=owner, series=series, series_number=number, slug=f"tide-{number}")
            )
            for number in (3, 1, 2)
        }
        found = beside(made[2]).series
        assert found is not None
        assert found.previous is not None
        assert found.next is not None
        assert (found.place, found.books, found.previous.slug, found.next.slug) == (2, 3, "tide-1", "tide-3")
        first = beside(made[1]).series
        assert first is not None
        assert first.previous is None

    def test_a_book_alone_in_its_series_has_no_neighbours(self) -> None:
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        assert beside(make_published_edition(work=make_work(owner=owner, series=series))).series is None

    def test_only_what_the_author_wrote_is_more_by_the_author(self) -> None:
        author = make_author()
        lamp = make_published_edition(owner=author, slug="lamp")
        make_published_edition(owner=author, slug="net")
        work = make_work(slug="of-another")
        make_contributor(work, user=author, role="aui")
        make_published_edition(work=work)
        assert [one.slug for one in beside(lamp).author] == ["net"]

    def test_no_book_stands_there_twice(self) -> None:
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        one, two = (
            make_published_edition(work=make_work(owner=owner, series=series, series_number=number, slug=f"t-{number}"))
            for number in (1, 2)
        )
        three = make_published_edition(owner=owner, slug="t-3")
        sell_together(one, two, three, readers=3)
        recommend()
        found = beside(one)
        assert found.series is not None
        assert found.series.next is not None
        slugs = [found.series.next.slug, *(book.slug for book in [*found.bought, *found.author, *found.subject])]
        assert slugs == ["t-2", "t-3"]
