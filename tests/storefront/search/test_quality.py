"""The bench's measure, on a small catalogue with names as a shop has them: on both databases."""

from __future__ import annotations

import random

import pytest

from bench import search as bench
from demo.generated_words import load
from publishing import hooks, thema
from storefront.catalogue.models import Listing
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db

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
        hooks.notify_listed(edition)
    return bench.picked(BOOKS, seed=1)


def test_finds_nineteen_of_twenty_books_however_asked_for(shop: list[Listing]) -> None:
    asked = [(bench.is_found, bench.QUERIES), (bench.is_suggested, bench.SUGGESTED)]
    shares = {
        kind: bench.share(is_found, ask, shop, kind)[0] for is_found, queries in asked for kind, ask in queries.items()
    }
    assert {kind: round(found, 2) for kind, found in shares.items() if found < 0.95} == {}


def test_the_measure_sees_when_nothing_is_found(shop: list[Listing]) -> None:
    assert bench.share(bench.is_found, lambda listing, chance: "zzzz qqqq", shop[:5], "1")[0] == 0
