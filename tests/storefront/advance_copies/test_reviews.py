"""Reviews by readers of advance copies: when, how they are labelled, and that they count for nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from storefront.advance_copies.services import copies
from storefront.catalogue.services import listings
from storefront.community import permissions
from storefront.community.models import Review
from storefront.community.selectors import reviews as review_selectors
from storefront.community.selectors import standings
from storefront.community.services import helpful_votes, ratings, reviews
from storefront.community.services import standings as standing_services
from storefront.community.services.reviews import ReviewNotAllowed
from tests.factories.accounts import make_reader
from tests.factories.advance_copies import make_copy, make_request
from tests.factories.buying import buy
from tests.storefront.advance_copies.conftest import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture
def copy(work, reader):
    return make_copy(work, reader)


@pytest.fixture
def edition(work, copy):
    found = publish(work.editions.get(), clock.now())
    listings.refresh_listing(found)
    return found


def write(work, reader, stars: int = 5) -> Review:
    return reviews.write_review(actor=reader, work=work, stars=stars, title="Bees", body="Loud.", at=clock.now())


class TestWhoReviews:
    def test_not_before_the_book_has_come_out(self, work, reader, copy):
        assert not permissions.may_review(reader, work)
        with pytest.raises(ReviewNotAllowed):
            write(work, reader)

    def test_afterwards_also_once_the_copy_has_ended(self, work, reader, copy, edition):
        assert permissions.may_open_review(reader, work)
        with clock.frozen(clock.end_of_day(copy.last_day) + timedelta(days=1)):
            assert write(work, reader)

    def test_no_author_prevents_a_review_by_ending_the_copy(self, work, author, reader, copy, edition):
        copies.withdraw(actor=author, copy=copy, words="", at=clock.now())
        assert write(work, reader, stars=1)

    def test_nobody_who_only_asked(self, work, offer, copy, edition):
        type(offer).objects.update(takes_requests=True)
        asked = make_request(work)
        assert not permissions.may_review(asked.reader, work)


class TestWhatTheyCount:
    def test_no_stars_no_rank_no_points(self, work, reader, copy, edition):
        review = write(work, reader)
        assert (review.is_verified, review.is_advance, review.helpful_score) == (False, True, 0)
        listing = type(work.listing).objects.get(work=work)
        assert listing.details.stars == (0, 0, 0, 0, 0) or sum(listing.details.stars) == 0
        voter = make_reader()
        buy(voter)
        helpful_votes.mark_helpful(actor=voter, review=review, at=clock.now())
        assert standings.points([reader.pk], at=clock.now()).get(reader.pk, 0) == 0
        review.refresh_from_db()
        assert review.helpful_score == 0

    def test_nor_after_the_nightly_tasks(self, work, reader, copy, edition):
        review = write(work, reader)
        standing_services.note_all_entitlements(at=clock.now())
        standing_services.update_after_entitlement_change(user_id=reader.pk, at=clock.now())
        assert ratings.works_marked_wrongly() == []
        review.refresh_from_db()
        assert (review.is_verified, review.is_advance) == (False, True)

    def test_who_buys_the_book_counts_and_keeps_the_label(self, work, reader, copy, edition):
        write(work, reader)
        buy(reader, edition)
        standing_services.update_after_entitlement_change(user_id=reader.pk, at=clock.now())
        review = Review.objects.get()
        assert (review.is_verified, review.is_advance) == (True, True)
        assert "received a free advance copy and bought" in review_selectors.shown(review).uncounted_note
        assert sum(type(work.listing).objects.get(work=work).details.stars) == 1

    def test_bought_first_and_written_later_counts_at_once(self, work, reader, copy, edition):
        buy(reader, edition)
        review = write(work, reader)
        assert (review.is_verified, review.is_advance, review.helpful_score) == (True, True, 1)


class TestLabel:
    def test_on_the_books_page_and_the_reviews_own(self, client, work, reader, copy, edition):
        review = write(work, reader)
        for address in (
            reverse("pages:book", args=[work.slug]),
            reverse("community:reviews", args=[work.slug]),
            reverse("community:review-page", args=[review.public_id]),
        ):
            page = client.get(address).content.decode()
            assert "received a free advance copy; these stars do not count" in page.lower(), address
            assert "returned the book" not in page

    def test_the_writer_is_told_before(self, client, work, reader, copy, edition):
        client.force_login(reader)
        page = client.get(reverse("community:review", args=[work.slug])).content.decode()
        assert "free advance copy" in page

    def test_of_others_say_nothing(self, client, work, copy, edition):
        buyer = make_reader()
        buy(buyer, edition)
        review = write(work, buyer)
        assert not review.is_advance
        assert "advance copy" not in client.get(reverse("pages:book", args=[work.slug])).content.decode()
