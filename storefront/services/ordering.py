"""How many found a review helpful, and the score that orders it among the others.

The count is of everybody who said so. The score goes by votes that count towards standing (selectors/standings.py):
accounts cost nothing, so that anybody could decide by them what stands first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from storefront import trust_rules
from storefront.models import FlagRule, HelpfulVote, Review, ReviewCase, ReviewFlag
from storefront.selectors import standings
from storefront.services import listings

_CHUNK = 500


def rescore(review: Review) -> None:
    """Reckon count and score of a locked review, and let cached pages of its book know."""
    review.helpful_count = HelpfulVote.objects.filter(review=review).count()
    people = standings.helpful_people([review.pk])[review.pk]
    review.helpful_score = _score(review, people, _against([review.pk])[review.pk])
    review.save(update_fields=["helpful_count", "helpful_score"])
    listings.touch_reviews(review.work_id)


def locked_between(one: int, other: int) -> list[Review]:
    """The two people's (primary keys) reviews that they found helpful of each other, locked: whether votes are mutual,
    and so count in full, may change for all of them at once. Their standings are locked."""
    votes = Q(user=one, review__user=other) | Q(user=other, review__user=one)
    return _locked(Review.objects.filter(pk__in=HelpfulVote.objects.filter(votes).values("review")))


def locked_votes_of(user_id: int) -> list[Review]:
    """The reviews that the person found helpful, locked. The standings of their writers are locked."""
    return _locked(Review.objects.filter(helpful_votes__user=user_id))


def rescore_everything() -> int:
    """Find scores that are wrong, as after a purchase that makes earlier votes count; how many had been."""
    people, against = standings.helpful_people(), _against()
    voted = Review.objects.filter(Exists(HelpfulVote.objects.filter(review=OuterRef("pk"))))
    rows = voted.order_by("pk").only("is_verified", "helpful_score").iterator(_CHUNK)
    wrong = [one.pk for one in rows if one.helpful_score != _score(one, people[one.pk], against[one.pk])]
    for start in range(0, len(wrong), _CHUNK):
        with transaction.atomic():
            for review in _locked(Review.objects.filter(pk__in=wrong[start : start + _CHUNK])):
                rescore(review)
    return len(wrong)


def _locked(reviews: QuerySet[Review]) -> list[Review]:
    return list(reviews.select_for_update(of=("self",)).order_by("pk"))


def _score(review: Review, people: int, against: int) -> int:
    return 1 + trust_rules.helpful_score(people, against) if review.is_verified else 0


def _against(reviews: Collection[int] | None = None) -> Counter[int]:
    """By review (primary key) the flags that count, and were not found wanting, and decisions. A word about spoilers is
    no word against the review."""
    flags = ReviewFlag.objects.filter(closed_at=None, weight__gt=0, review__isnull=False)
    cases = ReviewCase.objects.against().filter(review__isnull=False)
    found: Counter[int] = Counter()
    for rows in (flags.exclude(rule=FlagRule.SPOILER), cases):
        some = rows if reviews is None else rows.filter(review__in=reviews)
        found.update(dict(some.order_by().values_list("review").annotate(count=Count("pk"))))
    return found
