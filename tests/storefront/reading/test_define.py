"""Looking up a word: who may, what is answered and how it is cached, and when the reader offers it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings as shop_settings
from django.test import Client
from pytest_django import Settings

from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db
DEFINE = "/reading/define/"


def ask(client: Client, **query: str) -> list[dict]:
    response = client.get(DEFINE, query)
    assert response.status_code == 200
    return response.json()["found"]


def reader_page(client: Client) -> tuple[str, dict]:
    """The reader of a sample, and its settings."""
    edition = make_published_edition()
    page = client.get(f"/read/{edition.work.slug}/sample/").content.decode()
    found = re.search(r'<script id="reader-settings" type="application/json">(.*?)</script>', page)
    assert found
    return page, json.loads(found[1])


class TestAnswer:
    def test_has_entries_and_what_the_licence_asks_for(self, client: Client, dictionaries: Path) -> None:
        (found,) = ask(client, word="Quays", language="en-GB")
        assert found["about"]["credit"] == "WordNet 3.0 © Princeton University"
        assert "WordNet 3.0 Copyright" in found["about"]["notice"]
        (entry,) = found["entries"]
        assert (entry["headword"], entry["grammar"]) == ("quay", ["noun"])
        assert entry["senses"][0]["examples"][0] == ["he came down to the quay", ""]

    def test_is_empty_for_what_is_not_there(self, client: Client, dictionaries: Path) -> None:
        for query in ({}, {"word": "quay"}, {"word": "quay", "language": "ja"}, {"word": "x" * 9999, "language": "en"}):
            assert ask(client, **query) == []

    def test_is_empty_in_a_shop_without_dictionaries(self, client: Client) -> None:
        assert ask(client, word="quay", language="en") == []

    def test_may_be_cached_by_anybody_and_sets_no_cookie(self, client: Client, dictionaries: Path) -> None:
        response = client.get(DEFINE, {"word": "quay", "language": "en"})
        assert "public" in response["Cache-Control"]
        assert "max-age=86400" in response["Cache-Control"]
        assert "Cookie" not in response.get("Vary", "")
        assert not response.cookies

    def test_costs_no_query(self, client: Client, dictionaries: Path, django_assert_num_queries) -> None:
        with django_assert_num_queries(0):
            ask(client, word="quay", language="en")

    def test_is_counted_by_network(self, client: Client, dictionaries: Path, settings: Settings) -> None:
        settings.NETWORK_RATE_LIMITS = {"define": 2}
        codes = [client.get(DEFINE, {"word": "quay", "language": "en"}).status_code for _number in range(4)]
        assert codes == [200, 200, 429, 429]

    def test_is_only_read(self, client: Client) -> None:
        assert client.post(DEFINE).status_code == 405

    def test_words_are_not_in_the_log_of_the_proxy(self) -> None:
        text = (shop_settings.BASE_DIR / "deploy/nginx.conf").read_text(encoding="utf-8")
        (pattern,) = re.findall(r'^ +"~(/\(reading.*)" 0;', text, re.MULTILINE)
        assert re.search(pattern, f"/de-at{DEFINE}?word=quay&language=en")


class TestReader:
    def test_offers_it_also_in_a_sample(self, client: Client, dictionaries: Path) -> None:
        page, settings = reader_page(client)
        assert settings["define"] == f"{DEFINE}?language=en"
        assert 'data-panel="dictionary"' in page

    def test_does_not_without_a_dictionary_of_the_book_s_language(self, client: Client) -> None:
        page, settings = reader_page(client)
        assert settings["define"] == ""
        assert 'data-panel="dictionary"' not in page
        assert "<kbd>D</kbd>" not in page
