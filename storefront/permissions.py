"""Yes/no questions about reading, buying and giving back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum

from django.db.models import Exists, OuterRef, Q, Sum

from accounts import permissions as account_permissions
from accounts.models import User
from accounts.permissions import Visitor
from publishing.models import Contributor, ContributorRole, Work
from royalties.entries import Deferral
from storefront import goodwill, trust_rules
from storefront.models import (
    CLAIMING_STATES,
    AccessKind,
    AccessRecord,
    Bundle,
    CaseOutcome,
    CaseState,
    Coupon,
    Dispute,
    DisputeQuerySet,
    Entitlement,
    FlagRule,
    Fold,
    Listing,
    Order,
    OrderLine,
    OrderState,
    PaymentState,
    Refund,
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

_READ_BPS = 1000


def is_maker(user: Visitor, work: Work) -> bool:
    """Whether the person owns the work or is one of its contributors: they read it without buying."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return work.owner_id == user.pk or Contributor.objects.filter(work=work, user=user).exists()


def may_read(user: Visitor, work: Work) -> bool:
    """Whether the person may read and download the whole work now: a buyer while entitled, or a maker."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if Entitlement.objects.readable().filter(user=user, work=work).exists():
        return True
    return is_maker(user, work)


def readable_works(user: User, work_ids: Iterable[int]) -> set[int]:
    """Those of the works that the person may read, as `may_read` has it; one query."""
    entitled = Entitlement.objects.filter(user=user, work=OuterRef("pk"), ended_at=None)
    made = Contributor.objects.filter(user=user, work=OuterRef("pk"))
    works = Work.objects.filter(Q(owner=user) | Exists(entitled) | Exists(made), pk__in=list(work_ids))
    return set(works.values_list("pk", flat=True))


def preordered_works(user: User, work_ids: Iterable[int]) -> set[int]:
    """Those of the works that the person has ordered ahead and waits for; one query."""
    waiting = OrderLine.objects.filter(
        order__buyer=user,
        order__state=OrderState.PAID,
        preorder__released_at=None,
        preorder__canceled_at=None,
        preorder__isnull=False,
        edition__work__in=list(work_ids),
    )
    return set(waiting.values_list("edition__work_id", flat=True))


def may_fund_coupons(user: Visitor) -> bool:
    """Whether the person may make coupons that the platform pays for."""
    return account_permissions.is_finance(user)


def may_stop_coupon(user: Visitor, coupon: Coupon) -> bool:
    """An author's coupon is its author's, the platform's are finance's."""
    if coupon.owner_id is None:
        return may_fund_coupons(user)
    return isinstance(user, User) and user.is_active and coupon.owner_id == user.pk


def may_edit_bundle(user: Visitor, bundle: Bundle) -> bool:
    """A bundle is changed by whoever put it together."""
    return isinstance(user, User) and user.is_active and bundle.owner_id == user.pk


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


def may_see_order(user: Visitor, order: Order) -> bool:
    """An order is its buyer's alone; finance has pages of its own."""
    return isinstance(user, User) and user.is_active and order.buyer_id == user.pk


def was_used(line: OrderLine) -> bool:
    """Whether its buyer downloaded the book, or ever read on to a tenth of it or more: a glance is not reading."""
    return bool(_used([line]))


def _used(lines: Sequence[OrderLine]) -> set[int]:
    """Those of the lines (primary keys) whose books were used so; one query, none for no lines."""
    if not lines:
        return set()
    downloads = AccessRecord.objects.filter(entitlement__line=OuterRef("pk"), kind=AccessKind.DOWNLOAD)
    is_read = Q(entitlement__furthest_bps__gte=_READ_BPS)
    rows = OrderLine.objects.filter(Exists(downloads) | is_read, pk__in=[line.pk for line in lines])
    return set(rows.values_list("pk", flat=True))


class RefundWay(Enum):
    """How a reader gets the money for a line back."""

    NONE = "none"
    AT_ONCE = "at_once"
    BY_DECISION = "by_decision"  # beyond goodwill: a person looks
    HELD = "held"  # the reader's bank has the money, and decides

    @property
    def is_open(self) -> bool:
        """Whether the reader may ask now."""
        return self in {RefundWay.AT_ONCE, RefundWay.BY_DECISION}


def refund_way(user: Visitor, line: OrderLine, at: datetime) -> RefundWay:
    """Whether the buyer may give this line back: paid for, inside the window, not claimed back yet.

    At once while the book is unused; a used one as long as there is goodwill left (`storefront.goodwill`); after that a
    person decides. What is supplied later can be given back until then, whenever that is; a gift that was redeemed
    cannot. What a dispute is about waits for the bank, and what it took is gone.
    """
    return refund_ways(user, line.order, [line], at)[line.pk]


def refund_ways(user: Visitor, order: Order, lines: Sequence[OrderLine], at: datetime) -> dict[int, RefundWay]:
    """The same of several lines of one order, by primary key: as many queries however many they are."""
    if not may_see_order(user, order) or order.state != OrderState.PAID:
        return {line.pk: RefundWay.NONE for line in lines}
    taken = taken_by_bank(order, lines)
    returnable = [line for line in lines if line.pk not in taken and _is_returnable(order, line, at)]
    if returnable and is_held_by_bank(order):
        return {line.pk: RefundWay.HELD if line in returnable else RefundWay.NONE for line in lines}
    used = _used([line for line in returnable if not line.is_waiting])
    found = {line.pk: RefundWay.AT_ONCE for line in returnable}
    if used:
        found |= _way_of_used(order, [line for line in returnable if line.pk in used], at)
    return {line.pk: found.get(line.pk, RefundWay.NONE) for line in lines}


def is_held_by_bank(order: Order) -> bool:
    """Whether the buyer's bank took the money for the order and has not decided yet: until then nobody can send it."""
    return holding_disputes(order).exists()


def holding_disputes(order: Order) -> DisputeQuerySet:
    """Those for which the bank took the money and has not decided yet."""
    return _disputes(order).filter(is_withdrawn=True, decided_at=None)


def taken_by_bank(order: Order, lines: Sequence[OrderLine]) -> set[int]:
    """Those of the lines (primary keys) that ended because the bank gave their money to the buyer.

    What went back as refunds has ended as well, but not so.
    """
    ended = [line for line in lines if line.paid_minor > _claimed(line) and _has_ended(line)]
    if not ended or not _disputes(order).not_won().filter(decided_at__isnull=False).exists():
        return set()
    return {line.pk for line in ended}


def _disputes(order: Order) -> DisputeQuerySet:
    """Those about the payment that bought; another one that was not needed has nothing to do with the books."""
    needless = Refund.objects.filter(payment__order=order, line=None).values("payment")
    of_order = Dispute.objects.filter(payment__order=order).exclude(payment__in=needless)
    return of_order.exclude(payment__state__in=[PaymentState.UNMATCHED, PaymentState.REFUNDED])


def _has_ended(line: OrderLine) -> bool:
    """Whether nobody may read it any more, or ever will."""
    if line.is_waiting:
        later = getattr(line, "gift", None) or getattr(line, "preorder", None)
        return later is not None and later.canceled_at is not None
    entitlement = getattr(line, "entitlement", None)
    return entitlement is not None and entitlement.ended_at is not None


def _claimed(line: OrderLine) -> int:
    return sum(refund.amount_minor for refund in line.refunds.all() if refund.state in CLAIMING_STATES)


def _is_returnable(order: Order, line: OrderLine, at: datetime) -> bool:
    until = line.refundable_until or order.refundable_until
    is_over = line.deferral == Deferral.GIFT or until is None or at >= until
    if not line.paid_minor:  # nothing goes back, but what is not supplied yet can be canceled
        return line.is_waiting and not _has_ended(line)
    if is_over and not line.is_waiting:
        return False
    return _claimed(line) < line.paid_minor


def _way_of_used(order: Order, lines: Sequence[OrderLine], at: datetime) -> dict[int, RefundWay]:
    """Of used books. Who never agreed to immediate supply has the right to withdraw; the rest is goodwill."""
    if order.waiver_at is None:
        return dict.fromkeys((line.pk for line in lines), RefundWay.AT_ONCE)
    left_minor = goodwill.left_today(order, at) if goodwill.is_left_for(order, at) else 0
    return {
        line.pk: RefundWay.AT_ONCE if line.paid_minor - _claimed(line) <= left_minor else RefundWay.BY_DECISION
        for line in lines
    }


def may_claim(user: Visitor) -> bool:
    """Whether the person may put what somebody bought without an account into theirs: it takes an account."""
    return isinstance(user, User) and user.is_active and not user.is_guest


def may_give_back_for_others(user: Visitor) -> bool:
    """Finance staff, and operators as second persons."""
    return account_permissions.is_finance(user) or account_permissions.is_operator(user)


def may_give_back_alone(user: Visitor) -> bool:
    """Finance staff, up to the limit; an operator's proposal always waits for a second person."""
    return account_permissions.is_finance(user)


def may_answer_disputes(user: Visitor) -> bool:
    """Finance staff; operators look on."""
    return account_permissions.is_finance(user)


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
