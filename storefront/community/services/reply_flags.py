"""Flags on replies: a case opens, and a moderator decides.

Flags never collapse a reply, since a review has only one. Flags that would be enough to collapse a review prevent the
author from changing or removing the reply until the decision.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts import restrictions
from accounts.models import User
from accounts.restrictions import Activity
from common.errors import NotAllowed, NotFound
from storefront.catalogue.services import listings
from storefront.community import permissions
from storefront.community.models import (
    CaseOutcome,
    CaseState,
    FlagRule,
    Fold,
    Review,
    ReviewCase,
    ReviewFlag,
    ReviewReply,
)
from storefront.community.services import flag_reports, review_flags


class ReplyFlagNotAllowed(NotAllowed):
    code = "flag.reply_not_allowed"
    message = _("You cannot flag your own reply, or one that has been removed.")


@transaction.atomic
def flag_reply(*, actor: User, review: Review, rule: FlagRule, note: str, at: datetime) -> ReviewFlag:
    """Flag the reply as breaking a rule, once, and open a case. Raises NotFound, ReplyFlagNotAllowed,
    NoticesSuspended."""
    review = review_flags.lock_review(review)
    check_flag(actor, review)
    restrictions.require(actor, Activity.NOTICES, at)
    reply = _reply_of(review)
    weight = permissions.flag_weight(actor, reply.review)
    flag, is_new = ReviewFlag.objects.get_or_create(
        reply=reply, user=actor, defaults={"rule": rule, "note": note.strip(), "weight": weight, "created_at": at}
    )
    if is_new:
        case, _is_new = ReviewCase.objects.get_or_create(
            reply=reply,
            state=CaseState.OPEN,
            defaults={"is_reply": True, "work": reply.review.work, "writer_id": reply.author_id, "opened_at": at},
        )
        flag_reports.write(actor=actor, case=case, rule=rule, note=note, at=at)
    return flag


@transaction.atomic
def take_back_flag(*, actor: User, review: Review) -> None:
    """Withdraw the actor's flag while nobody has decided; close a case that has no flags left. Raises NotFound."""
    reply = _reply_of(review_flags.lock_review(review))
    ReviewFlag.objects.filter(reply=reply, user=actor, closed_at=None).delete()
    flag_reports.take_back(actor=actor, case__reply=reply)
    if not reply.flags.filter(closed_at=None).exists():
        open_cases = ReviewCase.objects.filter(reply=reply, state=CaseState.OPEN)
        open_cases.exclude(reports__complaint_on__isnull=False).update(state=CaseState.CLOSED)


def park_case(reply: ReviewReply) -> None:
    """Keep the open case and flags of a locked reply that is about to be removed for its writer's next reply there."""
    case = ReviewCase.objects.select_for_update().filter(reply=reply, state=CaseState.OPEN).first()
    if case is not None:
        reply.flags.filter(closed_at=None).update(reply=None, case=case)
        case.state, case.review, case.reply = CaseState.CLOSED, reply.review, None
        case.save(update_fields=["state", "review", "reply"])


def reopen_case(reply: ReviewReply) -> None:
    """Reopen a case that waited for a new reply, so that nobody avoids a decision by removing and rewriting a reply."""
    kept = ReviewFlag.objects.filter(case=OuterRef("pk"))
    waiting = ReviewCase.objects.filter(Exists(kept), is_reply=True, review=reply.review, reply=None)
    for case in waiting.filter(writer=reply.author, state=CaseState.CLOSED).select_for_update():
        case.kept_flags.update(reply=reply, case=None)
        case.state, case.review, case.reply = CaseState.OPEN, None, reply
        case.save(update_fields=["state", "review", "reply"])


def update_visibility(reply: ReviewReply) -> None:
    """Hide, collapse or show a locked reply according to the decisions in force."""
    outcomes = set(ReviewCase.objects.in_force().filter(reply=reply).values_list("outcome", flat=True))
    reply.fold = Fold.NONE
    if CaseOutcome.HIDE in outcomes:
        reply.fold = Fold.HIDDEN
    elif CaseOutcome.SPOILER in outcomes:
        reply.fold = Fold.SPOILER
    reply.save(update_fields=["fold"])
    listings.bump_reviews_version(reply.review.work_id)


def check_flag(actor: User, review: Review) -> None:
    """Raise NotFound if there is no reply, ReplyFlagNotAllowed unless the actor may flag it."""
    if not permissions.may_flag_reply(actor, _reply_of(review)):
        raise ReplyFlagNotAllowed


def _reply_of(review: Review) -> ReviewReply:
    """Return the reply. Writing and removing it require the lock of its review. Raises NotFound."""
    reply = ReviewReply.objects.filter(review=review).first()
    if reply is None:
        raise NotFound
    reply.review = review
    return reply
