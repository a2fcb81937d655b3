"""Recalculates standing: for the people affected by a change at once, and for everybody each night."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from common import jobs
from publishing.models import Work
from storefront.catalogue.services.versions import bump_version
from storefront.checkout.models import Entitlement
from storefront.community import standing_rules
from storefront.community.models import Review, Standing
from storefront.community.selectors import standings
from storefront.community.services import ratings, review_sorting

_CHUNK = 1000


def lock(users: Collection[int]) -> None:
    """Lock these people's standings, in order, until the transaction ends.

    Otherwise, two votes at the same time would each be calculated without the other. Lock order: standings, then
    reviews, then listings.
    """
    Standing.objects.bulk_create([Standing(user_id=pk) for pk in sorted(users)], ignore_conflicts=True)
    list(Standing.objects.select_for_update().filter(user__in=users).order_by("user_id"))


def recount(users: Collection[int], *, at: datetime) -> None:
    """Recalculate the points of these people, whose standings the caller has locked."""
    _write(standings.points(users, at=at), list(Standing.objects.filter(user__in=users)), at)


@transaction.atomic
def recount_everybody(*, at: datetime) -> int:
    """Recalculate all points from votes and cases; return how many were wrong. Votes wait in the meantime."""
    missing = standings.points(at=at).keys() - set(Standing.objects.values_list("user_id", flat=True))
    rows = [Standing(user_id=pk) for pk in sorted(missing)]
    Standing.objects.bulk_create(rows, batch_size=_CHUNK, ignore_conflicts=True)
    locked = list(Standing.objects.select_for_update().order_by("user_id"))
    return _write(standings.points(at=at), locked, at)


@transaction.atomic
def recalculate_with_voted_for(*, user_id: int, at: datetime) -> None:
    """Recalculate the person, and everybody whose points and reviews' order may depend on them."""
    people = {user_id, *standings.writers_voted_for(user_id)}
    lock(people)
    review_sorting.rescore_all(review_sorting.locked_votes_of(user_id))
    recount(people, at=at)


@transaction.atomic
def update_after_entitlement_change(*, user_id: int, at: datetime) -> None:
    """Update the person's reviews after their entitlements changed: for a returned book they do not count. Safe to
    repeat."""
    people = {user_id, *standings.writers_voted_for(user_id)}
    lock(people)
    reviews = review_sorting.locked_around(user_id)
    mine = [review for review in reviews if review.user_id == user_id]
    kept = Entitlement.objects.filter(user=user_id, ended_at=None, work__in=[review.work_id for review in mine])
    kept_works = set(kept.values_list("work", flat=True))
    changed = [review for review in mine if review.is_verified != (review.work_id in kept_works)]
    for review in changed:
        review.is_verified = not review.is_verified
    Review.objects.bulk_update(changed, ["is_verified"], batch_size=_CHUNK)
    review_sorting.rescore_all([*changed, *(review for review in reviews if review.user_id != user_id)])
    recount(people, at=at)
    for work in Work.objects.filter(pk__in=[review.work_id for review in changed]).order_by("pk"):
        ratings.refresh(work)


@transaction.atomic
def note_all_entitlements(*, at: datetime) -> None:
    """Enqueue `update_after_entitlement_change` for everybody whose reviews do not match their library, because a
    message was lost.
    """
    kept = Entitlement.objects.filter(user=OuterRef("user"), work=OuterRef("work"), ended_at=None)
    wrong = Review.objects.annotate(is_kept=Exists(kept))
    for verified in (True, False):
        users = wrong.filter(is_verified=verified, is_kept=not verified).order_by("user_id")
        for user_id in users.values_list("user_id", flat=True).distinct()[:_CHUNK]:
            jobs.enqueue("community.note_entitlements", user_id=user_id)


def recount_stars() -> None:
    """Recount the stars of books with wrongly marked reviews, as left by a lost message or an update."""
    for work in Work.objects.filter(pk__in=ratings.works_marked_wrongly()).order_by("pk"):
        ratings.refresh(work)


def _write(points: dict[int, int], rows: Collection[Standing], at: datetime) -> int:
    changed, turned = [], False
    for row in rows:
        found = points.get(row.user_id, 0)
        is_curator = standing_rules.stays_curator(found, is_curator=row.is_curator)
        if is_curator != row.is_curator:
            turned = True
        if (found, is_curator) != (row.points, row.is_curator):
            row.points, row.is_curator, row.changed_at = found, is_curator, at
            changed.append(row)
    Standing.objects.bulk_update(changed, ["points", "is_curator", "changed_at"], batch_size=_CHUNK)
    if turned:  # their shelves are now shown or hidden; after commit, because listings are locked before the version
        transaction.on_commit(bump_version)
    return len(changed)
