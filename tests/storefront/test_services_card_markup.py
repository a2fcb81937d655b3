"""Cards put together from the template's pieces are those that the template renders."""

from __future__ import annotations

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from storefront.models import Listing
from storefront.selectors.cards import PRICE_MARK
from storefront.services.card_markup import TEMPLATE, card_of

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
