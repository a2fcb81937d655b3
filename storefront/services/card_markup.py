"""A listing's card as stored markup: the template of cards, read once for each shape a card can have.

A shop of a million books has a million cards. Django's templates are walked node by node for each of them; here the
template is rendered once for every shape (with a cover or without, in which language, with stars or without), stand-ins
where the values go, and later cards only put their own values in. What is written is what the template writes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape  # Django's says the same, and marks it as safe
from types import SimpleNamespace

from django.template.loader import render_to_string

from storefront.models import Listing
from storefront.selectors.cards import PRICE_MARK

TEMPLATE = "storefront/_card.html"
_COVER = "320-webp"
_VALUES = ("slug", "title", "byline", "cover", "mean_stars", "rating_count")
# Characters of the private use area, which mean nothing to anybody and which no escaping touches.
_STAND_INS = {name: chr(0xE000 + place) for place, name in enumerate(_VALUES)}
_PLACES = re.compile(f"([{''.join(_STAND_INS.values())}])")
_NAMES = {stand_in: name for name, stand_in in _STAND_INS.items()}


def card_of(listing: Listing) -> str:
    """The card's markup, with PRICE_MARK where the price goes."""
    cover, stars = str(listing.cover.get(_COVER, "")), listing.mean_stars
    values = {
        "slug": listing.slug,
        "title": escape(listing.title),
        "byline": escape(listing.byline),
        "cover": escape(cover),
        "mean_stars": stars,
        "rating_count": str(listing.rating_count),
    }
    parts = _shape(listing.language, has_cover=bool(cover), has_stars=bool(stars))
    return "".join(values.get(name, text) for text, name in parts)


@lru_cache(maxsize=512)
def _shape(language: str, *, has_cover: bool, has_stars: bool) -> tuple[tuple[str, str], ...]:
    """The template's text in pieces: (text, "") for what every such card says, ("", name) where a value goes."""
    listing = SimpleNamespace(
        slug=_STAND_INS["slug"],
        title=_STAND_INS["title"],
        byline=_STAND_INS["byline"],
        language=language,
        cover={_COVER: _STAND_INS["cover"]} if has_cover else {},
        mean_stars=_STAND_INS["mean_stars"] if has_stars else "",
        rating_count=_STAND_INS["rating_count"],
    )
    markup = render_to_string(TEMPLATE, {"listing": listing, "mark": PRICE_MARK}).strip()
    return tuple(("", _NAMES[part]) if part in _NAMES else (part, "") for part in _PLACES.split(markup) if part)
