"""Reviews as markup. A page shows up to twenty, the same for everybody, so each is rendered once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from storefront.models import Review, ReviewReply, Standing

register = template.Library()


@dataclass(frozen=True, slots=True)
class ShownReview:
    """All that `_review.html` says of a review: what is equal looks equal. `level` and `rule` are words."""

    public_id: str
    writer: str
    level: str
    stars: int
    title: str
    body: str
    fold: str
    rule: str
    is_verified: bool
    helpful_count: int
    day: date
    replier: str
    reply: str
    reply_day: date | None
    reply_changed_day: date | None


@register.simple_tag
def review_article(review: Review, *, alone: bool = False) -> SafeString:
    """{% review_article review %}: with buttons; `alone=True` on a page of its own, which has those below."""
    return _markup(_shown(review), get_language() or "en", alone)


@lru_cache(maxsize=4096)
def _markup(review: ShownReview, _language: str, is_alone: bool) -> SafeString:  # a part of the key
    return render_to_string("storefront/_review.html", {"review": review, "is_alone": is_alone})


def _shown(review: Review) -> ShownReview:
    standing: Standing | None = getattr(review.user, "standing", None)
    reply: ReviewReply | None = getattr(review, "reply", None)
    return ShownReview(
        public_id=review.public_id,
        writer=review.user.display_name,
        level=str(standing.level) if standing else "",
        stars=review.stars,
        title=review.title,
        body=review.body,
        fold=review.fold,
        rule=str(review.get_fold_rule_display()),
        is_verified=review.is_verified,
        helpful_count=review.helpful_count,
        day=review.created_at.date(),
        replier=reply.author.display_name if reply else "",
        reply=reply.body if reply else "",
        reply_day=reply.created_at.date() if reply else None,
        reply_changed_day=reply.changed_at.date() if reply and reply.changed_at != reply.created_at else None,
    )
