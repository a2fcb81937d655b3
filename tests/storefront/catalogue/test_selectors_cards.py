"""Cards say what a listing says, in the words of the page's region."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from accounts import regions
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.cards import Card, cards_from


def card_of(region: str = "/", **fields: object) -> Card:
    listing = Listing(**{"slug": "lamp-7", "title": "Lamp", "byline": "Ada", "language": "en", **fields})
    with regions.active(regions.split(region)[0] or regions.default()):
        [card] = cards_from([listing])
    return card


def markup_of(region: str = "/", **fields: object) -> str:
    with regions.active(regions.split(region)[0] or regions.default()):
        text = render_to_string("catalogue/_card.html", {"card": card_of(region, **fields)})
    return " ".join(text.split())


@pytest.mark.parametrize(("region", "shown"), [("/", "4.3"), ("/de-at/", "4,3"), ("/en-gb/", "4.3")])
def test_stars_are_written_as_the_language_writes_them(region: str, shown: str) -> None:
    html = markup_of(region, title="A 4.3 </b> 4.3", rating_count=3, rating_sum=13)
    assert f"<b>★</b> {shown} (3)" in html
    assert "A 4.3 &lt;/b&gt; 4.3" in html


@pytest.mark.parametrize(
    ("region", "price"), [("/", "$4.99"), ("/de-at/", "€\xa03,99"), ("/en-gb/", "$4.99"), ("/en-ie/", "€3.99")]
)
def test_the_price_is_the_region_s(region: str, price: str) -> None:
    assert card_of(region, prices={"USD": 499, "EUR": 399}).price.replace("\u202f", "\xa0").lstrip("US") == price


@pytest.mark.parametrize(
    ("prices", "open_in", "price"),
    [
        ({}, "", ""),
        ({"USD": 0}, "", "Free"),
        ({"USD": 0}, "USD", "Pay what you want"),
        ({"USD": 300}, "EUR USD", "from $3.00"),
        ({"USD": 300}, "EUR", "$3.00"),
    ],
)
def test_the_price_says_what_may_be_chosen(prices: dict[str, int], open_in: str, price: str) -> None:
    assert card_of(prices=prices, open_in=open_in).price == price


@pytest.mark.parametrize("cover", [{}, {"320-webp": "a/b.webp"}])
def test_a_title_and_names_run_as_their_script_does(cover: dict[str, str]) -> None:
    html = markup_of(slug="migdalor", title="המגדלור!", byline="נעמי כהן", language="he", cover=cover)
    assert '<h3 dir="auto"><a href="/books/migdalor/" lang="he">המגדלור!</a></h3>' in html
    assert '<p class="by" dir="auto">נעמי כהן</p>' in html
    assert html.count('dir="auto"') == (2 if cover else 3)


def test_what_authors_type_is_escaped() -> None:
    html = markup_of(title="<script>alert(1)</script>", byline='"><b>', cover={"320-webp": 'odd"&.webp'})
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert 'src="/public/odd&quot;&amp;.webp"' in html


def test_links_stay_in_the_region() -> None:
    assert 'href="/de-at/books/lamp-7/"' in markup_of("/de-at/")


def test_the_first_covers_are_loaded_at_once() -> None:
    rows = [Listing(slug=f"b-{number}", cover={"320-webp": "a.webp"}) for number in range(3)]
    assert [card.is_eager for card in cards_from(rows)] == [True, True, False]
    assert 'fetchpriority="high"' in markup_of(cover={"320-webp": "a.webp"})
