"""How many people found a review helpful, and the score that orders a work's reviews.

The count includes everybody who voted. The score only uses votes that count towards standing (selectors/standings.py):
accounts are free, so otherwise anybody could decide which review comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings
from storefront.community import standing_rules
from storefront.community.models import FlagRule, HelpfulVote, Review, ReviewCase, ReviewFlag
from storefront.community.selectors import standings

_CHUNK = 500


def rescore(review: Review) -> None:
    """Recalculate count and score of a locked review, and invalidate its book's cached pages even if neither
    changed."""
    _update_scores([review])
    listings.bump_reviews_version(review.work_id)


def rescore_all(reviews: Collection[Review], *, also: Collection[int] = ()) -> None:
    """Recalculate counts and scores of locked reviews, and invalidate the cached pages of books where one changed.

    The number of queries does not depend on the number of reviews. `also` are works (primary keys) of which something
    else changed.
    """
    works = {review.work_id for review in _update_scores(reviews)} | set(also)
    # Lock all rows at once, ordered by key, as everywhere else: this avoids deadlocks.
    list(Listing.objects.select_for_update(no_key=True).filter(work__in=works).order_by("pk").values_list("pk"))
    listings.bump_reviews_version(*works)


def locked_between(review: Review, users: Collection[int]) -> list[Review]:
    """Lock the review, if it still exists, and the reviews for which its writer and these people (primary keys) voted
    for each other: whether those votes are mutual, and so count in full, may change for all of them at once.

    The caller has locked the standings of all of them.
    """
    one = review.user_id
    votes = HelpfulVote.objects.filter(Q(user=one, review__user__in=users) | Q(user__in=users, review__user=one))
    return _locked({review.pk, *votes.values_list("review", flat=True)})


def locked_votes_of(user_id: int) -> list[Review]:
    """Lock and return the reviews the person found helpful. The caller has locked the standings of their writers."""
    return _locked(HelpfulVote.objects.filter(user=user_id).values_list("review", flat=True))


def locked_around(user_id: int) -> list[Review]:
    """Lock and return the reviews the person found helpful and the person's own."""
    own = Review.objects.filter(user=user_id).values_list("pk", flat=True)
    return _locked({*own, *HelpfulVote.objects.filter(user=user_id).values_list("review", flat=True)})


def rescore_everything() -> int:
    """Correct scores that are wrong, for example after a purchase that makes earlier votes count; return how many were.

    Each review has a transaction of its own: holding several locks would make voters wait, in a different lock order.
    """
    people, against = standings.helpful_voter_counts(), _against()
    voted = Review.objects.filter(Exists(HelpfulVote.objects.filter(review=OuterRef("pk"))))
    rows = voted.order_by("pk").only("is_verified", "helpful_score").iterator(_CHUNK)
    wrong = [one.pk for one in rows if one.helpful_score != _score(one, people[one.pk], against[one.pk])]
    for pk in wrong:
        with transaction.atomic():
            rescore_all(_locked([pk]))
    return len(wrong)


def _update_scores(reviews: Collection[Review]) -> list[Review]:
    """Recalculate the reviews and return those of which the stored values changed."""
    keys = [review.pk for review in reviews]
    votes = HelpfulVote.objects.filter(review__in=keys).order_by().values_list("review")
    counts = Counter[int](dict(votes.annotate(count=Count("pk"))))
    people, against = standings.helpful_voter_counts(keys), _against(keys)
    changed = []
    for review in reviews:
        found = counts[review.pk], _score(review, people[review.pk], against[review.pk])
        if found != (review.helpful_count, review.helpful_score):
            review.helpful_count, review.helpful_score = found
            changed.append(review)
    Review.objects.bulk_update(changed, ["helpful_count", "helpful_score"], batch_size=_CHUNK)
    return changed


def _locked(keys: Iterable[int]) -> list[Review]:
    """Lock reviews in one statement, ordered by key: with several statements, two callers could wait for each other."""
    reviews = Review.objects.select_related("work").filter(pk__in=list(keys))
    return list(reviews.select_for_update(of=("self",)).order_by("pk"))


def _score(review: Review, people: int, against: int) -> int:
    return 1 + standing_rules.helpful_score(people, against) if review.is_verified else 0


def _against(reviews: Collection[int] | None = None) -> Counter[int]:
    """Count, by review (primary key), the open flags with weight and the decisions against it. Spoiler flags do not
    count against a review."""
    flags = ReviewFlag.objects.filter(closed_at=None, weight__gt=0, review__isnull=False)
    cases = ReviewCase.objects.against().filter(review__isnull=False)
    found: Counter[int] = Counter()
    for rows in (flags.exclude(rule=FlagRule.SPOILER), cases):
        some = rows if reviews is None else rows.filter(review__in=reviews)
        found.update(dict(some.order_by().values_list("review").annotate(count=Count("pk"))))
    return found
