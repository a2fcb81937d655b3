"""Decides cases about reviews, replies, books and shelves: a rule, a reason, a notice to the writer, and an appeal to a
second person. The effect of a decision on a book or a shelf is in `takedowns`.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from accounts.restrictions import Activity
from common import jobs
from storefront.community import hooks, permissions
from storefront.community.errors import (
    CaseDecided,
    CaseNotYours,
    EvidenceMissing,
    OutcomeNotPossible,
    ReasonMissing,
    SubjectChanged,
    SubjectTextChanged,
)
from storefront.community.models import (
    AppealOutcome,
    CaseOutcome,
    CaseState,
    FlagRule,
    Fold,
    ReportRule,
    Review,
    ReviewCase,
    ReviewReply,
)
from storefront.community.selectors import cases as case_selectors
from storefront.community.selectors.cases import CaseSubject
from storefront.community.services import ratings, reply_flags, review_flags, standings, stops, takedowns


@transaction.atomic
def decide(
    *,
    actor: User,
    case: ReviewCase,
    outcome: CaseOutcome,
    rule: FlagRule | ReportRule | None,
    reason: str,
    seen: str,
    at: datetime,
    evidence: str = "",
) -> ReviewCase:
    """Decide an open case.

    `rule` is the broken rule, None if nothing changes; `seen` is the version of the text that the actor has read. For a
    book or a shelf to change, `evidence` and a rule other than `OTHER` are required.

    Raises CaseNotYours, CaseDecided, SubjectTextChanged, OutcomeNotPossible, ReasonMissing, EvidenceMissing.
    """
    case = lock_case(case)
    shown = case_selectors.current_subject(case)
    if not permissions.may_decide_case(actor, case):
        raise CaseNotYours
    if case.state != CaseState.OPEN or shown is None:
        raise CaseDecided
    _check_seen(case, shown, seen)
    if outcome == CaseOutcome.KEEP:
        rule, evidence = None, ""
    _check_grounds(case, outcome, rule, reason=reason, evidence=evidence)
    case.state, case.outcome, case.reason = CaseState.DECIDED, outcome, reason.strip()
    case.rule, case.evidence = rule or "", evidence.strip()
    case.decided_by, case.decided_at, case.words = actor, at, shown.words
    case.save()
    _close_flags(case, at)
    stopped = stops.replace_by_decision(case, at)
    if stopped is not None and outcome != CaseOutcome.OFF_SALE:
        stops.show_again(stopped, case, at)
    _apply(case, actor, at)
    if stopped is not None and outcome == CaseOutcome.OFF_SALE:  # it was off sale already
        case.edition = case.edition or stopped.edition
        case.save(update_fields=["edition"])
    _log(actor, "review_case.decided", case, {"outcome": outcome, "rule": case.rule})
    if outcome != CaseOutcome.KEEP:  # otherwise the writer never learns of the flags
        jobs.enqueue("community.mail_case", case_id=case.pk)
    takedowns.enqueue_reporter_emails(case)
    hooks.announce_decided(case, at)
    return case


@transaction.atomic
def appeal(*, actor: User, case: ReviewCase, text: str, at: datetime) -> ReviewCase:
    """Appeal against the decision. Raises CaseNotYours, ReasonMissing, ComplaintsSuspended."""
    case = lock_case(case)
    if not permissions.may_appeal(actor, case, at):
        raise CaseNotYours
    restrictions.require(actor, Activity.COMPLAINTS, at)
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
    """Decide an appeal, as a second person who has read the version `seen` of the text ("" if it was withdrawn).

    Raises CaseNotYours, CaseDecided, SubjectTextChanged, ReasonMissing.
    """
    case = lock_case(case)
    if not permissions.may_decide_appeal(actor, case):
        raise CaseNotYours
    if case.state != CaseState.APPEALED:
        raise CaseDecided
    _check_seen(case, case_selectors.current_subject(case), seen)
    if not reason.strip():
        raise ReasonMissing
    case.state, case.appeal_outcome, case.appeal_reason = CaseState.CLOSED, outcome, reason.strip()
    case.appeal_decided_by, case.appeal_decided_at = actor, at
    case.save()
    _apply(case, actor, at)
    _log(actor, "review_case.appeal_decided", case, {"outcome": outcome})
    jobs.enqueue("community.mail_case", case_id=case.pk)
    if case.is_undone:
        takedowns.enqueue_reporter_emails(case)
    hooks.announce_decided(case, at)
    return case


def lock_case(case: ReviewCase) -> ReviewCase:
    """Lock standing, review, reply and case, in the same order as everywhere, and return the case with its current
    subject. For a report: lock the book or shelf, then the case.
    """
    if case.reported:
        return takedowns.lock_case_subject(case)
    standings.lock({case.writer_id})  # from here on, the review cannot be withdrawn or rewritten
    above = ReviewCase.objects.filter(pk=case.pk)
    reviews = Review.objects.select_for_update(of=("self",)).select_related("work")
    review = reviews.filter(Q(pk__in=above.values("review")) | Q(pk__in=above.values("reply__review"))).first()
    found = ReviewCase.objects.select_for_update(of=("self",)).select_related("work").get(pk=case.pk)
    found.review = review if found.review_id else None
    found.reply = ReviewReply.objects.filter(cases=found).select_related("review__work").first()
    return found


def _check_seen(case: ReviewCase, shown: CaseSubject | None, seen: str) -> None:
    if seen != (shown.version if shown is not None else ""):
        raise SubjectChanged if case.reported else SubjectTextChanged


def _check_grounds(
    case: ReviewCase, outcome: CaseOutcome, rule: FlagRule | ReportRule | None, *, reason: str, evidence: str
) -> None:
    if outcome not in case_selectors.outcomes_of(case):
        raise OutcomeNotPossible
    if not reason.strip():
        raise ReasonMissing
    if outcome == CaseOutcome.KEEP:
        return
    if rule is None or rule not in case_selectors.rules_of(case):
        raise ReasonMissing
    if case.reported and not evidence.strip():
        raise EvidenceMissing


def _close_flags(case: ReviewCase, at: datetime) -> None:
    subject = case.subject
    if subject is not None:
        subject.flags.filter(closed_at=None).update(closed_at=at)
    if isinstance(subject, Review):
        subject.vouches.filter(closed_at=None).update(closed_at=at)


def _apply(case: ReviewCase, actor: User, at: datetime) -> None:
    """Apply a decision to the page, and for a review also to the rating and the writer's standing."""
    subject = case.subject
    if case.reported:
        takedowns.apply(actor=actor, case=case, at=at)
        return
    if subject is None:
        return
    if isinstance(subject, ReviewReply):
        reply_flags.update_visibility(subject)
        return
    was_hidden = subject.fold == Fold.HIDDEN
    review_flags.update_visibility(subject)
    if was_hidden != (subject.fold == Fold.HIDDEN):
        standings.recount({case.writer_id}, at=at)
        # Votes of people with a removed review do not count: recalculate the people they voted for afterwards.
        jobs.enqueue("community.recount_around", user_id=case.writer_id)
    ratings.refresh(subject.work)


def _log(actor: User, verb: str, case: ReviewCase, facts: dict[str, str | int]) -> None:
    account_services.record_audit(actor=actor, verb=verb, subject=case, facts=facts)
