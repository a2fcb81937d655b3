"""Found helpful: once for each person and review, and to be taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import NotAllowed
from storefront import permissions
from storefront.models import HelpfulVote, Review
from storefront.services import flags, ordering, standings


class VoteNotAllowed(NotAllowed):
    code = "vote.not_allowed"
    message = _("Neither whoever wrote a review nor whoever made the book can find it helpful.")


@transaction.atomic
def mark_helpful(*, actor: User, review: Review, at: datetime) -> Review:
    """Note that the actor found the review helpful. Safe to repeat. Raises VoteNotAllowed."""
    review, others = _locked(actor, review)
    HelpfulVote.objects.get_or_create(review=review, user=actor, defaults={"created_at": at})
    return _counted(actor, review, others, at)


@transaction.atomic
def take_back(*, actor: User, review: Review, at: datetime) -> Review:
    """Take the actor's vote back, if there is one. Raises VoteNotAllowed."""
    review, others = _locked(actor, review)
    HelpfulVote.objects.filter(review=review, user=actor).delete()
    return _counted(actor, review, others, at)


def _locked(actor: User, review: Review) -> tuple[Review, list[Review]]:
    """Standings of both first (theirs may change together: `mutual`), then the review, which may just be taken off, and
    the other ones for which the two have voted.
    """
    standings.lock({actor.pk, review.user_id})
    review = flags.locked(review)
    if not permissions.may_mark_helpful(actor, review):
        raise VoteNotAllowed
    others = ordering.locked_between(actor.pk, review.user_id)
    return review, [other for other in others if other.pk != review.pk]


def _counted(actor: User, review: Review, others: list[Review], at: datetime) -> Review:
    for one in (review, *others):
        ordering.rescore(one)
    standings.recount({actor.pk, review.user_id}, at=at)
    return review
