"""How many found a review helpful, and the score that orders it among the others.

The count is of everybody who said so. The score goes by votes that count towards standing (selectors/standings.py):
accounts cost nothing, so that anybody could decide by them what stands first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings
from storefront.community import trust_rules
from storefront.community.models import FlagRule, HelpfulVote, Review, ReviewCase, ReviewFlag
from storefront.community.selectors import standings

_CHUNK = 500


def rescore(review: Review) -> None:
    """Reckon count and score of a locked review, and let cached pages of its book know, whatever changed there."""
    _reckon([review])
    listings.touch_reviews(review.work_id)


def rescore_all(reviews: Collection[Review], *, also: Collection[int] = ()) -> None:
    """Reckon counts and scores of locked reviews, and let cached pages of books know where one changed: in as many
    queries however many they are. `also` are works (primary keys) of which something else changed."""
    works = {review.work_id for review in _reckon(reviews)} | set(also)
    # All rows at once, by key: whoever else locks several does so in that order.
    list(Listing.objects.select_for_update(no_key=True).filter(work__in=works).order_by("pk").values_list("pk"))
    listings.touch_reviews(*works)


def locked_between(review: Review, users: Collection[int]) -> list[Review]:
    """The review, if it is still there, with those that these people (primary keys) and its writer found helpful of
    each other, locked: whether votes are mutual, and so count in full, may change for all of them at once. The
    standings of all are locked."""
    one = review.user_id
    votes = HelpfulVote.objects.filter(Q(user=one, review__user__in=users) | Q(user__in=users, review__user=one))
    return _locked({review.pk, *votes.values_list("review", flat=True)})


def locked_votes_of(user_id: int) -> list[Review]:
    """The reviews that the person found helpful, locked. The standings of their writers are locked."""
    return _locked(HelpfulVote.objects.filter(user=user_id).values_list("review", flat=True))


def locked_around(user_id: int) -> list[Review]:
    """The same, and the person's own."""
    own = Review.objects.filter(user=user_id).values_list("pk", flat=True)
    return _locked({*own, *HelpfulVote.objects.filter(user=user_id).values_list("review", flat=True)})


def rescore_everything() -> int:
    """Find scores that are wrong, as after a purchase that makes earlier votes count; how many had been.

    Each by itself: whoever held several would keep readers who vote, and be kept, in another order.
    """
    people, against = standings.helpful_people(), _against()
    voted = Review.objects.filter(Exists(HelpfulVote.objects.filter(review=OuterRef("pk"))))
    rows = voted.order_by("pk").only("is_verified", "helpful_score").iterator(_CHUNK)
    wrong = [one.pk for one in rows if one.helpful_score != _score(one, people[one.pk], against[one.pk])]
    for pk in wrong:
        with transaction.atomic():
            rescore_all(_locked([pk]))
    return len(wrong)


def _reckon(reviews: Collection[Review]) -> list[Review]:
    """Those of the reviews of which something else is stored now."""
    keys = [review.pk for review in reviews]
    votes = HelpfulVote.objects.filter(review__in=keys).order_by().values_list("review")
    counts = Counter[int](dict(votes.annotate(count=Count("pk"))))
    people, against = standings.helpful_people(keys), _against(keys)
    changed = []
    for review in reviews:
        found = counts[review.pk], _score(review, people[review.pk], against[review.pk])
        if found != (review.helpful_count, review.helpful_score):
            review.helpful_count, review.helpful_score = found
            changed.append(review)
    Review.objects.bulk_update(changed, ["helpful_count", "helpful_score"], batch_size=_CHUNK)
    return changed


def _locked(keys: Iterable[int]) -> list[Review]:
    """All by one statement, in order: two that lock some of the same reviews by several would wait for each other."""
    reviews = Review.objects.select_related("work").filter(pk__in=list(keys))
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
