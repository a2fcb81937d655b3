"""Counts what standing is calculated from: votes, cases and typos, for everybody or for some people in three queries,
or for one person with reasons. What the counts come to is in recompute_standing.py.

So n colluding accounts, each of which has paid for a book, can give one of them n - 1 points. Of the n(n-1) votes among
them, only one direction of each pair counts in full: their points cannot add up to more than n(n-1)/2 + n. All of them
reach `t` points only if n >= 2t - 1.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from publishing.editing.models import Decision
from publishing.models import Contributor
from storefront.checkout.models import Entitlement
from storefront.community import recompute_standing, standing_rules
from storefront.community.models import Fold, HelpfulVote, Review, ReviewCase, Standing
from storefront.community.recompute_standing import QUARTERS, RULES, Counts
from storefront.community.standing_rules import Right
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


def points(users: Collection[int] | None = None, *, at: datetime) -> dict[int, int]:
    """Return points by user (primary key), for everybody or for these users; missing users have none."""
    return {user: recompute_standing.points_of(one) for user, one in counts(users, at=at).items()}


def counts(users: Collection[int] | None = None, *, at: datetime) -> dict[int, Counts]:
    """Return what counts, by user (primary key) and age."""
    votes, cases = counting_votes(), ReviewCase.objects.against()
    if users is not None:
        votes, cases = votes.filter(review__user__in=users), cases.filter(writer__in=users)
    found: defaultdict[int, dict[str, tuple[int, ...]]] = defaultdict(dict)
    people = _by_age("user", "created_at", at)
    for writer, mutual, *within in votes.order_by().values_list("writer", "mutual").annotate(**people):
        found[writer]["mutual" if mutual else "helpful"] = _apart(within)
    authors = _by_age("work__owner", "made_at", at)
    for reader, *within in accepted_typos(users).order_by().values_list("user").annotate(**authors):
        found[reader]["typos"] = _apart(within)
    removed = _by_age("pk", "decided_at", at)
    for writer, *within in cases.order_by().values_list("writer").annotate(**removed):
        found[writer]["removed"] = _apart(within)
    return {user: Counts(**by_kind) for user, by_kind in found.items()}


def _by_age(counted: str, moment: str, at: datetime) -> dict[str, Count]:
    """Return the counts of what happened within one year, within two, and so on: people count where they are newest."""
    return {
        f"within_{years}": Count(
            counted, distinct=True, filter=Q(**{f"{moment}__gt": at - years * standing_rules.YEAR})
        )
        for years in range(1, len(RULES.quarters_by_year) + 1)
    }


def _apart(within: Sequence[int]) -> tuple[int, ...]:
    """Return how many are in each year, of the numbers within one, two and more."""
    return tuple(count - before for before, count in pairwise([0, *within]))


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
    quarters: int  # of a point
    title: str = ""
    slug: str = ""
    at: datetime | None = None
    case_id: str = ""

    @property
    def points(self) -> Decimal:
        return Decimal(self.quarters) / QUARTERS


@dataclass(frozen=True, slots=True)
class StandingPage:
    standing: Standing
    reasons: list[Reason]
    rights: list[Right]
    next_at: int | None
    is_complete: bool  # the reasons add up to the points; not so between a purchase and the next nightly recount


def standing_page(user: User, *, at: datetime) -> StandingPage:
    """Return the person's standing with the reasons for its points, newest first."""
    standing = Standing.objects.filter(user=user).first() or Standing(user=user)
    reasons = [one for one in (*_earned(user, at), *_thanked(user, at), *_lost(user, at)) if one.quarters]
    return StandingPage(
        standing=standing,
        reasons=sorted(reasons, key=lambda one: (one.at is None, -(one.at.timestamp() if one.at else 0))),
        rights=standing.rights,
        next_at=next((rule.points for rule in standing_rules.RIGHTS if standing.points < rule.points), None),
        is_complete=sum(one.quarters for one in reasons) // QUARTERS == standing.points,
    )


def published(at: datetime) -> dict[str, Any]:
    """Return everybody whose standing others can see by a label, in the format of recompute_standing.py."""
    with_label = Standing.objects.select_related("user").filter(
        points__gte=standing_rules.FLAG_AT, user__is_active=True
    )
    people = list(with_label.order_by("-points", "user__public_id"))
    users = [one.user_id for one in people]
    reviews: defaultdict[int, list[str]] = defaultdict(list)
    shown = Review.objects.filter(user__in=users).exclude(fold=Fold.HIDDEN).order_by("pk")
    for user_id, review_id in shown.values_list("user", "public_id"):
        reviews[user_id].append(review_id)
    counted = counts(users, at=at)
    rows = []
    for one in people:
        found = counted.get(one.user_id, Counts())
        points = recompute_standing.points_of(found)
        rights = standing_rules.rights_of(points, is_curator=one.is_curator)
        row = {"name": one.user.display_name, "reviews": reviews[one.user_id], "counts": found}
        rows.append({**row, "points": points, "rights": rights})
    return recompute_standing.to_json(rows, {rule.right: rule.points for rule in standing_rules.RIGHTS})


def _quarters_at(moment: datetime, at: datetime) -> int:
    """Return what something of that moment counts, in quarters."""
    years = max(0, (at - moment) // standing_rules.YEAR)
    return RULES.quarters_by_year[years] if years < len(RULES.quarters_by_year) else 0


def _earned(user: User, at: datetime) -> list[Reason]:
    """Return the reasons for earned points. Each voter's point is attributed to the review they voted for last."""
    votes = counting_votes().filter(review__user=user).order_by("-created_at", "-pk")
    people: set[int] = set()
    by_review: Counter[int] = Counter()
    facts: dict[int, tuple[str, str, datetime]] = {}
    mutually = 0
    for voter, mutual, review_id, title, slug, voted_at in votes.values_list(
        "user", "mutual", "review", "review__work__title", "review__work__slug", "created_at"
    ):
        if voter in people:
            continue
        people.add(voter)
        if mutual:
            mutually += _quarters_at(voted_at, at)
            continue
        by_review[review_id] += _quarters_at(voted_at, at)
        facts.setdefault(review_id, (title, slug, voted_at))
    found = [Reason("helpful", count, *facts[review_id]) for review_id, count in by_review.items()]
    return [*found, Reason("mutual", min(mutually, QUARTERS))]


def _thanked(user: User, at: datetime) -> list[Reason]:
    """Return the points for typos, each attributed to the last one that its author accepted."""
    found = accepted_typos([user.pk]).order_by("-made_at", "-pk")
    last: dict[int, Reason] = {}
    left = QUARTERS * standing_rules.MAX_TYPO_POINTS
    for owner, title, slug, made_at in found.values_list("work__owner", "work__title", "work__slug", "made_at"):
        if owner not in last:
            last[owner] = Reason("typo", min(left, _quarters_at(made_at, at)), title, slug, made_at)
            left -= last[owner].quarters
    return list(last.values())


def _lost(user: User, at: datetime) -> list[Reason]:
    cases = ReviewCase.objects.against().filter(writer=user).select_related("work")
    return [
        Reason(
            "hidden",
            -standing_rules.PENALTY * _quarters_at(case.decided_at, at),
            *(case.work.title, case.work.slug, case.decided_at, case.public_id),
        )
        for case in cases
        if case.work is not None and case.decided_at is not None
    ]
