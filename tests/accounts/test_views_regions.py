from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


class TestChoosing:
    def test_leads_to_the_same_page(self, client: Client) -> None:
        query = {"language": "de", "country": "AT", "to": "/en-gb/search/?q=lamp"}
        assert client.get("/region/", query)["Location"] == "/de-at/search/?q=lamp"
        assert client.get("/region/", {"language": "en", "country": "", "to": "/books/"})["Location"] == "/books/"
        only_words = {"language": "de", "country": "", "to": "/books/"}
        assert client.get("/region/", only_words)["Location"] == "/de-de/books/"

    @pytest.mark.parametrize(
        "to", ["https://example.org/", "//example.org/", "javascript:1", "\\\\x", "/\t/x", "/de-de//x.org/"]
    )
    def test_leads_to_no_other_host(self, client: Client, to: str) -> None:
        target = client.get("/region/", {"language": "de", "country": "AT", "to": to})["Location"]
        assert target.startswith("/de-at/")
        assert not target.startswith(("//", "/de-at//"))

    def test_page_varies_on_nobody(self, client: Client) -> None:
        page = client.get("/de-de/region/?to=/books/")
        assert page.status_code == 200
        assert page["Cache-Control"].startswith("public")
        assert not page.cookies
