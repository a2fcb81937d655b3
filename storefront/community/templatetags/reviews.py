"""Template tags that render reviews, the same for everybody."""

from __future__ import annotations

from django import template

from storefront.community.models import Review
from storefront.community.selectors import reviews as review_selectors
from storefront.community.selectors.reviews import ReviewCard

register = template.Library()


@register.inclusion_tag("community/_review.html")
def review_article(review: Review | ReviewCard, *, alone: bool = False) -> dict[str, object]:
    """Render a review: {% review_article review %}. `alone=True` omits the buttons, for the review's own page."""
    shown = review if isinstance(review, ReviewCard) else review_selectors.shown(review)
    return {"review": shown, "is_alone": alone}
