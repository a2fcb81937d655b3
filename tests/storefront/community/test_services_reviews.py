from __future__ import annotations

from datetime import datetime

import pytest

from accounts.models import User
from publishing.models import Edition
from storefront.catalogue.models import Listing
from storefront.community.models import Review
from storefront.community.services import reviews
from storefront.community.services.reviews import ReviewNotAllowed
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_entitlement

pytestmark = pytest.mark.django_db


def entitle(user: User, edition: Edition, at: datetime, ended_at: datetime | None = None) -> None:
    make_entitlement(user, edition, granted_at=at, ended_at=ended_at)


def write(user: User, edition: Edition, at: datetime, stars: int = 4) -> Review:
    return reviews.write_review(actor=user, work=edition.work, stars=stars, title="Quiet", body="", at=at)


class TestWriteReview:
    def test_refuses_who_did_not_buy(self, noon: datetime) -> None:
        edition = make_published_edition()
        with pytest.raises(ReviewNotAllowed):
            write(make_reader(), edition, noon)

    def test_refuses_who_gave_the_book_back(self, noon: datetime) -> None:
        edition, reader = make_published_edition(), make_reader()
        entitle(reader, edition, noon, ended_at=noon)
        with pytest.raises(ReviewNotAllowed):
            write(reader, edition, noon)

    def test_refuses_the_books_makers_even_as_buyers(self, noon: datetime) -> None:
        edition = make_published_edition()
        entitle(edition.work.owner, edition, noon)
        with pytest.raises(ReviewNotAllowed):
            write(edition.work.owner, edition, noon)

    def test_counts_into_the_rating(self, noon: datetime) -> None:
        edition, reader = make_published_edition(), make_reader()
        entitle(reader, edition, noon)
        write(reader, edition, noon, stars=5)
        assert Listing.objects.get(work=edition.work).mean_stars == "5.0"

    def test_a_second_review_changes_the_first(self, noon: datetime) -> None:
        edition, reader = make_published_edition(), make_reader()
        entitle(reader, edition, noon)
        write(reader, edition, noon, stars=5)
        write(reader, edition, noon, stars=2)
        assert [review.stars for review in Review.objects.all()] == [2]
        assert Listing.objects.get(work=edition.work).mean_stars == "2.0"


class TestWithdrawReview:
    def test_removes_words_and_stars(self, noon: datetime) -> None:
        edition, reader = make_published_edition(), make_reader()
        entitle(reader, edition, noon)
        write(reader, edition, noon)
        reviews.withdraw_review(actor=reader, work=edition.work)
        assert not Review.objects.exists()
        assert Listing.objects.get(work=edition.work).rating_count == 0
