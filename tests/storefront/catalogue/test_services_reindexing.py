from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.browse import Filters
from storefront.search.selectors import search
from storefront.search.services import reindexing
from tests.factories.conversion import make_done_job
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def rows() -> list[dict[str, object]]:
    return list(Listing.objects.order_by("pk").values())


class TestReindexListings:
    def test_writes_nothing_where_nothing_changed(self) -> None:
        make_published_edition(title="Der Zöllner", language="de", subject="FM")
        make_published_edition(title="Salt Roads", prices={"USD": 0})
        before = rows()
        assert list(reindexing.reindex_listings()) == [(2, 0)]
        assert rows() == before

    def test_brings_back_what_the_services_wrote(self) -> None:
        for title in ("Winter at Sea", "Salt Roads"):
            make_published_edition(title=title, job=make_done_job())
        before = rows()
        spoilt = Listing.objects.filter(title="Salt Roads")
        spoilt.update(price_band=9, formats=0, facet_words="", is_adult=True)
        assert list(reindexing.reindex_listings()) == [(2, 1)]
        assert rows() == before
        assert search.search(Filters(query="salt")).cards

    def test_several_parts_are_written_in_one_transaction_of_the_caller(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for slug in ("one", "two", "three"):
            make_published_edition(slug=slug)
        whole = list(Listing.objects.order_by("pk").values_list("facet_words", flat=True))
        Listing.objects.update(facet_words="")
        monkeypatch.setattr(reindexing, "_CHUNK", 1)
        with transaction.atomic():
            assert list(reindexing.reindex_listings())[-1] == (3, 3)
        assert list(Listing.objects.order_by("pk").values_list("facet_words", flat=True)) == whole

    def test_pages_know_what_was_written_before_it_was_broken_off(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Visitors ask by the tag of the page that they have."""
        for slug in ("one", "two"):
            make_published_edition(slug=slug)
        Listing.objects.update(facet_words="")
        cached = client.get("/books/")
        monkeypatch.setattr(reindexing, "_CHUNK", 1)
        first, rewrite = Listing.objects.order_by("pk")[0].pk, reindexing._rewrite

        def until_the_second(keys: Sequence[int]) -> int:
            if list(keys) != [first]:
                raise ConnectionError
            return rewrite(keys)

        monkeypatch.setattr(reindexing, "_rewrite", until_the_second)
        with pytest.raises(ConnectionError):
            list(reindexing.reindex_listings())
        assert Listing.objects.exclude(facet_words="").exists()
        assert client.get("/books/", headers={"If-None-Match": cached["ETag"]}).status_code == 200


class TestCommand:
    def test_tells_how_many_it_wrote(self) -> None:
        make_published_edition(title="Salt Roads")
        out = StringIO()
        call_command("reindex_listings", stdout=out)
        assert "1 listings, 0 written" in out.getvalue()
