"""The bench's measure, on a small catalogue with names as a shop has them: on both databases."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from bench import search_quality
from demo.generated_words import load
from publishing import thema
from storefront.models import Listing
from storefront.services import listings
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition
from tests.support.standing import Standing

pytestmark = [pytest.mark.django_db, pytest.mark.both]

BOOKS = 150


@pytest.fixture(scope="module", autouse=True)
def shop(standing: Standing) -> list[Listing]:
    return standing(make_shop)


def make_shop() -> list[Listing]:
    """Generated titles and names in several languages; some authors have several books."""
    chance, words = random.Random(12), load()
    authors = [make_author(display_name=words.person(chance)) for _ in range(BOOKS // 4)]
    for number in range(BOOKS):
        language = words.language(chance)
        edition = make_published_edition(
            announce=False,
            slug=f"n-{number}",
            title=words.title(chance, language),
            language=language,
            description=words.description(chance, language),
            subject=chance.choice(list(thema.SUBJECTS)),
            owner=chance.choice(authors),
        )
        listings.refresh_listing(edition)
    if connection.vendor == "postgresql":  # which does so by itself in a shop, before long
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE storefront_listing, storefront_searchentry, storefront_searchvariant, storefront_searchword"
            )
    return search_quality.picked(BOOKS, seed=1)


def test_finds_nineteen_of_twenty_books_however_asked_for(shop: list[Listing]) -> None:
    shares = search_quality.measure(shop, seed=1)
    assert [one.asked for one in shares] == [BOOKS] * len(search_quality.QUERIES)
    assert {one.kind: round(one.found, 2) for one in shares if one.found < 0.95} == {}


def test_the_measure_sees_when_nothing_is_found(shop: list[Listing], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_quality, "QUERIES", {"another title": lambda listing, chance: "zzzz qqqq"})
    assert [one.found for one in search_quality.measure(shop[:5], seed=1)] == [0]
