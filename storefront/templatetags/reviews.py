"""Reviews as markup. A page shows up to twenty, the same for everybody, so each is rendered once and kept."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from storefront.models import Review
from storefront.selectors import reviews as review_selectors
from storefront.selectors.reviews import ShownReview

register = template.Library()


@register.simple_tag
def review_article(review: Review | ShownReview, *, alone: bool = False) -> SafeString:
    """{% review_article review %}: with buttons; `alone=True` on a page of its own, which has those below."""
    shown = review if isinstance(review, ShownReview) else review_selectors.shown(review)
    return _markup(shown, get_language() or "en", get_script_prefix(), alone)


@lru_cache(maxsize=4096)
def _markup(review: ShownReview, _language: str, _region: str, is_alone: bool) -> SafeString:
    # The language and the region's prefix, with which the links begin, are parts of the key.
    return render_to_string("storefront/_review.html", {"review": review, "is_alone": is_alone})
