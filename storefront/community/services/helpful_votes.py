"""Helpful votes: one for each person and review, which can be undone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import NotAllowed, NotFound
from storefront.community import permissions
from storefront.community.models import HelpfulVote, Review
from storefront.community.services import review_sorting, standings


class VoteNotAllowed(NotAllowed):
    code = "vote.not_allowed"
    message = _("You cannot mark your own review as helpful, or a review of a book you worked on.")


@transaction.atomic
def mark_helpful(*, actor: User, review: Review, at: datetime) -> Review:
    """Record that the actor found the review helpful. Safe to repeat. Raises VoteNotAllowed."""
    review, reviews = _locked(actor, review)
    HelpfulVote.objects.get_or_create(review=review, user=actor, defaults={"created_at": at})
    return _counted(actor, review, reviews, at)


@transaction.atomic
def take_back(*, actor: User, review: Review, at: datetime) -> Review:
    """Remove the actor's vote, if there is one. Raises VoteNotAllowed."""
    review, reviews = _locked(actor, review)
    HelpfulVote.objects.filter(review=review, user=actor).delete()
    return _counted(actor, review, reviews, at)


def _locked(actor: User, review: Review) -> tuple[Review, list[Review]]:
    """Lock the standings of voter and writer, which may both change (`mutual`), then the review, which may just be
    removed, together with the other reviews for which the two have voted for each other.

    Raises NotFound, VoteNotAllowed.
    """
    standings.lock({actor.pk, review.user_id})
    found = {one.pk: one for one in review_sorting.locked_between(review, {actor.pk})}
    if review.pk not in found:  # withdrawn in the meantime
        raise NotFound
    if not permissions.may_mark_helpful(actor, found[review.pk]):
        raise VoteNotAllowed
    return found[review.pk], list(found.values())


def _counted(actor: User, review: Review, reviews: list[Review], at: datetime) -> Review:
    review_sorting.rescore_all(reviews)
    standings.recount({actor.pk, review.user_id}, at=at)
    return review
