"""Flags and vouches: readers collapse a review and expand it again, until a moderator decides."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts import restrictions
from accounts.models import User
from accounts.restrictions import Activity
from common import clock
from common.errors import NotAllowed, NotFound
from storefront.community import permissions, standing_rules
from storefront.community.models import (
    AppealOutcome,
    CaseOutcome,
    CaseState,
    FlagRule,
    Fold,
    Review,
    ReviewCase,
    ReviewFlag,
    ReviewVouch,
)
from storefront.community.services import collapses, flag_reports, review_sorting


class FlagNotAllowed(NotAllowed):
    code = "flag.not_allowed"
    message = _("You cannot flag your own review, or one that has been removed.")


class VouchNotAllowed(NotAllowed):
    code = "vouch.not_allowed"
    message = _("Readers with enough standing can vouch for someone else’s collapsed review until a moderator decides.")


@transaction.atomic
def flag_review(*, actor: User, review: Review, rule: FlagRule, note: str, at: datetime) -> ReviewFlag:
    """Flag the review as breaking a rule, once, and open a case. Raises FlagNotAllowed, NoticesSuspended."""
    review = lock_review(review)
    check_flag(actor, review)
    restrictions.require(actor, Activity.NOTICES, at)
    weight = permissions.flag_weight(actor, review)
    flag, is_new = ReviewFlag.objects.get_or_create(
        review=review,
        user=actor,
        defaults={"rule": rule, "note": note.strip(), "weight": weight, "created_at": at},
    )
    if is_new:
        ReviewVouch.objects.filter(review=review, user=actor, closed_at=None).delete()
        case, _is_new = ReviewCase.objects.get_or_create(
            review=review,
            state=CaseState.OPEN,
            defaults={"work": review.work, "writer_id": review.user_id, "opened_at": at},
        )
        flag_reports.write(actor=actor, case=case, rule=rule, note=note, at=at)
        update_visibility(review)
    return flag


@transaction.atomic
def take_back_flag(*, actor: User, review: Review) -> None:
    """Withdraw the actor's flag while nobody has decided; close a case that has no flags left."""
    review = lock_review(review)
    if ReviewFlag.objects.filter(review=review, user=actor, closed_at=None).delete()[0]:
        flag_reports.take_back(actor=actor, case__review=review)
        if not review.flags.filter(closed_at=None).exists():
            review.vouches.filter(closed_at=None).delete()
            open_cases = ReviewCase.objects.filter(review=review, state=CaseState.OPEN)
            open_cases.exclude(reports__complaint_on__isnull=False).update(state=CaseState.CLOSED)
        update_visibility(review)


@transaction.atomic
def vouch(*, actor: User, review: Review, at: datetime) -> None:
    """Vouch for a collapsed review. Raises VouchNotAllowed."""
    review = lock_review(review)
    if not permissions.may_vouch(actor, review):
        raise VouchNotAllowed
    weight = standing_rules.flag_weight(permissions.points_of(actor))
    ReviewVouch.objects.get_or_create(review=review, user=actor, defaults={"weight": weight, "created_at": at})
    update_visibility(review)


def check_flag(actor: User, review: Review) -> None:
    """Raise FlagNotAllowed unless the actor may flag the review."""
    if not permissions.may_flag(actor, review):
        raise FlagNotAllowed


def lock_review(review: Review) -> Review:
    """Lock the review's row and return it, so that flags, vouches, votes, replies and decisions happen one at a time.

    Raises NotFound if it was withdrawn in the meantime.
    """
    found = Review.objects.select_for_update(of=("self",)).select_related("work").filter(pk=review.pk).first()
    if found is None:
        raise NotFound
    return found


def update_visibility(review: Review) -> None:
    """Hide, collapse or show a locked review according to the decisions in force and its open flags and vouches."""
    review.fold, review.fold_rule, by_flags = _fold_of(review)
    review.save(update_fields=["fold", "fold_rule"])
    collapses.follow(review, by_flags=by_flags, at=clock.now())
    review_sorting.rescore(review)


def _fold_of(review: Review) -> tuple[Fold, str, bool]:
    """Return how the review is shown, by which rule, and whether flags alone do it: then a machine decides."""
    against = ReviewCase.objects.against().filter(review=review).order_by("-decided_at", "-pk").first()
    if against is not None:
        return Fold.HIDDEN, against.rule, False
    open_flags = review.flags.filter(closed_at=None).order_by()
    weights = Counter(dict(open_flags.values_list("rule").annotate(weight=Sum("weight"))))
    vouched: int = review.vouches.filter(closed_at=None).aggregate(weight=Sum("weight", default=0))["weight"]
    spoiler = weights.pop(FlagRule.SPOILER, 0)
    if weights.total() - vouched >= standing_rules.FOLD_AT:
        return Fold.FLAGGED, max(weights, key=lambda rule: (weights[rule], rule)), True
    decided = review.cases.filter(outcome=CaseOutcome.SPOILER).exclude(appeal_outcome=AppealOutcome.OVERTURNED)
    if decided.exists():
        return Fold.SPOILER, FlagRule.SPOILER, False
    if spoiler - vouched >= standing_rules.FOLD_AT:
        return Fold.SPOILER, FlagRule.SPOILER, True
    return Fold.NONE, "", False
