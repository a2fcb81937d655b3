"""Permission checks for reviews, replies, reports, shelves and moderators' decisions."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import Q, Sum

from accounts import permissions as account_permissions
from accounts.models import User
from accounts.permissions import Visitor
from common import clock
from publishing.models import Contributor, ContributorRole, Work
from publishing.permissions import is_maker
from publishing.selectors import was_on_sale
from storefront.catalogue.models import Listing
from storefront.checkout import given_copies
from storefront.checkout.models import (
    Entitlement,
)
from storefront.community import reportables, standing_rules
from storefront.community.models import (
    CaseOutcome,
    CaseState,
    Collapse,
    FlagRule,
    Fold,
    Report,
    Reported,
    ReportRule,
    Review,
    ReviewCase,
    ReviewFlag,
    ReviewReply,
    ReviewVouch,
    Shelf,
    Standing,
    Stop,
)
from storefront.community.standing_rules import Right


def may_review(user: Visitor, work: Work) -> bool:
    """Return whether the person may review the work: they hold an entitlement, or once had an advance copy of what has
    been published since, and did not contribute to it. What became of the copy does not matter, so that no author ends
    one to prevent a review."""
    if not isinstance(user, User) or not user.is_active or is_maker(user, work):
        return False
    return has_kept(user, work) or (given_copies.was_given(user, work) and was_on_sale(work))


def has_kept(user: User, work: Work) -> bool:
    """Return whether the person holds an entitlement to the work."""
    return Entitlement.objects.filter(user=user, work=work, ended_at=None).exists()


def may_open_review(user: Visitor, work: Work) -> bool:
    """Return whether the person can do something on their review page: change or withdraw their review, or write one
    while the book is on sale."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if Review.objects.filter(user=user, work=work).exists():
        return True
    return Listing.objects.on_sale().filter(work=work).exists() and may_review(user, work)


# ---------------------------------------------------------------- reviews of others


def points_of(user: User) -> int:
    """Return the person's standing in points."""
    return Standing.objects.filter(user=user).values_list("points", flat=True).first() or 0


def is_uninvolved(user: Visitor, review: Review) -> bool:
    """Return whether the person is logged in, did not write the review and did not contribute to the book."""
    return _is_other(user, review) and not is_maker(user, review.work)


def may_see_review(user: Visitor, review: Review) -> bool:
    """Return whether the person may see the review: a removed one is visible to its writer and to moderators only."""
    if review.fold != Fold.HIDDEN:
        return True
    return may_moderate(user) or (isinstance(user, User) and user.is_active and user.pk == review.user_id)


def may_mark_helpful(user: Visitor, review: Review) -> bool:
    return is_uninvolved(user, review) and review.fold != Fold.HIDDEN


def may_flag(user: Visitor, review: Review) -> bool:
    """Return whether the person may flag the review: anyone but its writer. See `flag_weight` for how much it
    counts."""
    return _is_other(user, review) and review.fold != Fold.HIDDEN


def flag_weight(user: User, review: Review) -> int:
    """Return the weight of the person's flag: 0 for the book's contributors, who have an interest in the outcome."""
    return 0 if is_maker(user, review.work) else standing_rules.flag_weight(points_of(user))


def may_vouch(user: Visitor, review: Review) -> bool:
    """Return whether the person may vouch for a review that readers collapsed, until a moderator decides."""
    if not is_uninvolved(user, review) or review.fold not in {Fold.FLAGGED, Fold.SPOILER}:
        return False
    assert isinstance(user, User)  # noqa: S101 - a stranger is logged in
    return (
        standing_rules.has(Right.VOUCH, points_of(user))
        and ReviewCase.objects.filter(review=review, state=CaseState.OPEN).exists()
        and not ReviewFlag.objects.filter(review=review, user=user, closed_at=None).exists()
        and not ReviewVouch.objects.filter(review=review, user=user).exists()
    )


def may_reply(user: Visitor, review: Review) -> bool:
    """Return whether the person may reply: the work's owner and its authors. An existing reply may only be changed by
    the person who wrote it."""
    if not isinstance(user, User) or not user.is_active or review.fold == Fold.HIDDEN:
        return False
    if review.work.owner_id != user.pk and not _is_author_of(user, review.work):
        return False
    reply = ReviewReply.objects.filter(review=review).first()
    return reply is None or (reply.author_id == user.pk and not is_reply_held(reply))


def may_remove_reply(user: Visitor, reply: ReviewReply) -> bool:
    """Return whether the person may remove the reply: its writer or the work's owner, unless the reply is held."""
    return is_behind_reply(user, reply) and not is_reply_held(reply)


def is_behind_reply(user: Visitor, reply: ReviewReply) -> bool:
    return isinstance(user, User) and user.is_active and user.pk in {reply.author_id, reply.review.work.owner_id}


def is_reply_held(reply: ReviewReply) -> bool:
    """Return whether the reply may not be changed or removed, so that nobody can avoid a decision that way.

    It is held if a moderator has collapsed or removed it, or while its open flags would be enough to collapse a review.
    A single flag from anyone does not hold it.
    """
    if reply.fold != Fold.NONE:
        return True
    open_flags = ReviewFlag.objects.filter(reply=reply, closed_at=None).order_by()
    weights = Counter(dict(open_flags.values_list("rule").annotate(weight=Sum("weight"))))
    spoiler = weights.pop(FlagRule.SPOILER, 0)
    return max(weights.total(), spoiler) >= standing_rules.FOLD_AT


def may_flag_reply(user: Visitor, reply: ReviewReply) -> bool:
    """Return whether the person may flag the reply: anyone but its writer, and the reviewer in particular."""
    is_shown = Fold.HIDDEN not in {reply.fold, reply.review.fold}
    return is_shown and isinstance(user, User) and user.is_active and user.pk != reply.author_id


def may_moderate(user: Visitor) -> bool:
    """Return whether the person may moderate: moderators, and operators, who serve as the second person."""
    return account_permissions.is_moderator(user) or account_permissions.is_operator(user)


def may_decide_case(user: Visitor, case: ReviewCase) -> bool:
    """Return whether the person may decide the case: a moderator who is not involved.

    The writer, the book's contributors and everyone who flagged, reported or vouched are involved; for a reply, so is
    the reviewer it answers.
    """
    if not isinstance(user, User) or not may_moderate(user) or case.writer_id == user.pk:
        return False
    if case.work is not None and is_maker(user, case.work):
        return False
    if Stop.objects.active(clock.now()).filter(case=case, made_by=user).exists():
        return False  # a second person puts a decision in place of the stop
    if _is_involved_in_report(user, case):
        return False
    return bool(case.reported) or not _took_part(user, case)


def _took_part(user: User, case: ReviewCase) -> bool:
    """Return whether the person flagged or vouched for the review or reply, or wrote the review that it answers."""
    if case.reply is not None:
        answered = case.reply.review.user_id == user.pk
        return answered or ReviewFlag.objects.filter(reply=case.reply, user=user).exists()
    took_part = Q(review__isnull=False, review=case.review_id, user=user)
    return ReviewFlag.objects.filter(took_part).exists() or ReviewVouch.objects.filter(took_part).exists()


def _is_involved_in_report(user: User, case: ReviewCase) -> bool:
    """Return whether the person reported it, dismissed what a complaint is about, or is involved otherwise."""
    kind = reportables.kind_of(case.reported)
    if kind is not None and kind.may_decide is not None and not kind.may_decide(user, case.thing_id):
        return True
    theirs = Q(user=user) | Q(email__iexact=user.email)
    dismissed = Q(complaint_on__case__decided_by=user)  # a second person decides about a complaint
    return Report.objects.filter(theirs | dismissed, case=case).exists()


def may_stop(user: Visitor, case: ReviewCase) -> bool:
    """Return whether the person may stop what the case is about for 72 hours: a moderator who could decide it."""
    return (
        bool(case.reported)
        and not reportables.has_own_process(case)
        and case.state == CaseState.OPEN
        and may_decide_case(user, case)
    )


def may_mend(user: Visitor, case: ReviewCase) -> bool:
    """Return whether its owner may say what was mended: while a decision is in force and nobody is looking at it.

    Sexual abuse of children cannot be mended.
    """
    return (
        may_see_case(user, case)
        and case.outcome in {CaseOutcome.OFF_SALE, CaseOutcome.ADULT, CaseOutcome.PRIVATE, CaseOutcome.HIDE}
        and bool(case.reported)
        and case.rule != ReportRule.MINORS
        and case.state in {CaseState.DECIDED, CaseState.CLOSED}
        and not case.is_lifted
    )


def open_case_about(user: User, work: Work) -> str:
    """Return the public id of the case about the book that the moderator may decide now, or "". There is none about
    a book of their own."""
    cases = ReviewCase.objects.filter(work=work, reported=Reported.BOOK)
    for case in cases.filter(state__in=[CaseState.OPEN, CaseState.APPEALED]).select_related("work"):
        may = may_decide_case if case.state == CaseState.OPEN else may_decide_appeal
        if account_permissions.is_moderator(user) and may(user, case):
            return str(case.public_id)
    return ""


def may_decide_appeal(user: Visitor, case: ReviewCase) -> bool:
    """Return whether the person may decide the appeal: someone who may decide the case and did not decide it before."""
    return may_decide_case(user, case) and isinstance(user, User) and user.pk != case.decided_by_id


def may_see_case(user: Visitor, case: ReviewCase) -> bool:
    """Return whether the person may see the decision as its writer.

    Writers never learn of flags that led to nothing. Moderators use their own queue. What has a process of its own is
    shown on its pages.
    """
    if not isinstance(user, User) or not user.is_active or user.pk != case.writer_id:
        return False
    if reportables.has_own_process(case):
        return False
    if case.decided_at is None:
        return _was_restricted(case)
    return case.outcome != CaseOutcome.KEEP or _was_restricted(case)


def _was_restricted(case: ReviewCase) -> bool:
    """Return whether something was hidden or collapsed before anybody decided: its writer was told."""
    return Stop.objects.filter(case=case).exists() or Collapse.objects.filter(case=case).exists()


def may_appeal(user: Visitor, case: ReviewCase, at: datetime) -> bool:
    """Return whether the writer may appeal: once, within `APPEAL_PERIOD` of being told, against a decision that changed
    something."""
    return (
        may_see_case(user, case)
        and case.state == CaseState.DECIDED
        and case.outcome != CaseOutcome.KEEP
        and (case.told_at is None or at < case.told_at + standing_rules.APPEAL_PERIOD)
    )


def may_appeal_until(case: ReviewCase) -> datetime | None:
    """Return until when the writer may appeal; counted from today while the email about the decision is on its way."""
    if case.decided_at is None:
        return None
    return (case.told_at or clock.now()) + standing_rules.APPEAL_PERIOD


def _is_other(user: Visitor, review: Review) -> bool:
    return isinstance(user, User) and user.is_active and user.pk != review.user_id


def _is_author_of(user: User, work: Work) -> bool:
    return Contributor.objects.filter(work=work, user=user, role=ContributorRole.AUTHOR).exists()


# ---------------------------------------------------------------- reports


def may_report_book(user: Visitor, work: Work) -> bool:
    """Return whether the visitor may report the book: anyone, with or without an account, who did not contribute."""
    return not isinstance(user, User) or (user.is_active and not is_maker(user, work))


def may_report_shelf(user: Visitor, shelf: Shelf) -> bool:
    """Return whether the visitor may report the shelf: anyone, with or without an account, but its owner."""
    return not isinstance(user, User) or (user.is_active and user.pk != shelf.owner_id)


def may_complain(report: Report, at: datetime) -> bool:
    """Return whether its sender may complain that a report led to nothing: once, within `APPEAL_PERIOD` of being told,
    and not about the answer to a complaint."""
    case = report.case
    return (
        case.decided_at is not None
        and case.outcome == CaseOutcome.KEEP
        and report.complaint_on_id is None
        and not Report.objects.filter(complaint_on=report).exists()
        and report.told_at is not None
        and at < report.told_at + standing_rules.APPEAL_PERIOD
    )


# ---------------------------------------------------------------- shelves


def may_edit_shelf(user: Visitor, shelf: Shelf) -> bool:
    """Return whether the person may edit the shelf: only its owner."""
    return isinstance(user, User) and user.is_active and shelf.owner_id == user.pk


def may_mark_editors_shelf(user: Visitor) -> bool:
    """Return whether the person may mark editors' shelves: only operators."""
    return account_permissions.is_operator(user)
