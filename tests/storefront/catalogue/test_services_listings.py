from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from publishing import hooks
from publishing.models import Edition, EditionState, Price
from storefront.catalogue.models import Catalogue, Listing
from storefront.catalogue.models.listing import NO_RATING_SCORE
from storefront.catalogue.services import listings
from storefront.community.models import Review
from storefront.community.services import ratings
from tests.factories.accounts import make_author, make_reader
from tests.factories.conversion import make_artifact, make_done_job, make_finding, web_zip
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db


def listing_of(edition: Edition) -> Listing:
    return Listing.objects.get(work=edition.work)


class TestRefreshListing:
    def test_publishing_puts_the_work_on_sale(self) -> None:
        edition = make_published_edition(title="Salt Roads", prices={"USD": 799, "EUR": 699})
        listing = listing_of(edition)
        assert listing.is_on_sale
        assert (listing.slug, listing.title) == (edition.work.slug, "Salt Roads")
        assert (listing.prices, listing.price_minor) == ({"USD": 799, "EUR": 699}, 799)
        assert listing.cover["320-webp"]
        assert listing.details.edition == edition.public_id

    def test_the_byline_names_authors_before_anybody_else(self) -> None:
        work = make_work(owner=make_author(display_name="Ada Quill"))
        make_contributor(work, name="Nora Lind", role="trl")
        listing = listing_of(make_published_edition(work=work))
        assert listing.byline == "Ada Quill"
        assert [one.role for one in listing.details.authors] == ["aut", "trl"]

    def test_a_new_edition_replaces_the_old_one_and_keeps_the_first_date(self) -> None:
        first = make_published_edition()
        first.state = EditionState.SUPERSEDED
        first.save()
        later = clock.now() + timedelta(days=40)
        second = make_published_edition(work=first.work, published_at=later, notes="The map has its north back.")
        listing = listing_of(second)
        assert listing.edition == second
        assert listing.published_at == first.published_at
        assert [one.number for one in listing.details.editions] == [2, 1]
        assert listing.details.editions[0].notes == "The map has its north back."

    @pytest.mark.parametrize("age", [None, 0, 8])
    def test_says_from_which_age(self, age: int | None) -> None:
        edition = make_published_edition(work=make_work(reading_age=age))
        assert listing_of(edition).details.reading_age == age

    def test_a_changed_price_shows_at_once(self) -> None:
        edition = make_published_edition()
        Price.objects.filter(work=edition.work).update(list_price_minor=0)
        hooks.notify_listed(edition)
        assert listing_of(edition).price_minor == 0

    def test_the_opening_is_kept_without_pictures_and_note_marks(self) -> None:
        job = make_done_job()
        job.artifacts.filter(kind="sample-web").delete()
        opening = (
            '<h1>One</h1><p onclick="alert(1)">It rained.<a role="doc-noteref" href="#n1">7</a></p>'
            '<p><img src="../assets/a.png" alt=""/><a href="https://example.org/">Away</a></p><script>alert(1)</script>'
        )
        make_artifact(job, kind="sample-web", content=web_zip(("One",), c1=opening))
        sample = listing_of(make_published_edition(job=job)).sample_html
        assert sample == "<h1>One</h1><p>It rained.</p><p>Away</p>"

    def test_says_when_pictures_lack_a_description(self) -> None:
        job = make_done_job()
        make_finding(job, code="image.alt-missing")
        assert "some-undescribed" in listing_of(make_published_edition(job=job)).details.accessibility

    def test_raises_the_version_of_the_catalogue_and_learns_its_languages(self) -> None:
        make_published_edition(language="de")
        make_published_edition(language="en")
        row = Catalogue.objects.get()
        assert (row.version, row.languages) == (2, ["de", "en"])

    def test_a_draft_is_not_on_sale(self) -> None:
        edition = make_edition()
        listings.refresh_listing(edition)
        assert not listing_of(edition).is_on_sale


class TestWithdrawListing:
    def test_takes_the_book_off_sale_and_raises_the_version(self) -> None:
        edition = make_published_edition()
        before = Catalogue.objects.get().version
        hooks.notify_withdrawn(edition)
        assert not listing_of(edition).is_on_sale
        assert Catalogue.objects.get().version == before + 1

    def test_an_edition_that_is_not_listed_changes_nothing(self) -> None:
        make_published_edition()
        before = Catalogue.objects.get().version
        hooks.notify_withdrawn(make_edition())
        assert Catalogue.objects.get().version == before


class TestRefreshRating:
    def test_counts_the_reviews_into_the_listing(self) -> None:
        edition = make_published_edition()
        for stars in (5, 4, 4):
            Review.objects.create(
                work=edition.work, user=make_reader(), stars=stars, created_at=clock.now(), changed_at=clock.now()
            )
        ratings.refresh(edition.work)
        listing = listing_of(edition)
        assert (listing.rating_sum, listing.rating_count, listing.mean_stars) == (13, 3, "4.3")
        assert listing.rating_score == NO_RATING_SCORE  # until a ranking has looked at who wrote them


class TestAuthorGets:
    def test_the_parts_add_up_to_the_price(self) -> None:
        parts = listing_of(make_published_edition(prices={"USD": 499})).details.author_gets["USD"]
        assert parts.price == 499
        assert parts.royalty > 0
        assert parts.price == parts.processor_fee + parts.platform_fee + parts.royalty

    def test_a_free_book_has_none(self) -> None:
        assert listing_of(make_published_edition(prices={"USD": 0})).details.author_gets == {}

    def test_a_price_that_pays_nobody_has_none(self) -> None:
        assert listing_of(make_published_edition(prices={"USD": 5})).details.author_gets == {}
