"""The text of a book and its pages, as the reader's script gets them."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from publishing.models import Edition
from storefront.checkout.models import AccessRecord, Entitlement
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db

FILES = "/read/lighthouse/files/edn_lighthouse"
SAMPLE_FILES = "/read/lighthouse/sample/files/edn_lighthouse"


def published(**bodies: Any) -> Edition:
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    make_artifact(job, kind="web", content=web_zip(**bodies))
    make_artifact(job, kind="sample-web", content=web_zip(("The Harbour",), c1="<p>Only the sample.</p>"))
    return make_published_edition(slug="lighthouse", job=job, public_id="edn_lighthouse")


@pytest.fixture
def buyer(client: Client, noon: datetime) -> Client:
    """Has bought whatever is published; see `own`."""
    client.force_login(make_reader())
    return client


def own(client: Client, edition: Edition, noon: datetime) -> None:
    Entitlement.objects.create(
        user_id=client.session["_auth_user_id"], work=edition.work, edition=edition, granted_at=noon
    )


def pagination(client: Client, root: str = FILES) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{root}/pagination.json").json()
    return found


class TestText:
    def test_a_book_from_before_there_was_a_text_has_it_made(self, buyer: Client, noon: datetime) -> None:
        own(buyer, published(c1="<h1>One</h1><p>Rain <i>fell</i>.</p>"), noon)
        response = buyer.get(f"{FILES}/text.json", headers={"accept-encoding": "br, gzip"})
        assert (response["Content-Encoding"], response["Content-Type"]) == ("gzip", "application/json")
        assert "private" in response["Cache-Control"] and "immutable" in response["Cache-Control"]
        text = json.loads(gzip.decompress(response.content))
        assert text["blocks"][:3] == [[0, "One"], [0, "Rain fell."], [1, "The Lamp"]]
        plain = buyer.get(f"{FILES}/text.json")
        assert "Content-Encoding" not in plain and plain.json() == text

    def test_fetching_it_is_not_reading(self, buyer: Client, noon: datetime) -> None:
        own(buyer, published(), noon)
        buyer.get(f"{FILES}/text.json")
        buyer.get(f"{FILES}/pagination.json")
        assert not AccessRecord.objects.exists()

    def test_who_did_not_buy_gets_the_text_of_the_sample_only(self, client: Client) -> None:
        published()
        client.force_login(make_reader())
        assert client.get(f"{FILES}/text.json").status_code == 404
        assert client.get(f"{FILES}/pagination.json").status_code == 404
        assert client.get(f"{SAMPLE_FILES}/text.json").json()["blocks"] == [[0, "Only the sample."]]


class TestPagination:
    def test_a_page_is_1024_characters_in_code_points(self, buyer: Client, noon: datetime) -> None:
        long = f"<p>{'𠮷' * 1000}</p><p>{'a' * 2072}</p>"
        own(buyer, published(c1=long, c2="<p>b</p>", c3="<p></p>"), noon)
        found = pagination(buyer)
        assert found["pages"] == [[0, 0], [1, 24], [1, 1048], [2, 0]]
        assert found["labels"] is None

    def test_the_print_edition_has_its_own(self, buyer: Client, noon: datetime) -> None:
        mark = '<span id="{}" role="doc-pagebreak" aria-label="x"></span>'
        first = f"<p>{mark.format('p1')}One. {mark.format('p2')}Two.</p>"
        own(buyer, published(c1=first, c2=f"{mark.format('p3')}<p>Three.</p>", pages={
            "xi": "chapters/c1.xhtml#p1", "xii": "chapters/c1.xhtml#p2", "1": "chapters/c2.xhtml#p3",
        }), noon)  # fmt: skip
        found = pagination(buyer)
        assert (found["pages"], found["labels"]) == ([[0, 0], [0, 5], [1, 0]], ["xi", "xii", "1"])

    def test_lines_of_the_contents_have_places(self, buyer: Client, noon: datetime) -> None:
        own(buyer, published(), noon)
        assert pagination(buyer)["toc"] == [[0, 0], [2, 0], [4, 0]]


class TestSearch:
    def search(self, client: Client, query: str, root: str = "/read/lighthouse") -> dict[str, Any]:
        response = client.get(f"{root}/search/", {"q": query, "edition": "edn_lighthouse"})
        assert "no-store" in response["Cache-Control"]
        found: dict[str, Any] = response.json()
        return found

    def words(self, client: Client, query: str) -> list[str]:
        return [hit[5] for hit in self.search(client, query)["hits"]]

    def test_finds_a_phrase_with_its_place_and_what_is_around(self, buyer: Client, noon: datetime) -> None:
        own(buyer, published(c2="<p>One.</p><p>𠮷 Straße, said “he”—slowly.</p>"), noon)
        assert self.search(buyer, 'STRASSE, said "He" - ') == {"count": 0, "hits": []}
        assert self.search(buyer, " STRASSE,  said \"He\"-") == {
            "count": 1, "hits": [[3, 2, 20, 1, "𠮷 ", "Straße, said “he”—", "slowly."]],
        }  # fmt: skip

    def test_accents_and_ligatures_do_not_count(self, buyer: Client, noon: datetime) -> None:
        own(buyer, published(c1="<p>Cafe\u0301, Ærøskøbing, of\ufb01ce, Ὀδυσσεύς, كِتَاب, が</p>"), noon)
        queries = ("cafe", "AEROSKOBING", "offi", "ffice", "οδυσσευσ", "كتاب", "か")
        assert [self.words(buyer, query) for query in queries] == [
            ["Café"], ["Ærøskøbing"], ["ofﬁ"], ["fﬁce"], ["Ὀδυσσεύς"], ["كِتَاب"], [],
        ]  # fmt: skip

    def test_half_of_a_letter_is_found_once(self, buyer: Client, noon: datetime) -> None:
        own(buyer, published(c1="<p>Maßstab, Masse</p>"), noon)
        assert self.words(buyer, "s") == ["ß", "s", "s", "s"]

    def test_counts_all_and_gives_the_first(self, buyer: Client, noon: datetime) -> None:
        own(buyer, published(c1="<p>" + "rain and more " * 300 + "</p>"), noon)
        found = self.search(buyer, "rain")
        assert (found["count"], len(found["hits"])) == (302, 200)
        assert found["hits"][10][4:] == ["…more rain and more rain and more rain and more ", "rain",
                                         " and more rain and more rain and more rain and…"]  # fmt: skip

    def test_nothing_in_an_empty_query(self, buyer: Client, noon: datetime) -> None:
        own(buyer, published(), noon)
        assert self.search(buyer, " \u00ad ") == {"count": 0, "hits": []}

    def test_who_did_not_buy_searches_the_sample_only(self, client: Client) -> None:
        published()
        assert client.get("/read/lighthouse/search/", {"q": "rain"}).status_code == 404
        assert self.search(client, "rain", "/read/lighthouse/sample")["count"] == 0
        assert self.search(client, "sample", "/read/lighthouse/sample")["count"] == 1

    @pytest.mark.parametrize("odd", ["%00", "%ED%A0%80", "9" * 4400, "//["])
    def test_odd_queries_are_no_failure(self, buyer: Client, noon: datetime, odd: str) -> None:
        own(buyer, published(), noon)
        for root in ("/read/lighthouse", "/read/lighthouse/sample"):
            for query in (f"q={odd}", f"q=rain&edition={odd}"):
                assert buyer.get(f"{root}/search/?{query}").status_code in {200, 400, 404}

    def test_is_limited(self, buyer: Client, noon: datetime, settings: Any) -> None:
        own(buyer, published(), noon)
        settings.NETWORK_RATE_LIMITS = {"search": 2}
        answers = [buyer.get("/read/lighthouse/search/", {"q": "rain"}).status_code for _ in range(3)]
        assert answers == [200, 200, 429]
