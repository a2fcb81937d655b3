"""What changed in an edition: notes and chapters for everybody, passages for readers of the book."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from publishing import services as publishing_services
from publishing.models import EditionState, TextComparison
from publishing.services import comparisons
from storefront.catalogue.services import listings
from tests.factories.accounts import make_reader
from tests.factories.buying import add_edition, buy, make_book
from tests.factories.conversion import make_artifact, web_zip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]
SNOW = "<h1>The Harbour</h1><p>Snow fell on the water.</p>"


@pytest.fixture
def corrected():
    """A book with edition 1, which was corrected, and edition 2, compared with what came before."""
    first = make_book(title="The Salt Road")
    second = add_edition(first.work)
    second.number, second.revision, second.notes = 1, 1, "The first sentence."
    second.job.artifacts.get(kind="web").delete()
    make_artifact(second.job, kind="web", content=web_zip(c1=SNOW))
    second.save()
    third = add_edition(first.work)
    third.number = 2
    third.job.artifacts.get(kind="web").delete()
    make_artifact(third.job, kind="web", content=web_zip(("The Harbour", "New", "The Lamp", "The Letter"), c1=SNOW))
    third.save()
    for before, after in ((first, second), (second, third)):
        publishing_services.ask_comparison(before=before.job, after=after.job, at=clock.now())
    for row in TextComparison.objects.all():
        comparisons.compare(comparison_id=row.pk)
    listings.refresh_listing(third)
    return first.work


def address(work):
    return reverse("pages:book-changes", args=[work.slug])


class TestChanges:
    def test_readers_see_the_passages(self, client, corrected):
        reader = make_reader()
        buy(reader, corrected.editions.on_sale().get())
        client.force_login(reader)
        page = client.get(address(corrected), {"edition": "1.1"}).content.decode()
        assert "What changed in edition 1.1" in page
        assert "compared with edition 1" in page
        assert "The first sentence." in page
        assert "<ins>Snow</ins>" in page

    def test_others_see_chapters_and_numbers_only(self, client, corrected):
        for query in ({"edition": "1.1"}, {"edition": "1.1", "chapter": "1"}):
            page = client.get(address(corrected), query).content.decode()
            assert "The first sentence." in page
            assert "The Harbour" in page
            assert "Snow" not in page
            assert "<ins>" not in page

    def test_the_newest_is_shown_first_and_leads_to_the_others(self, client, corrected):
        page = client.get(address(corrected)).content.decode()
        assert "What changed in edition 2" in page
        assert "compared with edition 1.1" in page
        assert '"?edition=1.1"' in page

    @pytest.mark.parametrize("label", ["1", "9", "2.7", "x", "1.1.1", "-1"])
    def test_no_such_edition(self, client, corrected, label):
        assert client.get(address(corrected), {"edition": label}).status_code == 404

    def test_a_book_with_one_edition_has_no_such_page(self, client):
        book = make_book()
        listings.refresh_listing(book)
        assert client.get(address(book.work)).status_code == 404

    def test_a_draft_is_nobodys_business(self, client, corrected):
        draft = add_edition(corrected)
        corrected.editions.filter(pk=draft.pk).update(state=EditionState.DRAFT, published_at=None, number=3)
        corrected.editions.filter(number=2).update(state=EditionState.PUBLISHED)
        assert client.get(address(corrected), {"edition": "3"}).status_code == 404
        assert "What changed in edition 2" in client.get(address(corrected)).content.decode()

    def test_off_sale_it_is_for_readers(self, client, corrected):
        reader = make_reader()
        edition = corrected.editions.on_sale().get()
        buy(reader, edition)
        edition.state = EditionState.WITHDRAWN
        edition.save()
        listings.refresh_listing(edition)
        corrected.listing.refresh_from_db()
        corrected.listing.is_on_sale = False
        corrected.listing.save()
        assert client.get(address(corrected)).status_code == 404
        client.force_login(reader)
        assert client.get(address(corrected)).status_code == 200

    def test_is_kept_in_no_cache(self, client, corrected):
        assert "no-store" in client.get(address(corrected))["Cache-Control"]


class TestElsewhere:
    def test_the_books_page_lists_corrections(self, client, corrected):
        page = client.get(reverse("pages:book", args=[corrected.slug])).content.decode()
        assert "Corrected in edition 1.1" in page
        assert "The first sentence." in page
        assert address(corrected) in page

    def test_the_library_leads_to_what_changed(self, client, corrected):
        reader = make_reader()
        second = corrected.editions.oldest_first()[1]
        buy(reader, corrected.editions.on_sale().get())
        reader.entitlements.update(edition=second)
        client.force_login(reader)
        book = reverse("library:book", args=[corrected.public_id])
        assert "New edition" in client.get("/library/").content.decode()
        assert address(corrected) in client.get(book).content.decode()
        reader.entitlements.update(edition=corrected.editions.on_sale().get())
        assert "New edition" not in client.get("/library/").content.decode()
