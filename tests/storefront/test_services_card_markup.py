"""Cards put together from the template's pieces are those that the template renders."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from storefront.models import Listing
from storefront.selectors.cards import PRICE_MARK, CardRow, StoredPrices, cards_from
from storefront.services.card_markup import TEMPLATE, card_of
from storefront.templatetags.shop import shown_stars

# What authors may type, but for the private use area, whose characters stand in for values.
_TEXT = st.text(st.characters(exclude_categories=["Cs", "Co"]), max_size=40)


@given(
    listing=st.builds(
        lambda count, stars, **words: Listing(slug="lamp-7", rating_count=count, rating_sum=count * stars, **words),
        count=st.integers(0, 12_345),
        stars=st.integers(1, 5),
        title=_TEXT,
        byline=_TEXT,
        language=st.sampled_from(["en", "de", "pt-BR", ""]),
        cover=st.sampled_from([{}, {"320-webp": "a/b.webp"}, {"160-webp": "small.webp"}, {"320-webp": 'odd"&.webp'}]),
    )
)
def test_a_card_is_what_the_template_renders(listing: Listing) -> None:
    assert card_of(listing) == render_to_string(TEMPLATE, {"listing": listing, "mark": PRICE_MARK}).strip()


def test_stars_are_written_as_the_language_writes_them() -> None:
    listing = Listing(slug="lamp-7", title="A 4.3 </b> 4.3", rating_count=3, rating_sum=13, language="en")
    for language, shown in (("en", "4.3"), ("de", "4,3")):
        with translation.override(language):
            [card] = cards_from([CardRow(listing.slug, card_of(listing), StoredPrices(), None)])
            assert f"★</b> {shown} (3)" in card.html
            assert "A 4.3" in card.html
            assert shown_stars(listing.mean_stars) == shown


def test_a_title_and_names_run_as_their_script_does() -> None:
    for cover in ({}, {"320-webp": "a/b.webp"}):
        card = card_of(Listing(slug="migdalor", title="המגדלור!", byline="נעמי כהן", language="he", cover=cover))
        assert '<h3 dir="auto"><a href="/books/migdalor/" lang="he">המגדלור!</a></h3>' in card
        assert '<p class="by" dir="auto">נעמי כהן</p>' in card
        assert card.count('dir="auto"') == (2 if cover else 3)
