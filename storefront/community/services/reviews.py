"""Writes and removes reviews: one for each work and verified buyer or reader of an advance copy, never by its
contributors."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import restrictions
from accounts.models import User
from accounts.restrictions import Activity
from common import clock
from common.errors import NotAllowed
from publishing.models import Work
from storefront.checkout import given_copies
from storefront.community import permissions
from storefront.community.errors import ReviewHidden
from storefront.community.models import CaseState, Fold, HelpfulVote, Review, ReviewCase, ReviewFlag
from storefront.community.services import collapses, ratings, review_flags, review_sorting, standings


class ReviewNotAllowed(NotAllowed):
    code = "review.not_allowed"
    message = _("Only readers who bought the book here can review it. People who worked on it cannot.")


@transaction.atomic
def write_review(*, actor: User, work: Work, stars: int, title: str, body: str, at: datetime) -> Review:
    """Write the actor's review of the work, or change it. Raises ReviewNotAllowed, ReviewHidden, PostingSuspended."""
    if not permissions.may_review(actor, work):
        raise ReviewNotAllowed
    restrictions.require(actor, Activity.POSTING, at)
    standings.lock({actor.pk})
    before = Review.objects.select_for_update().filter(work=work, user=actor).first()
    if before is not None and before.fold == Fold.HIDDEN:
        raise ReviewHidden
    is_verified = permissions.has_kept(actor, work)
    values = {"stars": stars, "title": title, "body": body, "changed_at": at, "is_verified": is_verified}
    values["is_advance"] = given_copies.was_given(actor, work)
    new = {**values, "created_at": at, "helpful_score": int(is_verified)}
    review, is_new = Review.objects.update_or_create(work=work, user=actor, defaults=values, create_defaults=new)
    if is_new:
        _take_up_cases(review)
    if before is not None and before.is_verified != is_verified:  # bought, or bought again
        review_sorting.rescore(review)
        standings.recount({actor.pk}, at=at)
    ratings.refresh(work)
    return review


@transaction.atomic
def withdraw_review(*, actor: User, work: Work) -> None:
    """Remove the actor's review, if there is one, with the points it earned. Decisions about it, and undecided flags,
    are kept for a next review of the work. Raises ReviewHidden.
    """
    found = Review.objects.filter(work=work, user=actor).first()
    if found is None:
        return
    _remove(found, with_hidden=False)


@transaction.atomic
def delete_review(review: Review) -> None:
    """Remove the review with its writer's account, even if a moderator had removed it. Safe to repeat."""
    _remove(review, with_hidden=True)


def _remove(found: Review, *, with_hidden: bool) -> None:
    # Include those who found it helpful: their mutual votes may no longer be mutual.
    people = {found.user_id, *HelpfulVote.objects.filter(review=found).values_list("user_id", flat=True)}
    standings.lock(people)
    locked = {one.pk: one for one in review_sorting.locked_between(found, people)}
    review = locked.pop(found.pk, None)
    if review is None:  # clicked twice
        return
    if review.fold == Fold.HIDDEN and not with_hidden:
        raise ReviewHidden
    case = ReviewCase.objects.select_for_update().filter(review=review, state=CaseState.OPEN).first()
    if case is not None:
        review.flags.filter(closed_at=None).update(review=None, case=case)
        case.state = CaseState.CLOSED
        case.save(update_fields=["state"])
    collapses.end(review, at=clock.now())
    ReviewCase.objects.filter(reply__review=review, state=CaseState.OPEN).update(state=CaseState.CLOSED)
    review.delete()
    review_sorting.rescore_all(list(locked.values()), also={found.work_id})
    standings.recount(people, at=clock.now())
    ratings.refresh(found.work)


def _take_up_cases(review: Review) -> None:
    """Apply decisions about a withdrawn review of the work to the new one, and reopen an undecided case.

    Otherwise, withdrawing and rewriting would expand any collapsed review.
    """
    cases = ReviewCase.objects.filter(
        writer=review.user_id, work=review.work_id, is_reply=False, reported="", review=None
    )
    found = list(cases.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not found:
        return
    kept = ReviewFlag.objects.filter(case__in=found)
    undecided = set(kept.values_list("case", flat=True))
    kept.update(review=review, case=None)
    ReviewCase.objects.filter(pk__in=found).update(review=review)
    ReviewCase.objects.filter(pk__in=undecided).update(state=CaseState.OPEN)
    review_flags.update_visibility(review)
