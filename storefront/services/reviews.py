"""The only writer of reviews: one per verified buyer and work, never by its makers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.errors import NotAllowed
from publishing.models import Work
from storefront import permissions
from storefront.models import Review
from storefront.services import listings as listing_services


class ReviewNotAllowed(NotAllowed):
    code = "review.not_allowed"
    message = "Reviews are for readers who bought the book here. Its makers cannot review it."


@transaction.atomic
def write_review(*, actor: User, work: Work, stars: int, title: str, body: str, at: datetime) -> Review:
    """Write the actor's review of the work, or change it. Raises ReviewNotAllowed."""
    if not permissions.may_review(actor, work):
        raise ReviewNotAllowed
    values = {"stars": stars, "title": title, "body": body, "changed_at": at}
    review, _ = Review.objects.update_or_create(
        work=work, user=actor, defaults=values, create_defaults={**values, "created_at": at}
    )
    listing_services.refresh_rating(work)
    return review


@transaction.atomic
def withdraw_review(*, actor: User, work: Work) -> None:
    """Remove the actor's own review, if there is one."""
    if Review.objects.filter(work=work, user=actor).delete()[0]:
        listing_services.refresh_rating(work)
