"""Whose stars count: readers who paid for the book, kept it, and did not make it."""

from __future__ import annotations

import pytest

from publishing import services as publishing_services
from publishing.models import Edition
from storefront.catalogue.models import Listing
from storefront.checkout.gifts.services import gifts
from storefront.community.models import Review, Uncounted
from storefront.community.services import ratings, reviews, standings
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.copies import buy_copies
from tests.factories.offers import token_of
from tests.factories.publishing import make_contributor, make_published_edition
from tests.factories.trust import make_entitlement, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return make_published_edition(slug="the-lamp", owner=make_author())


def write(edition, *, paid_minor=499, buyer=None, stars=5) -> Review:
    """A review of a copy that somebody has paid so much for."""
    reader = make_reader()
    entitlement = make_entitlement(reader, edition, paid_minor=paid_minor)
    if buyer is not None:  # a gift
        entitlement.line.order.buyer = buyer
        entitlement.line.order.save()
    return reviews.write_review(actor=reader, work=edition.work, stars=stars, title="", body="It glows.", at=NOON)


def rating(edition):
    listing = Listing.objects.get(work=edition.work)
    return listing.rating_count, listing.rating_sum, listing.details.stars


def price(edition, amount):
    publishing_services.set_prices(actor=edition.work.owner, work=edition.work, prices={"USD": amount}, at=NOON)


NONE = (0, 0, (0, 0, 0, 0, 0))
ONE = (1, 5, (0, 0, 0, 0, 1))


class TestCopies:
    @pytest.mark.parametrize(("paid_minor", "expected"), [(0, NONE), (98, NONE), (99, ONE), (499, ONE)])
    def test_must_have_been_paid_for(self, edition, paid_minor, expected):
        write(edition, paid_minor=paid_minor)
        assert rating(edition) == expected

    def test_presents_of_makers_do_not_count(self, edition):
        make_contributor(edition.work, user=(illustrator := make_reader()), role="ill")
        for maker in (edition.work.owner, illustrator):
            write(edition, buyer=maker)
        assert rating(edition) == NONE

    def test_presents_of_readers_do(self, edition):
        write(edition, buyer=make_reader())
        assert rating(edition) == ONE

    def test_copies_that_somebody_handed_out_do_not_but_for_the_buyers_own(self, edition, client):
        buyer = make_reader()
        first, second, _third = buy_copies(buyer, edition, 3)
        for copy, reader in ((first, buyer), (second, make_reader())):
            gifts.redeem(actor=reader, token=token_of(copy), country="US", has_consented=True, at=NOON)
            reviews.write_review(actor=reader, work=edition.work, stars=5, title="", body="It glows.", at=NOON)
        assert rating(edition) == ONE
        assert "one of several copies" in client.get("/books/the-lamp/reviews/").content.decode()

    def test_a_review_that_does_not_count_is_shown_and_says_why(self, edition, client):
        write(edition, paid_minor=0)
        for path in ("/books/the-lamp/", "/books/the-lamp/reviews/"):
            text = client.get(path).content.decode()
            assert "It glows." in text
            assert "got this copy free" in text
        assert "aggregateRating" not in client.get("/books/the-lamp/").content.decode()

    def test_one_that_counts_says_nothing(self, edition, client):
        write(edition)
        text = client.get("/books/the-lamp/").content.decode()
        assert "do not count" not in text
        assert "aggregateRating" in text


class TestPrices:
    def test_of_a_free_book_all_readers_count(self, client):
        edition = make_published_edition(slug="the-lamp", prices={"USD": 0})
        write(edition, paid_minor=0)
        assert rating(edition) == ONE
        assert "do not count" not in client.get("/books/the-lamp/").content.decode()

    def test_a_price_for_a_minute_changes_nothing_for_good(self, edition, client):
        write(edition, paid_minor=0)
        price(edition, 0)
        assert rating(edition) == ONE
        price(edition, 499)
        assert rating(edition) == NONE
        assert "do not count" in client.get("/books/the-lamp/").content.decode()

    def test_a_price_in_another_currency_is_a_price(self):
        edition = make_published_edition(prices={"USD": 0, "EUR": 499})
        write(edition, paid_minor=0)
        assert rating(edition) == NONE


class TestMakers:
    def test_count_no_more_once_they_accepted_a_credit(self, edition, client):
        review = write(edition)
        given = {"actor": edition.work.owner, "work": edition.work, "name": "Pal", "role": "aut", "at": NOON}
        offered = publishing_services.add_contributor(email=review.user.email, **given)
        assert rating(edition) == ONE
        publishing_services.accept_credit(actor=review.user, contributor=offered)
        assert rating(edition) == NONE
        assert "is now a contributor to the book" in client.get("/books/the-lamp/").content.decode()
        publishing_services.unlink_credit(actor=review.user, contributor=offered)
        assert rating(edition) == ONE


class TestNight:
    def test_finds_what_is_marked_wrongly(self, edition):
        write(edition, paid_minor=0)
        Review.objects.update(uncounted=Uncounted.NO)
        Listing.objects.update(rating_count=1, rating_sum=5)
        assert ratings.works_marked_wrongly() == [edition.work_id]
        standings.recount_stars()
        assert rating(edition) == NONE
        assert ratings.works_marked_wrongly() == []

    def test_leaves_reviews_without_any_copy_alone(self, edition):
        review = make_review(edition=edition, stars=5)
        review.user.entitlements.all().delete()
        assert ratings.works_marked_wrongly() == []
