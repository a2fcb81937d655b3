"""The only writer of reviews: one per verified buyer and work, never by its makers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from common import clock
from common.errors import NotAllowed
from publishing.models import Work
from storefront import permissions
from storefront.errors import ReviewHidden
from storefront.models import CaseState, Fold, HelpfulVote, Review, ReviewCase
from storefront.services import listings as listing_services
from storefront.services import ordering, standings


class ReviewNotAllowed(NotAllowed):
    code = "review.not_allowed"
    message = "Reviews are for readers who bought the book here. Its makers cannot review it."


@transaction.atomic
def write_review(*, actor: User, work: Work, stars: int, title: str, body: str, at: datetime) -> Review:
    """Write the actor's review of the work, or change it. Raises ReviewNotAllowed, ReviewHidden."""
    if not permissions.may_review(actor, work):
        raise ReviewNotAllowed
    standings.lock({actor.pk})
    before = Review.objects.select_for_update().filter(work=work, user=actor).first()
    if before is not None and before.fold == Fold.HIDDEN:
        raise ReviewHidden
    values = {"stars": stars, "title": title, "body": body, "changed_at": at, "is_verified": True}
    review, _ = Review.objects.update_or_create(
        work=work, user=actor, defaults=values, create_defaults={**values, "created_at": at}
    )
    if before is not None and not before.is_verified:  # bought again
        ordering.rescore(review)
        standings.recount({actor.pk}, at=at)
    listing_services.refresh_rating(work)
    return review


@transaction.atomic
def withdraw_review(*, actor: User, work: Work) -> None:
    """Remove the actor's own review, if there is one, with what it earned. Raises ReviewHidden."""
    found = Review.objects.filter(work=work, user=actor).first()
    if found is None:
        return
    # Those who found it helpful: votes that were mutual may be so no more.
    people = {actor.pk, *HelpfulVote.objects.filter(review=found).values_list("user_id", flat=True)}
    standings.lock(people)
    review = Review.objects.select_for_update().filter(pk=found.pk).first()
    if review is None:  # two clicks
        return
    if review.fold == Fold.HIDDEN:
        raise ReviewHidden
    ReviewCase.objects.filter(review=review, state=CaseState.OPEN).update(state=CaseState.CLOSED)
    review.delete()
    standings.recount(people, at=clock.now())
    listing_services.refresh_rating(work)
