"""Cases about reviews and replies: a rule, a reason, a notice to the writer, and an appeal to a second person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.errors import NotAllowed
from storefront import permissions
from storefront.errors import CaseDecided, ReasonMissing, WordsChanged
from storefront.models import AppealOutcome, CaseOutcome, CaseState, FlagRule, Fold, Review, ReviewCase, ReviewReply
from storefront.services import flags, listings, reply_flags, standings


class CaseNotYours(NotAllowed):
    code = "case.not_yours"
    message = _("Somebody without a part in it has to decide this; an appeal, somebody who did not decide before.")


@transaction.atomic
def decide(
    *, actor: User, case: ReviewCase, outcome: CaseOutcome, rule: FlagRule | None, reason: str, seen: str, at: datetime
) -> ReviewCase:
    """Decide an open case. `rule` is the one that was broken, None when the review stays as it is; `seen` the version
    of the words that the actor has read.

    Raises CaseNotYours, CaseDecided, WordsChanged, ReasonMissing.
    """
    case = _locked(case)
    subject = case.subject
    if not permissions.may_decide_case(actor, case):
        raise CaseNotYours
    if case.state != CaseState.OPEN or subject is None:
        raise CaseDecided
    _check_seen(subject, seen)
    if not reason.strip() or (outcome != CaseOutcome.KEEP and rule is None):
        raise ReasonMissing
    case.state, case.outcome, case.reason = CaseState.DECIDED, outcome, reason.strip()
    case.rule = rule if rule and outcome != CaseOutcome.KEEP else ""
    case.decided_by, case.decided_at, case.words = actor, at, subject.words
    case.save()
    subject.flags.filter(closed_at=None).update(closed_at=at)
    if isinstance(subject, Review):
        subject.vouches.filter(closed_at=None).update(closed_at=at)
    _apply(case, subject, at)
    _log(actor, "review_case.decided", case, {"outcome": outcome, "rule": case.rule})
    if outcome != CaseOutcome.KEEP:  # a writer whose review stays never knew of the flags
        jobs.enqueue("storefront.mail_case", case_id=case.pk)
    return case


@transaction.atomic
def appeal(*, actor: User, case: ReviewCase, text: str, at: datetime) -> ReviewCase:
    """Ask for a second look. Raises CaseNotYours, ReasonMissing."""
    case = _locked(case)
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
    """Decide an appeal, as a second person who has read the version `seen` of the words, "" when they are withdrawn.

    Raises CaseNotYours, CaseDecided, WordsChanged, ReasonMissing.
    """
    case = _locked(case)
    subject = case.subject
    if not permissions.may_decide_appeal(actor, case):
        raise CaseNotYours
    if case.state != CaseState.APPEALED:
        raise CaseDecided
    _check_seen(subject, seen)
    if not reason.strip():
        raise ReasonMissing
    case.state, case.appeal_outcome, case.appeal_reason = CaseState.CLOSED, outcome, reason.strip()
    case.appeal_decided_by, case.appeal_decided_at = actor, at
    case.save()
    if subject is not None:
        _apply(case, subject, at)
    _log(actor, "review_case.appeal_decided", case, {"outcome": outcome})
    jobs.enqueue("storefront.mail_case", case_id=case.pk)
    return case


def _locked(case: ReviewCase) -> ReviewCase:
    """Standing, review, reply and case, in this order as everywhere; the case has what it is about as it is now."""
    standings.lock({case.writer_id})  # a review cannot be withdrawn, nor written anew, from here on
    above = ReviewCase.objects.filter(pk=case.pk)
    reviews = Review.objects.select_for_update(of=("self",)).select_related("work")
    review = reviews.filter(Q(pk__in=above.values("review")) | Q(pk__in=above.values("reply__review"))).first()
    found = ReviewCase.objects.select_for_update(of=("self",)).select_related("work").get(pk=case.pk)
    found.review = review if found.review_id else None
    found.reply = ReviewReply.objects.filter(cases=found).select_related("review__work").first()
    return found


def _check_seen(subject: Review | ReviewReply | None, seen: str) -> None:
    if seen != (subject.version if subject is not None else ""):
        raise WordsChanged


def _apply(case: ReviewCase, subject: Review | ReviewReply, at: datetime) -> None:
    """What a decision means for the page, the rating and the writer's standing; a reply has no part in these two."""
    if isinstance(subject, ReviewReply):
        reply_flags.fold(subject)
        return
    was_hidden = subject.fold == Fold.HIDDEN
    flags.fold(subject)
    if was_hidden != (subject.fold == Fold.HIDDEN):
        standings.recount({case.writer_id}, at=at)
        # Votes of people whose reviews are taken off do not count: those they voted for are reckoned afterwards.
        jobs.enqueue("storefront.recount_around", user_id=case.writer_id)
    listings.refresh_rating(subject.work)


def _log(actor: User, verb: str, case: ReviewCase, facts: dict[str, str | int]) -> None:
    account_services.record_audit(actor=actor, verb=verb, subject=case, facts=facts)
