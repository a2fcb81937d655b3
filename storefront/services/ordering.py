"""How many found a review helpful, and the score that orders it among the others."""

from __future__ import annotations

from storefront import trust_rules
from storefront.models import FlagRule, HelpfulVote, Review, ReviewCase, ReviewFlag
from storefront.services import listings


def rescore(review: Review) -> None:
    """Reckon count and score of a locked review, and let cached pages of its book know."""
    review.helpful_count = HelpfulVote.objects.filter(review=review).count()
    review.helpful_score = 0
    if review.is_verified:
        review.helpful_score = 1 + trust_rules.helpful_score(review.helpful_count, _against(review))
    review.save(update_fields=["helpful_count", "helpful_score"])
    listings.touch_reviews(review.work_id)


def _against(review: Review) -> int:
    """Flags that count, and were not found wanting. A word about spoilers is no word against the review."""
    flags = ReviewFlag.objects.filter(closed_at=None, review=review, weight__gt=0)
    return flags.exclude(rule=FlagRule.SPOILER).count() + ReviewCase.objects.against().filter(review=review).count()
