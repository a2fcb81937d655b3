"""Found helpful: once for each person and review, and to be taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import NotAllowed, NotFound
from storefront.community import permissions
from storefront.community.models import HelpfulVote, Review
from storefront.community.services import ordering, standings


class VoteNotAllowed(NotAllowed):
    code = "vote.not_allowed"
    message = _("Neither whoever wrote a review nor whoever made the book can find it helpful.")


@transaction.atomic
def mark_helpful(*, actor: User, review: Review, at: datetime) -> Review:
    """Note that the actor found the review helpful. Safe to repeat. Raises VoteNotAllowed."""
    review, reviews = _locked(actor, review)
    HelpfulVote.objects.get_or_create(review=review, user=actor, defaults={"created_at": at})
    return _counted(actor, review, reviews, at)


@transaction.atomic
def take_back(*, actor: User, review: Review, at: datetime) -> Review:
    """Take the actor's vote back, if there is one. Raises VoteNotAllowed."""
    review, reviews = _locked(actor, review)
    HelpfulVote.objects.filter(review=review, user=actor).delete()
    return _counted(actor, review, reviews, at)


def _locked(actor: User, review: Review) -> tuple[Review, list[Review]]:
    """Standings of both first (theirs may change together: `mutual`), then the review, which may just be taken off,
    together with the other ones for which the two have voted. Raises NotFound, VoteNotAllowed.
    """
    standings.lock({actor.pk, review.user_id})
    found = {one.pk: one for one in ordering.locked_between(review, {actor.pk})}
    if review.pk not in found:  # withdrawn meanwhile
        raise NotFound
    if not permissions.may_mark_helpful(actor, found[review.pk]):
        raise VoteNotAllowed
    return found[review.pk], list(found.values())


def _counted(actor: User, review: Review, reviews: list[Review], at: datetime) -> Review:
    ordering.rescore_all(reviews)
    standings.recount({actor.pk, review.user_id}, at=at)
    return review
