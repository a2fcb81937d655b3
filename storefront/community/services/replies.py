"""What authors say to reviews of their books."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.errors import NotAllowed
from storefront.catalogue.services import listings
from storefront.community import permissions
from storefront.community.models import Review, ReviewReply
from storefront.community.services import flags, reply_flags


class ReplyNotAllowed(NotAllowed):
    code = "reply.not_allowed"
    message = _(
        "One reply stands below a review: of the book's owner or one of its authors, and changed by nobody else."
    )


class ReplyHeld(NotAllowed):
    code = "reply.held"
    message = _(
        "A moderator is to look at the reply, or has folded it. Until that is over it can neither be changed nor "
        "removed; if you think that a decision was wrong, appeal, and a second person looks at it."
    )


@transaction.atomic
def write_reply(*, actor: User, review: Review, body: str, at: datetime) -> ReviewReply:
    """Write the reply, or change one's own; the reviewer is told of the first.

    Raises ReplyNotAllowed, ReplyHeld.
    """
    review = flags.locked(review)
    check_reply(actor, review)
    reply, is_new = ReviewReply.objects.update_or_create(
        review=review,
        defaults={"body": body.strip(), "changed_at": at},
        create_defaults={"author": actor, "body": body.strip(), "created_at": at, "changed_at": at},
    )
    listings.touch_reviews(review.work_id)
    if is_new:
        reply_flags.take_up(reply)
        jobs.enqueue("community.mail_reply", reply_id=reply.pk)
    return reply


@transaction.atomic
def remove_reply(*, actor: User, review: Review) -> None:
    """Take the reply away, if there is one. Raises ReplyNotAllowed, ReplyHeld."""
    review = flags.locked(review)
    reply = ReviewReply.objects.select_related("review__work").filter(review=review).first()
    if reply is None:
        return
    if not permissions.may_remove_reply(actor, reply):
        raise _refusal(actor, reply)
    reply_flags.keep_for_next(reply)
    reply.delete()
    account_services.record_audit(actor=actor, verb="reply.removed", subject=review)
    listings.touch_reviews(review.work_id)


def check_reply(actor: User, review: Review) -> None:
    """Raises ReplyNotAllowed, or ReplyHeld, unless the actor may write the reply or change it."""
    if not permissions.may_reply(actor, review):
        raise _refusal(actor, ReviewReply.objects.select_related("review__work").filter(review=review).first())


def _refusal(actor: User, reply: ReviewReply | None) -> NotAllowed:
    if reply is not None and permissions.is_behind_reply(actor, reply) and permissions.is_reply_held(reply):
        return ReplyHeld()
    return ReplyNotAllowed()
