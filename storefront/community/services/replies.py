"""Authors' replies to reviews of their books."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from accounts.restrictions import Activity
from common import jobs
from common.errors import NotAllowed
from storefront.catalogue.services import listings
from storefront.community import permissions
from storefront.community.models import Review, ReviewReply
from storefront.community.services import reply_flags, review_flags


class ReplyNotAllowed(NotAllowed):
    code = "reply.not_allowed"
    message = _(
        "A review can have one reply, from the book’s owner or one of its authors. Only the person who wrote it can "
        "change it."
    )


class ReplyHeld(NotAllowed):
    code = "reply.held"
    message = _(
        "A moderator still has to look at the reply, or has collapsed or removed it. Until this is settled, you cannot "
        "change or remove it. If you think a decision is wrong, appeal, and a second person will look at it."
    )


@transaction.atomic
def write_reply(*, actor: User, review: Review, body: str, at: datetime) -> ReviewReply:
    """Write the reply, or change the actor's own. The reviewer is notified of the first version only.

    Raises ReplyNotAllowed, ReplyHeld, PostingSuspended.
    """
    review = review_flags.lock_review(review)
    check_reply(actor, review)
    restrictions.require(actor, Activity.POSTING, at)
    reply, is_new = ReviewReply.objects.update_or_create(
        review=review,
        defaults={"body": body.strip(), "changed_at": at},
        create_defaults={"author": actor, "body": body.strip(), "created_at": at, "changed_at": at},
    )
    listings.bump_reviews_version(review.work_id)
    if is_new:
        reply_flags.reopen_case(reply)
        jobs.enqueue("community.mail_reply", reply_id=reply.pk)
    return reply


@transaction.atomic
def remove_reply(*, actor: User, review: Review) -> None:
    """Remove the reply, if there is one. Raises ReplyNotAllowed, ReplyHeld."""
    review = review_flags.lock_review(review)
    reply = ReviewReply.objects.select_related("review__work").filter(review=review).first()
    if reply is None:
        return
    if not permissions.may_remove_reply(actor, reply):
        raise _refusal(actor, reply)
    reply_flags.park_case(reply)
    reply.delete()
    account_services.record_audit(actor=actor, verb="reply.removed", subject=review)
    listings.bump_reviews_version(review.work_id)


def check_reply(actor: User, review: Review) -> None:
    """Raise ReplyNotAllowed or ReplyHeld unless the actor may write or change the reply."""
    if not permissions.may_reply(actor, review):
        raise _refusal(actor, ReviewReply.objects.select_related("review__work").filter(review=review).first())


def _refusal(actor: User, reply: ReviewReply | None) -> NotAllowed:
    if reply is not None and permissions.is_behind_reply(actor, reply) and permissions.is_reply_held(reply):
        return ReplyHeld()
    return ReplyNotAllowed()
