"""Yes/no questions about reviews, replies, reports, shelves and decisions."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import Q, Sum

from accounts import permissions as account_permissions
from accounts.models import User
from accounts.permissions import Visitor
from publishing.models import Contributor, ContributorRole, Work
from publishing.permissions import is_maker
from storefront.catalogue.models import Listing
from storefront.checkout.models import (
    Entitlement,
)
from storefront.community import trust_rules
from storefront.community.models import (
    CaseOutcome,
    CaseState,
    FlagRule,
    Fold,
    Report,
    Reported,
    Review,
    ReviewCase,
    ReviewFlag,
    ReviewReply,
    ReviewVouch,
    Shelf,
    Standing,
)


def may_review(user: Visitor, work: Work) -> bool:
    """Whether the person may write a review: a buyer while entitled, and no maker of the work."""
    if not isinstance(user, User) or not user.is_active or is_maker(user, work):
        return False
    return Entitlement.objects.filter(user=user, work=work, ended_at=None).exists()


def may_open_review(user: Visitor, work: Work) -> bool:
    """Whether there is something to do on the page of one's review: change or withdraw it, or write one while the book
    is on sale."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if Review.objects.filter(user=user, work=work).exists():
        return True
    return Listing.objects.on_sale().filter(work=work).exists() and may_review(user, work)


# ---------------------------------------------------------------- reviews of others


def points_of(user: User) -> int:
    """The person's points of standing."""
    return Standing.objects.filter(user=user).values_list("points", flat=True).first() or 0


def is_stranger(user: Visitor, review: Review) -> bool:
    """Whether the person is logged in, did not write the review and did not make the book."""
    return _is_other(user, review) and not is_maker(user, review.work)


def may_see_review(user: Visitor, review: Review) -> bool:
    """One taken off is seen by its writer and by moderators."""
    if review.fold != Fold.HIDDEN:
        return True
    return may_moderate(user) or (isinstance(user, User) and user.is_active and user.pk == review.user_id)


def may_mark_helpful(user: Visitor, review: Review) -> bool:
    return is_stranger(user, review) and review.fold != Fold.HIDDEN


def may_flag(user: Visitor, review: Review) -> bool:
    """Anybody else may; how much it weighs is another matter."""
    return _is_other(user, review) and review.fold != Fold.HIDDEN


def flag_weight(user: User, review: Review) -> int:
    """What the person's flag weighs: nothing for makers of the book, who are judges in their own cause."""
    return 0 if is_maker(user, review.work) else trust_rules.flag_weight(points_of(user))


def may_vouch(user: Visitor, review: Review) -> bool:
    """Whether the person may stand up for a review that readers folded: until a moderator decides."""
    if not is_stranger(user, review) or review.fold not in {Fold.FLAGGED, Fold.SPOILER}:
        return False
    assert isinstance(user, User)  # noqa: S101 - a stranger is logged in
    return (
        points_of(user) >= trust_rules.VOUCH_AT
        and ReviewCase.objects.filter(review=review, state=CaseState.OPEN).exists()
        and not ReviewFlag.objects.filter(review=review, user=user, closed_at=None).exists()
        and not ReviewVouch.objects.filter(review=review, user=user).exists()
    )


def may_reply(user: Visitor, review: Review) -> bool:
    """The work's owner and its authors; once somebody has replied, only they change what they said."""
    if not isinstance(user, User) or not user.is_active or review.fold == Fold.HIDDEN:
        return False
    if review.work.owner_id != user.pk and not _is_author_of(user, review.work):
        return False
    reply = ReviewReply.objects.filter(review=review).first()
    return reply is None or (reply.author_id == user.pk and not is_reply_held(reply))


def may_remove_reply(user: Visitor, reply: ReviewReply) -> bool:
    """Whoever wrote it, and the work's owner."""
    return is_behind_reply(user, reply) and not is_reply_held(reply)


def is_behind_reply(user: Visitor, reply: ReviewReply) -> bool:
    return isinstance(user, User) and user.is_active and user.pk in {reply.author_id, reply.review.work.owner_id}


def is_reply_held(reply: ReviewReply) -> bool:
    """Whether a moderator has folded it, or is to look at it because of flags that would fold a review: then it can
    neither be changed nor removed to avoid the decision. Anybody's single flag holds nothing."""
    if reply.fold != Fold.NONE:
        return True
    open_flags = ReviewFlag.objects.filter(reply=reply, closed_at=None).order_by()
    weights = Counter(dict(open_flags.values_list("rule").annotate(weight=Sum("weight"))))
    spoiler = weights.pop(FlagRule.SPOILER, 0)
    return max(weights.total(), spoiler) >= trust_rules.FOLD_AT


def may_flag_reply(user: Visitor, reply: ReviewReply) -> bool:
    """Anybody but whoever wrote it, the reviewer first of all."""
    is_shown = Fold.HIDDEN not in {reply.fold, reply.review.fold}
    return is_shown and isinstance(user, User) and user.is_active and user.pk != reply.author_id


def may_moderate(user: Visitor) -> bool:
    """Moderators, and operators as second persons."""
    return account_permissions.is_moderator(user) or account_permissions.is_operator(user)


def may_decide_case(user: Visitor, case: ReviewCase) -> bool:
    """A moderator without a part in it: not the writer, no maker of the book, nobody who flagged, reported or vouched;
    of a reply nor whom it answers."""
    if not isinstance(user, User) or not may_moderate(user) or case.writer_id == user.pk:
        return False
    if case.work is not None and is_maker(user, case.work):
        return False
    if case.reported:
        return not Report.objects.filter(case=case, user=user).exists()
    if case.reply is not None:
        answered = case.reply.review.user_id == user.pk
        return not answered and not ReviewFlag.objects.filter(reply=case.reply, user=user).exists()
    took_part = Q(review__isnull=False, review=case.review_id, user=user)
    return not (ReviewFlag.objects.filter(took_part).exists() or ReviewVouch.objects.filter(took_part).exists())


def open_case_about(user: User, work: Work) -> str:
    """The case about the book that the moderator may decide now: its id, or "". None about a book of their own."""
    cases = ReviewCase.objects.filter(work=work, reported=Reported.BOOK)
    for case in cases.filter(state__in=[CaseState.OPEN, CaseState.APPEALED]).select_related("work"):
        may = may_decide_case if case.state == CaseState.OPEN else may_decide_appeal
        if account_permissions.is_moderator(user) and may(user, case):
            return str(case.public_id)
    return ""


def may_decide_appeal(user: Visitor, case: ReviewCase) -> bool:
    """A second person."""
    return may_decide_case(user, case) and isinstance(user, User) and user.pk != case.decided_by_id


def may_see_case(user: Visitor, case: ReviewCase) -> bool:
    """The writer sees what was decided of a review, but for flags without consequence, of which they never hear; the
    queue is the moderators' own."""
    if not isinstance(user, User) or not user.is_active or user.pk != case.writer_id:
        return False
    return case.decided_at is not None and case.outcome != CaseOutcome.KEEP


def may_appeal(user: Visitor, case: ReviewCase, at: datetime) -> bool:
    """The writer, once, within six months, against what changed the page."""
    return (
        may_see_case(user, case)
        and case.state == CaseState.DECIDED
        and case.decided_at is not None
        and at < case.decided_at + trust_rules.APPEAL_PERIOD
    )


def _is_other(user: Visitor, review: Review) -> bool:
    return isinstance(user, User) and user.is_active and user.pk != review.user_id


def _is_author_of(user: User, work: Work) -> bool:
    return Contributor.objects.filter(work=work, user=user, role=ContributorRole.AUTHOR).exists()


# ---------------------------------------------------------------- reports


def may_report_book(user: Visitor, work: Work) -> bool:
    """Anybody with an account but the book's makers."""
    return isinstance(user, User) and user.is_active and not user.is_guest and not is_maker(user, work)


def may_report_shelf(user: Visitor, shelf: Shelf) -> bool:
    """Anybody with an account but its keeper."""
    return isinstance(user, User) and user.is_active and not user.is_guest and user.pk != shelf.owner_id


# ---------------------------------------------------------------- shelves


def may_edit_shelf(user: Visitor, shelf: Shelf) -> bool:
    """A shelf is its keeper's alone."""
    return isinstance(user, User) and user.is_active and shelf.owner_id == user.pk


def may_mark_editors_shelf(user: Visitor) -> bool:
    """Operators say which shelves are the shop's own."""
    return account_permissions.is_operator(user)
