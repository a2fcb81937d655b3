"""Reviews as markup, the same for everybody."""

from __future__ import annotations

from django import template

from storefront.community.models import Review
from storefront.community.selectors import reviews as review_selectors
from storefront.community.selectors.reviews import ShownReview

register = template.Library()


@register.inclusion_tag("community/_review.html")
def review_article(review: Review | ShownReview, *, alone: bool = False) -> dict[str, object]:
    """{% review_article review %}: with buttons; `alone=True` on a page of its own, which has those below."""
    shown = review if isinstance(review, ShownReview) else review_selectors.shown(review)
    return {"review": shown, "is_alone": alone}
