"""Reviews for display: a book's reviews, filtered and sorted, and a single review for one visitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User, displayed_name
from accounts.permissions import Visitor
from common.errors import NotFound
from publishing.selectors import pen_name, pen_names
from storefront.catalogue.models import Listing
from storefront.community import permissions, standing_rules
from storefront.community.models import (
    CaseOutcome,
    FlagRule,
    Fold,
    HelpfulVote,
    Review,
    ReviewCase,
    ReviewFlag,
    ReviewReply,
    Standing,
    Uncounted,
)

FIRST_PAGE = 20
_ON_A_BOOKS_PAGE = 5  # the rest is a link away, by stars and by date
SORTS = ("helpful", "newest")
_LARGEST = 2**31
_UNCOUNTED = {
    Uncounted.FREE: gettext_lazy("got this copy free or nearly free; these stars do not count"),
    Uncounted.MAKER: gettext_lazy("is now a contributor to the book; these stars do not count"),
    Uncounted.COPY: gettext_lazy("got one of several copies that someone bought to hand out; these stars do not count"),
}


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """Filters from the URL; `stars` is 0 for all."""

    stars: int = 0
    sort: str = SORTS[0]
    after: str = ""

    @classmethod
    def of(cls, stars: str, sort: str, after: str) -> ReviewFilters:
        """Parse URL parameters; unknown values are ignored."""
        return cls(int(stars) if stars in {"1", "2", "3", "4", "5"} else 0, sort if sort in SORTS else SORTS[0], after)


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """A page of a book's reviews. `counts` are the numbers of 5, 4, 3, 2 and 1 star reviews, as (stars, count)."""

    listing: Listing
    filters: ReviewFilters
    reviews: list[Review]
    next_cursor: str
    counts: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """Everything that pages show of a review.

    `points` and `is_curator` are its writer's standing. Without a reply, its fields are "" or None.
    """

    public_id: str
    writer: str
    points: int
    is_curator: bool
    stars: int
    title: str
    body: str
    fold: str
    fold_rule: str
    uncounted: str
    is_verified: bool
    is_advance: bool
    helpful_count: int
    day: date
    replier: str
    reply: str
    reply_day: date | None
    reply_changed_day: date | None
    reply_fold: str = ""

    @property
    def level(self) -> str:
        """Return the label of the writer's standing."""
        return str(standing_rules.level(self.points, is_curator=self.is_curator))

    @property
    def of_five(self) -> str:
        """Return the stars in words."""
        return _("%(stars)s of 5 stars") % {"stars": self.stars}

    @property
    def drawn_stars(self) -> str:
        return "★" * self.stars + "☆" * (5 - self.stars)

    @property
    def heading(self) -> str:
        """Return the title, unless it is missing or stands in the collapsed text."""
        return self.of_five if self.fold else self.title or self.of_five

    @property
    def uncounted_note(self) -> str:
        """Return why its stars do not count, and whether the writer had a free advance copy; "" if nothing is to be
        said."""
        if self.is_advance and self.is_verified and not self.uncounted:
            return _("received a free advance copy and bought the book")
        if self.is_advance and not self.is_verified:
            return _("received a free advance copy; these stars do not count")
        if not self.is_verified:
            return _("returned the book; these stars do not count")
        return str(_UNCOUNTED.get(Uncounted(self.uncounted), ""))

    @property
    def fold_label(self) -> str:
        """Return why the text is collapsed; "" if it is not."""
        if self.fold == Fold.SPOILER:
            return _("Contains spoilers")
        if self.fold == Fold.FLAGGED:
            rule = FlagRule(self.fold_rule).label if self.fold_rule else ""
            return _("Collapsed by a machine because readers flagged it: %(rule)s. A moderator will look at it.") % {
                "rule": rule
            }
        return ""


def first_reviews(work_id: int) -> list[ReviewCard]:
    """Return the most helpful reviews of a work, ready for display, in one query."""
    rows = _shown(work_id).order_by("-helpful_score", "-pk")
    return [shown(review) for review in rows[:_ON_A_BOOKS_PAGE]]


def shown(review: Review) -> ReviewCard:
    """Convert a review for display. It should be loaded with its writer, their standing and the reply."""
    standing: Standing | None = getattr(review.user, "standing", None)
    reply: ReviewReply | None = getattr(review, "reply", None)
    if reply is not None and reply.fold == Fold.HIDDEN:
        reply = None
    return ReviewCard(
        public_id=review.public_id,
        writer=displayed_name(review.user.display_name),
        points=standing.points if standing else 0,
        is_curator=standing.is_curator if standing else False,
        stars=review.stars,
        title=review.title,
        body=review.body,
        fold=review.fold,
        fold_rule=review.fold_rule,
        uncounted=review.uncounted,
        is_verified=review.is_verified,
        is_advance=review.is_advance,
        helpful_count=review.helpful_count,
        day=review.created_at.date(),
        replier=replier_of(review, reply) if reply else "",
        reply=reply.body if reply else "",
        reply_day=reply.created_at.date() if reply else None,
        reply_changed_day=reply.changed_at.date() if reply and reply.changed_at != reply.created_at else None,
        reply_fold=reply.fold if reply else "",
    )


def replier_of(review: Review, reply: ReviewReply) -> str:
    """Return the name of the author who replied: their pen name, if the book credits them under one."""
    if hasattr(review, "replier"):  # annotated by `_with_replier`
        known: str | None = review.replier
    else:
        known = pen_name(reply.author, work_id=review.work_id)
    return known or displayed_name(reply.author.display_name)


def _with_replier(rows: QuerySet[Review]) -> QuerySet[Review]:
    made = pen_names(OuterRef("reply__author"), OuterRef("work"))
    return rows.annotate(replier=Subquery(made.values("name")[:1]))


def reviews_page(listing: Listing, filters: ReviewFilters) -> ReviewsPage:
    """Return one page of a work's reviews, in one query at any depth. An invalid cursor gives the first page."""
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
    """Return the numbers of 5, 4, 3, 2 and 1 star reviews, from the listing."""
    counts = listing.details.stars
    return [(stars, counts[stars - 1]) for stars in range(5, 0, -1)]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One review with what the visitor may do: nothing, without an account."""

    review: Review
    has_voted: bool = False
    flag: ReviewFlag | None = None
    may_vote: bool = False
    may_flag: bool = False
    may_vouch: bool = False
    may_reply: bool = False
    may_remove_reply: bool = False
    reply_flag: ReviewFlag | None = None
    may_flag_reply: bool = False
    is_reply_held: bool = False  # shown to those who could otherwise change or remove it
    is_reply_hidden: bool = False  # shown to its writer and to moderators
    case: ReviewCase | None = None  # the last decision on the review or the reply, for its writer

    @property
    def is_found(self) -> bool:
        """Return whether search engines may index it: it is shown in full, and its book is on sale."""
        return not self.review.fold and self.review.work.listing.is_on_sale


def review_page(*, user: Visitor, review_id: str) -> ReviewPage:
    """Return the review's page. Raises NotFound, also for a removed review unless the visitor is its writer or
    moderates."""
    rows = Review.objects.select_related("user__standing", "work__listing", "reply__author")
    review = _with_replier(rows).filter(public_id=review_id).first()
    if review is None or not permissions.may_see_review(user, review):
        raise NotFound
    return _page_for(user, review) if isinstance(user, User) else ReviewPage(review=review)


def _page_for(user: User, review: Review) -> ReviewPage:
    flag = ReviewFlag.objects.filter(review=review, user=user).first()
    reply: ReviewReply | None = getattr(review, "reply", None)
    reply_flag = ReviewFlag.objects.filter(reply=reply, user=user).first() if reply is not None else None
    is_mine = reply is not None and reply.author_id == user.pk
    return ReviewPage(
        review=review,
        has_voted=HelpfulVote.objects.filter(review=review, user=user).exists(),
        flag=flag,
        may_vote=permissions.may_mark_helpful(user, review),
        may_flag=flag is None and permissions.may_flag(user, review),
        may_vouch=permissions.may_vouch(user, review),
        may_reply=permissions.may_reply(user, review),
        may_remove_reply=reply is not None and permissions.may_remove_reply(user, reply),
        reply_flag=reply_flag,
        may_flag_reply=reply is not None and reply_flag is None and permissions.may_flag_reply(user, reply),
        is_reply_held=reply is not None
        and permissions.is_behind_reply(user, reply)
        and permissions.is_reply_held(reply),
        is_reply_hidden=reply is not None and reply.fold == Fold.HIDDEN and (is_mine or permissions.may_moderate(user)),
        case=_decided_of(user, review, reply),
    )


def _decided_of(user: User, review: Review, reply: ReviewReply | None) -> ReviewCase | None:
    """Return the last decision on what the person wrote here."""
    about = Q(review=review) | Q(reply__isnull=False, reply=reply)
    decided = ReviewCase.objects.filter(about, writer=user).exclude(decided_at=None)
    return decided.exclude(outcome=CaseOutcome.KEEP).first()  # of which a writer never learns


def review_of(review_id: str) -> Review:
    """Return the review with this public id. Raises NotFound."""
    review = Review.objects.select_related("work").filter(public_id=review_id).first()
    if review is None:
        raise NotFound
    return review


def _shown(work_id: int) -> QuerySet[Review]:
    rows = Review.objects.shown().filter(work=work_id).select_related("user__standing", "reply__author")
    return _with_replier(rows)


def _parse_cursor(text: str) -> tuple[int, int] | None:
    score, _dash, key = text.partition("-")
    if not (score.isdecimal() and key.isdecimal() and score.isascii() and key.isascii()):
        return None
    numbers = int(score), int(key)
    return numbers if max(numbers) < _LARGEST else None
