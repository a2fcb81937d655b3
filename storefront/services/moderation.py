"""Cases about reviews: a rule, a reason, a notice to the writer, and an appeal that a second person decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.errors import NotAllowed
from storefront import permissions
from storefront.errors import CaseDecided, ReasonMissing, WordsChanged
from storefront.models import AppealOutcome, CaseOutcome, CaseState, FlagRule, Fold, Review, ReviewCase
from storefront.services import flags, listings, standings


class CaseNotYours(NotAllowed):
    code = "case.not_yours"
    message = _("Somebody without a part in it has to decide this; an appeal, somebody who did not decide before.")


@transaction.atomic
def decide(
    *, actor: User, case: ReviewCase, outcome: CaseOutcome, rule: FlagRule | None, reason: str, seen: str, at: datetime
) -> ReviewCase:
    """Decide an open case. `rule` is the one that was broken, None when the review stays as it is; `seen` the version
    of the review that the actor has read.

    Raises CaseNotYours, CaseDecided, WordsChanged, ReasonMissing.
    """
    case, review = _locked(case)
    if not permissions.may_decide_case(actor, case):
        raise CaseNotYours
    if case.state != CaseState.OPEN or review is None:
        raise CaseDecided
    _check_seen(review, seen)
    if not reason.strip() or (outcome != CaseOutcome.KEEP and rule is None):
        raise ReasonMissing
    case.state, case.outcome, case.reason = CaseState.DECIDED, outcome, reason.strip()
    case.rule = rule if rule and outcome != CaseOutcome.KEEP else ""
    case.decided_by, case.decided_at, case.words = actor, at, f"{review.title}\n\n{review.body}".strip()
    case.save()
    review.flags.filter(closed_at=None).update(closed_at=at)
    review.vouches.filter(closed_at=None).update(closed_at=at)
    _apply(case, review, at)
    _log(actor, "review_case.decided", case, {"outcome": outcome, "rule": case.rule})
    if outcome != CaseOutcome.KEEP:  # a writer whose review stays never knew of the flags
        jobs.enqueue("storefront.mail_case", case_id=case.pk)
    return case


@transaction.atomic
def appeal(*, actor: User, case: ReviewCase, text: str, at: datetime) -> ReviewCase:
    """Ask for a second look. Raises CaseNotYours, ReasonMissing."""
    case, _review = _locked(case)
    if not permissions.may_appeal(actor, case, at):
        raise CaseNotYours
    if not text.strip():
        raise ReasonMissing
    case.state, case.appeal, case.appealed_at = CaseState.APPEALED, text.strip(), at
    case.save(update_fields=["state", "appeal", "appealed_at"])
    _log(actor, "review_case.appealed", case, {})
    return case


@transaction.atomic
def decide_appeal(
    *, actor: User, case: ReviewCase, outcome: AppealOutcome, reason: str, seen: str, at: datetime
) -> ReviewCase:
    """Decide an appeal, as a second person who has read the version `seen` of the review, "" when it is withdrawn.

    Raises CaseNotYours, CaseDecided, WordsChanged, ReasonMissing.
    """
    case, review = _locked(case)
    if not permissions.may_decide_appeal(actor, case):
        raise CaseNotYours
    if case.state != CaseState.APPEALED:
        raise CaseDecided
    _check_seen(review, seen)
    if not reason.strip():
        raise ReasonMissing
    case.state, case.appeal_outcome, case.appeal_reason = CaseState.CLOSED, outcome, reason.strip()
    case.appeal_decided_by, case.appeal_decided_at = actor, at
    case.save()
    if review is not None:
        _apply(case, review, at)
    _log(actor, "review_case.appeal_decided", case, {"outcome": outcome})
    jobs.enqueue("storefront.mail_case", case_id=case.pk)
    return case


def _locked(case: ReviewCase) -> tuple[ReviewCase, Review | None]:
    """Standing, review and case, in this order as everywhere."""
    standings.lock({case.writer_id})  # a review cannot be withdrawn, nor written anew, from here on
    rows = Review.objects.select_for_update(of=("self",)).select_related("work")
    review = rows.filter(pk__in=ReviewCase.objects.filter(pk=case.pk).values("review")).first()
    found = ReviewCase.objects.select_for_update(of=("self",)).select_related("work").get(pk=case.pk)
    return found, review


def _check_seen(review: Review | None, seen: str) -> None:
    if seen != (review.version if review is not None else ""):
        raise WordsChanged


def _apply(case: ReviewCase, review: Review, at: datetime) -> None:
    """What a decision means for the page, the rating and the writer's standing."""
    was_hidden = review.fold == Fold.HIDDEN
    flags.fold(review)
    if was_hidden != (review.fold == Fold.HIDDEN):
        standings.recount({case.writer_id}, at=at)
        # Votes of people whose reviews are taken off do not count: those they voted for are reckoned afterwards.
        jobs.enqueue("storefront.recount_around", user_id=case.writer_id)
    listings.refresh_rating(review.work)


def _log(actor: User, verb: str, case: ReviewCase, facts: dict[str, str | int]) -> None:
    account_services.record_audit(actor=actor, verb=verb, subject=case, facts=facts)
