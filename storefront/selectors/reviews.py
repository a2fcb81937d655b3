"""Reviews as pages show them: a book's, narrowed and sorted; one, for somebody; and the moderators' queue."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import User
from common.errors import NotFound
from storefront import permissions
from storefront.models import CaseOutcome, CaseState, HelpfulVote, Listing, Review, ReviewCase, ReviewFlag

FIRST_PAGE = 20
SORTS = ("helpful", "newest")
_LARGEST = 2**31


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """What an address asks for; `stars` is 0 for all."""

    stars: int = 0
    sort: str = SORTS[0]
    after: str = ""

    @classmethod
    def of(cls, stars: str, sort: str, after: str) -> ReviewFilters:
        """From words of an address; unknown ones count as not given."""
        return cls(int(stars) if stars in {"1", "2", "3", "4", "5"} else 0, sort if sort in SORTS else SORTS[0], after)


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """`counts` are how many gave 5, 4, 3, 2 and 1 stars, as (stars, count)."""

    listing: Listing
    filters: ReviewFilters
    reviews: list[Review]
    next_cursor: str
    counts: list[tuple[int, int]]


def first_reviews(work_id: int) -> list[Review]:
    """The most helpful reviews of a work, with what a page says about them, in one query."""
    return list(_shown(work_id).order_by("-helpful_score", "-pk")[:FIRST_PAGE])


def reviews_page(listing: Listing, filters: ReviewFilters) -> ReviewsPage:
    """One page of a work's reviews in one query, however deep. A cursor nobody gave out shows the first page."""
    rows = _shown(listing.work_id)
    if filters.stars:
        rows = rows.filter(stars=filters.stars)
    by_score = filters.sort == "helpful"
    cursor = _parse_cursor(filters.after)
    if cursor is not None:
        score, key = cursor
        if by_score:
            rows = rows.filter(helpful_score__lte=score).exclude(helpful_score=score, pk__gte=key)
        else:
            rows = rows.filter(pk__lt=key)
    page = list(rows.order_by(*(["-helpful_score", "-pk"] if by_score else ["-pk"]))[: FIRST_PAGE + 1])
    shown, more = page[:FIRST_PAGE], len(page) > FIRST_PAGE
    return ReviewsPage(
        listing=listing,
        filters=filters,
        reviews=shown,
        next_cursor=f"{shown[-1].helpful_score}-{shown[-1].pk}" if more else "",
        counts=star_counts(listing),
    )


def star_counts(listing: Listing) -> list[tuple[int, int]]:
    """How many gave 5, 4, 3, 2 and 1 stars, from the listing; [] for one written before these were kept."""
    counts = listing.details.get("stars", [])
    return [(stars, counts[stars - 1]) for stars in range(5, 0, -1)] if counts else []


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One review with what the person looking at it may do."""

    review: Review
    has_voted: bool
    flag: ReviewFlag | None
    may_vote: bool
    may_flag: bool
    may_vouch: bool
    may_reply: bool
    may_remove_reply: bool
    case: ReviewCase | None  # the last decision on it, for its writer


def review_page(*, user: User, review_id: str) -> ReviewPage:
    """Raises NotFound, also for a review that was taken off, unless it is the person's own or they moderate."""
    review = (
        Review.objects.select_related("user__standing", "work__listing", "reply__author")
        .filter(public_id=review_id)
        .first()
    )
    if review is None or not permissions.may_see_review(user, review):
        raise NotFound
    flag = ReviewFlag.objects.filter(review=review, user=user).first()
    reply = getattr(review, "reply", None)
    return ReviewPage(
        review=review,
        has_voted=HelpfulVote.objects.filter(review=review, user=user).exists(),
        flag=flag,
        may_vote=permissions.may_mark_helpful(user, review),
        may_flag=flag is None and permissions.may_flag(user, review),
        may_vouch=permissions.may_vouch(user, review),
        may_reply=permissions.may_reply(user, review),
        may_remove_reply=reply is not None and permissions.may_remove_reply(user, reply),
        case=ReviewCase.objects.filter(review=review, writer=user).exclude(decided_at=None).first(),
    )


def review_of(review_id: str) -> Review:
    """Raises NotFound."""
    review = Review.objects.select_related("work").filter(public_id=review_id).first()
    if review is None:
        raise NotFound
    return review


# ---------------------------------------------------------------- moderation


def cases_by(*, state: str = "", rule: str = "") -> QuerySet[ReviewCase]:
    """Cases for the queue, newest first, with what weighs for and against; those that wait unless a state is given."""
    rows = ReviewCase.objects.select_related("work", "review", "writer")
    if state:
        rows = rows.filter(state=state)
    else:
        rows = rows.filter(state__in=[CaseState.OPEN, CaseState.APPEALED])
    if rule:
        rows = rows.filter(Q(rule=rule) | Q(review__flags__rule=rule, review__flags__closed_at=None)).distinct()
    return rows.order_by("-pk")


def case_of(case_id: str) -> ReviewCase:
    """Raises NotFound."""
    rows = ReviewCase.objects.select_related(
        "work", "review__user__standing", "review__reply__author", "writer", "decided_by", "appeal_decided_by"
    )
    case = rows.filter(public_id=case_id).first()
    if case is None:
        raise NotFound
    return case


def cases_to_mail() -> QuerySet[ReviewCase]:
    """Those whose writers are still to be told of a decision that changed the page, or of what became of an appeal."""
    decided = Q(told_at=None, state=CaseState.DECIDED) & ~Q(outcome=CaseOutcome.KEEP)
    return ReviewCase.objects.filter(decided | Q(appeal_told_at=None, appeal_decided_at__isnull=False))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a moderator looks at: flags with their weight and not with their names, and what was decided before."""

    flags: list[ReviewFlag]
    vouches: int
    vouched_weight: int
    before: list[ReviewCase]  # of the same writer
    reviews_of_writer: int


def evidence(case: ReviewCase) -> Evidence:
    """The evidence of a case."""
    review = case.review
    vouches = review.vouches.aggregate(count=Count("pk"), weight=Sum("weight", default=0)) if review else {}
    before = ReviewCase.objects.filter(writer=case.writer).exclude(pk=case.pk).exclude(outcome="")
    return Evidence(
        flags=list(review.flags.all()) if review else [],
        vouches=vouches.get("count", 0),
        vouched_weight=vouches.get("weight", 0),
        before=list(before.select_related("work")[:10]),
        reviews_of_writer=Review.objects.filter(user=case.writer).count(),
    )


def _shown(work_id: int) -> QuerySet[Review]:
    return Review.objects.shown().filter(work=work_id).select_related("user__standing", "reply__author")


def _parse_cursor(text: str) -> tuple[int, int] | None:
    score, _dash, key = text.partition("-")
    if not (score.isdecimal() and key.isdecimal() and score.isascii() and key.isascii()):
        return None
    numbers = int(score), int(key)
    return numbers if max(numbers) < _LARGEST else None
