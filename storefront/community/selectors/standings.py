"""Calculates standing from votes, cases and typos: for everybody or for some people in three queries, or for one person
with reasons.

A reader earns one point for each other person who found any of their reviews helpful. That person must have kept a paid
book that the writer did not contribute to, and must not have had a review removed. People who find each other's reviews
helpful count once in total. A review removed by a moderator costs PENALTY points.

Each author who accepted a typo that the reader found adds a point, if the reader has paid for that book and kept it and
did not make it: MAX_TYPO_POINTS at most.

So n colluding accounts, each of which has paid for a book, can give one of them n - 1 points. Of the n(n-1) votes among
them, only one direction of each pair counts in full: their points cannot add up to more than n(n-1)/2 + n. All of them
reach `t` points only if n >= 2t - 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from publishing.editing.models import Decision
from publishing.models import Contributor
from storefront.checkout.models import Entitlement
from storefront.community import standing_rules
from storefront.community.models import Fold, HelpfulVote, ReviewCase, Standing
from storefront.reading.models import TypoReport, TypoState


def counting_votes() -> QuerySet[Any]:
    """Return the votes (HelpfulVote) that can earn points, annotated with `writer` and whether they are `mutual`."""
    kept = Entitlement.objects.filter(user=OuterRef("user"), ended_at=None, line__paid_minor__gt=0)
    made = Contributor.objects.filter(work=OuterRef("work"), user=OuterRef(OuterRef("review__user")))
    elsewhere = kept.exclude(work__owner=OuterRef("review__user")).filter(~Exists(made))
    returned = HelpfulVote.objects.filter(user=OuterRef("review__user"), review__user=OuterRef("user"))
    votes = HelpfulVote.objects.filter(review__is_verified=True).exclude(review__fold=Fold.HIDDEN)
    return votes.filter(
        Exists(elsewhere), ~Exists(ReviewCase.objects.against().filter(writer=OuterRef("user")))
    ).annotate(writer=F("review__user"), mutual=Exists(returned))


def points(users: Collection[int] | None = None) -> dict[int, int]:
    """Return points by user (primary key), for everybody or for these users; missing users have none."""
    votes, cases = counting_votes(), ReviewCase.objects.against()
    if users is not None:
        votes, cases = votes.filter(review__user__in=users), cases.filter(writer__in=users)
    found: Counter[int] = Counter()
    for writer, mutual, people in (
        votes.order_by().values_list("writer", "mutual").annotate(people=Count("user", distinct=True))
    ):
        found[writer] += min(people, 1) if mutual else people
    for reader, authors in (
        accepted_typos(users).order_by().values_list("user").annotate(authors=Count("work__owner", distinct=True))
    ):
        found[reader] += min(authors, standing_rules.MAX_TYPO_POINTS)
    for writer, count in cases.order_by().values_list("writer").annotate(count=Count("pk")):
        found[writer] -= standing_rules.PENALTY * count
    return dict(found)


def accepted_typos(users: Collection[int] | None = None) -> QuerySet[Any]:
    """Return the typo reports (TypoReport) that can earn points, of everybody or of these users."""
    in_the_text = TypoReport.suggestions.through.objects.filter(
        Q(correction__decision__in=(Decision.ACCEPTED, Decision.MERGED))
        | Q(correction__decision=Decision.REVISED, correction__counts_from__isnull=False),
        typoreport=OuterRef("pk"),
    )
    kept = Entitlement.objects.filter(
        user=OuterRef("user"), work=OuterRef("work"), ended_at=None, line__paid_minor__gt=0
    )
    made = Contributor.objects.filter(work=OuterRef("work"), user=OuterRef("user"))
    reports = TypoReport.objects.exclude(state=TypoState.DECLINED).exclude(work__owner=F("user"))
    if users is not None:
        reports = reports.filter(user__in=users)
    return reports.filter(Q(state=TypoState.DONE) | Exists(in_the_text), Exists(kept), ~Exists(made))


def helpful_voter_counts(reviews: Collection[int] | None = None) -> Counter[int]:
    """Return, by review (primary key), how many people with counting votes found it helpful, for all or for these
    reviews. People who vote for each other count once in total."""
    votes = counting_votes() if reviews is None else counting_votes().filter(review__in=reviews)
    found: Counter[int] = Counter()
    for review, mutual, people in votes.order_by().values_list("review", "mutual").annotate(people=Count("pk")):
        found[review] += min(people, 1) if mutual else people
    return found


def writers_voted_for(user_id: int) -> set[int]:
    """Return the writers (primary keys) of reviews the person found helpful: their points may depend on the person."""
    return set(HelpfulVote.objects.filter(user=user_id).values_list("review__user", flat=True))


@dataclass(frozen=True, slots=True)
class Reason:
    """Part of a person's points. `kind` is helpful, mutual, typo or hidden; `title` is the reviewed book's, or the one
    with the typo."""

    kind: str
    points: int
    title: str = ""
    slug: str = ""
    at: datetime | None = None
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class StandingPage:
    standing: Standing
    reasons: list[Reason]
    next_at: int | None
    is_complete: bool  # the reasons add up to the points; not so between a purchase and the next nightly recount


def standing_page(user: User) -> StandingPage:
    """Return the person's standing with the reasons for its points, newest first."""
    standing = Standing.objects.filter(user=user).first() or Standing(user=user)
    reasons = [*_earned(user), *_thanked(user), *_lost(user)]
    steps = (standing_rules.FLAG_AT, standing_rules.VOUCH_AT, standing_rules.CURATE_AT)
    return StandingPage(
        standing=standing,
        reasons=sorted(reasons, key=lambda one: (one.at is None, -(one.at.timestamp() if one.at else 0))),
        next_at=next((step for step in steps if standing.points < step), None),
        is_complete=sum(one.points for one in reasons) == standing.points,
    )


def _earned(user: User) -> list[Reason]:
    """Return the reasons for earned points. Each voter's point is attributed to the first review they found helpful."""
    votes = counting_votes().filter(review__user=user).order_by("created_at", "pk")
    people: set[int] = set()
    by_review: Counter[int] = Counter()
    facts: dict[int, tuple[str, str, datetime]] = {}
    has_mutual = False
    for voter, mutual, review_id, title, slug, at in votes.values_list(
        "user", "mutual", "review", "review__work__title", "review__work__slug", "created_at"
    ):
        if mutual:
            has_mutual = True
        elif voter not in people:
            people.add(voter)
            by_review[review_id] += 1
            facts[review_id] = (title, slug, at)
    found = [Reason("helpful", count, *facts[review_id]) for review_id, count in by_review.items()]
    return [*found, Reason("mutual", 1)] if has_mutual else found


def _thanked(user: User) -> list[Reason]:
    """Return the points for typos, each attributed to the first one that its author accepted."""
    first: dict[int, Reason] = {}
    found = accepted_typos([user.pk]).order_by("made_at", "pk")
    for owner, title, slug, at in found.values_list("work__owner", "work__title", "work__slug", "made_at"):
        first.setdefault(owner, Reason("typo", 1, title, slug, at))
    return list(first.values())[: standing_rules.MAX_TYPO_POINTS]


def _lost(user: User) -> list[Reason]:
    cases = ReviewCase.objects.against().filter(writer=user).select_related("work")
    return [
        Reason("hidden", -standing_rules.PENALTY, case.work.title, case.work.slug, case.decided_at, case.public_id)
        for case in cases
        if case.work is not None
    ]
