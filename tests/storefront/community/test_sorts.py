"""The catalogue's orders by rating and by sales: what accounts that act together can do to them, and what not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from publishing.models import Contributor, Edition
from storefront.catalogue.models import Listing
from storefront.catalogue.models.listing import NO_RATING_SCORE, rating_score
from storefront.catalogue.selectors.browse import Filters, catalogue_page
from storefront.catalogue.services import listings
from storefront.checkout.entitlements.services import entitlements, sales_counts
from storefront.checkout.models import Entitlement
from storefront.community.services import ratings, vote_counting
from tests.factories.accounts import make_author, make_reader
from tests.storefront.community.facts import book_of, review, sell, verified_author

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def slugs(sort: str) -> list[str]:
    return [card.slug for card in catalogue_page(Filters(sort=sort), books=0).cards]


def listing(edition: Edition) -> Listing:
    return Listing.objects.get(work=edition.work)


class TestByRating:
    @pytest.fixture
    def others(self, noon: datetime) -> list[Edition]:
        return [book_of(verified_author(), f"other-{n}", noon - timedelta(days=300)) for n in range(4)]

    def proved(self, others: list[Edition], noon: datetime) -> User:
        buyer = make_reader()
        for other in others:
            sell(other, buyer, noon - timedelta(days=60))
        return buyer

    def rate(self, edition: Edition, buyer: User, stars: int, noon: datetime) -> None:
        sell(edition, buyer, noon - timedelta(days=3))
        review(edition, buyer, stars, noon - timedelta(days=2))
        ratings.refresh(edition.work)

    def test_a_ring_of_a_hundred_moves_nothing(self, noon: datetime, others: list[Edition]) -> None:
        good, bad = (book_of(verified_author(), slug, noon - timedelta(days=40)) for slug in ("good", "bad"))
        for _ in range(2):
            buyer = self.proved(others, noon)
            self.rate(good, buyer, 5, noon)
            self.rate(bad, buyer, 1, noon)
        vote_counting.rank(at=noon)
        before = slugs("rating")
        assert before[0] == "good"
        assert before[-1] == "bad"
        for _ in range(100):
            ring = make_reader()
            self.rate(bad, ring, 5, noon)
            self.rate(good, ring, 1, noon)
        vote_counting.rank(at=noon)
        assert listing(bad).mean_stars > listing(good).mean_stars
        assert slugs("rating") == before
        assert listing(good).rating_score == rating_score(10, 2)

    def test_needs_two_proved_votes_and_forgets_what_is_gone(self, noon: datetime, others: list[Edition]) -> None:
        book, buyers = book_of(verified_author(), "good", noon - timedelta(days=40)), []
        for score in (NO_RATING_SCORE, rating_score(10, 2)):
            buyers.append(self.proved(others, noon))
            self.rate(book, buyers[-1], 5, noon)
            vote_counting.rank(at=noon)
            assert listing(book).rating_score == score
        Entitlement.objects.filter(user__in=buyers, work=book.work).update(ended_at=noon - timedelta(days=1))
        vote_counting.rank(at=noon)
        assert listing(book).rating_score == NO_RATING_SCORE

    def test_a_changed_book_keeps_its_place(self, noon: datetime) -> None:
        book = book_of(verified_author(), "good", noon)
        Listing.objects.update(rating_score=4000)
        listings.refresh_listing(book)
        assert listing(book).rating_score == 4000

    def test_takes_no_more_queries_for_more_books(
        self, noon: datetime, others: list[Edition], django_assert_max_num_queries
    ) -> None:
        buyers = [self.proved(others, noon) for _ in range(2)]
        for number in range(8):
            book = book_of(verified_author(), f"book-{number}", noon - timedelta(days=40))
            for buyer in buyers:
                self.rate(book, buyer, 5, noon)
        with django_assert_max_num_queries(20):
            vote_counting.rank(at=noon)


class TestBySales:
    @pytest.fixture
    def book(self, noon: datetime) -> Edition:
        return book_of(make_author(), "the-lamp", noon - timedelta(days=40))

    def sold(self, edition: Edition, buyer: User, at: datetime, **given: object) -> Entitlement:
        copy = sell(edition, buyer, at, **given)  # type: ignore[arg-type]
        sales_counts.count(buyer_id=buyer.pk, entitlements=[copy])
        return copy

    def end(self, copy: Entitlement, at: datetime) -> None:
        entitlements.end_entitlements(Entitlement.objects.filter(pk=copy.pk), at=at)

    def test_each_account_counts_once_while_it_keeps_a_copy(self, noon: datetime, book: Edition) -> None:
        giver = make_reader()
        copies = [self.sold(book, giver, noon, reader=make_reader()) for _ in range(3)]
        self.sold(book, make_reader(), noon)
        assert listing(book).sales_count == 2
        for copy, left in zip(copies, (2, 2, 1), strict=True):
            self.end(copy, noon)
            assert listing(book).sales_count == left
        self.end(copies[0], noon)  # twice is once
        assert listing(book).sales_count == 1

    def test_what_comes_back_counts_again(self, noon: datetime, book: Edition) -> None:
        copy = self.sold(book, make_reader(), noon)
        self.end(copy, noon)
        assert listing(book).sales_count == 0
        entitlements.renew_entitlement(Entitlement.objects.get(pk=copy.pk))
        assert listing(book).sales_count == 1

    def test_neither_cheap_copies_nor_those_of_makers_do(self, noon: datetime, book: Edition) -> None:
        editor = make_reader()
        Contributor.objects.create(work=book.work, user=editor, name="Ed", role="edt")
        copies = [
            self.sold(book, make_reader(), noon, paid_minor=98),
            self.sold(book, book.work.owner, noon),
            self.sold(book, editor, noon),
        ]
        assert listing(book).sales_count == 0
        self.sold(book, make_reader(), noon)
        for copy in copies:
            self.end(copy, noon)
        assert listing(book).sales_count == 1

    def test_it_never_falls_below_nothing(self, noon: datetime, book: Edition) -> None:
        copy = sell(book, make_reader(), noon)  # from before it was counted so
        self.end(copy, noon)
        assert listing(book).sales_count == 0
