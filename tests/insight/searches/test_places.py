"""Which pages tell what was searched for, and that they stay public, cached pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def told(client: Client, address: str) -> list[tuple[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    return re.findall(r'data-counts="(\w+)"\s+data-results="(\d+)"', response.content.decode())


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/search/?q=lamp", [("search", "1")]),
        ("/search/?q=nothing-like-it", [("search", "0")]),
        ("/search/?q=lamp&language=de", [("search", "0")]),
        ("/search/", []),
        ("/books/", []),
        ("/books/?subject=FF", [("search", "1")]),
        ("/books/?language=fr", [("search", "0")]),
        ("/books/?price=5", []),
        ("/hire/", []),
        ("/hire/?kind=translation&target=de", [("hire", "0")]),
    ],
)
def test_a_page_tells_how_many_it_found(client: Client, address: str, expected: list[tuple[str, str]]) -> None:
    make_published_edition(title="The Lamp", subject="FF")
    assert told(client, address) == expected


def test_a_further_page_is_no_second_search(client: Client) -> None:
    for number in range(30):
        make_published_edition(title=f"Lamp {number}", subject="FF")
    for address in ("/search/?q=lamp", "/books/?subject=FF"):
        page = client.get(address).content.decode()
        assert told(client, address) == [("search", "30")]
        further = re.search(r'rel="next" href="([^"]+)"|href="([^"]+)">\s*More books', page)
        assert further
        assert told(client, (further[1] or further[2]).replace("&amp;", "&")) == []
