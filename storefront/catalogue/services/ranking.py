"""Compute the rankings and plan the turns on the fresh shelf.

This is the only writer of both. It is safe to run at any time and as often as you like.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from storefront.catalogue.models import FreshBook, FreshDay, Listing, RankedBook, RankingSnapshot
from storefront.catalogue.models.listing import NO_RATING_SCORE
from storefront.catalogue.recompute_ranking import (
    FORMULAS,
    RULES,
    Book,
    book_json,
    order,
    proved,
    rated,
    rules_json,
    timetable,
)
from storefront.catalogue.selectors import fresh as fresh_selectors
from storefront.catalogue.vote_rules import Votes

# Requests that began with a snapshot must be able to finish with it.
_KEPT_SNAPSHOTS = 3
_KEPT_DAYS = timedelta(days=RULES.fresh_days + 7)
# The next day's turns are planned from this hour (UTC), for the books that are on sale by then.
PLANNED_FROM = time(23)
_BATCH = 5000


def make_ranking(votes: Votes, *, at: datetime) -> RankingSnapshot:
    """Rank all books by `votes`, which end with the day before. Return the existing snapshot if nothing changed."""
    today = at.astimezone(UTC).date()
    inputs = {pk: book_json(book) for pk, book in votes.books.items()}
    digest = _digest(today, votes.others_needed, inputs)
    newest = RankingSnapshot.objects.first()
    if newest is not None and newest.digest == digest:  # most runs end here, without a lock
        return newest
    _rate(votes.books, newest, today)
    with transaction.atomic():
        # If two runs overlap, the second waits for the first here and then finds its snapshot.
        RankingSnapshot.objects.select_for_update().order_by("-pk").first()
        newest = RankingSnapshot.objects.first()
        if newest is not None and newest.digest == digest:
            return newest
        made = RankingSnapshot.objects.create(made_at=at, day=today, others_needed=votes.others_needed, digest=digest)
        places = {shelf: _places(shelf, votes.books, today) for shelf in FORMULAS}
        RankedBook.objects.bulk_create(
            (
                RankedBook(
                    snapshot=made,
                    listing_id=pk,
                    inputs=one,
                    rising_place=places["rising"].get(one["slug"]),
                    bestselling_place=places["bestselling"].get(one["slug"]),
                    rated_place=places["rated"].get(one["slug"]),
                )
                for pk, one in inputs.items()
            ),
            batch_size=_BATCH,
        )
        kept = RankingSnapshot.objects.order_by("-pk").values_list("pk", flat=True)[:_KEPT_SNAPSHOTS]
        old = RankingSnapshot.objects.exclude(pk__in=list(kept))
        RankedBook.objects.filter(snapshot__in=old).delete()
        old.delete()
    return made


@transaction.atomic
def plan_fresh(*, at: datetime) -> None:
    """Plan today's turns, and from 23:00 UTC also tomorrow's, unless they are already planned."""
    moment = at.astimezone(UTC)
    days = [moment.date()]
    if moment.time() >= PLANNED_FROM:
        days.append(moment.date() + timedelta(days=1))
    planned = set(FreshDay.objects.filter(day__in=days).values_list("day", flat=True))
    for day in days:
        if day not in planned:
            _plan_day(day, at)
    FreshDay.objects.filter(day__lt=moment.date() - _KEPT_DAYS).delete()


def planned_until(day: date) -> datetime:
    """Return the moment before which a book must go on sale to take turns on the day."""
    return datetime.combine(day - timedelta(days=1), PLANNED_FROM, UTC)


def _plan_day(day: date, at: datetime) -> None:
    until = planned_until(day)
    since = until - timedelta(days=RULES.fresh_days)
    on_sale = Listing.objects.on_sale().filter(is_adult=False, release_date=None, published_at__lt=until)
    facts = ("slug", "pk", "work__owner", fresh_selectors.separate_pen_name("work"))
    new = list(on_sale.filter(published_at__gte=since).values_list(*facts))
    missing = max(0, RULES.fresh_seats - len(new))  # after two quiet weeks, older ones fill the seats
    others = on_sale.filter(published_at__lt=since).order_by("-published_at", "-pk").values_list(*facts)[:missing]
    keys, accounts = dict[str, int](), defaultdict[tuple[int, str], list[str]](list)
    for slug, pk, owner, name in (*new, *others):
        keys[slug] = pk
        accounts[owner, name.casefold()].append(slug)
    found = timetable(day, accounts.values())
    made, is_made = FreshDay.objects.get_or_create(
        day=day,
        defaults={"minutes": found.minutes, "seats": RULES.fresh_seats, "books": len(keys), "made_at": at},
    )
    if not is_made:
        return
    new_ones = {slug for slug, _pk, _owner, _name in new}
    FreshBook.objects.bulk_create(
        (
            FreshBook(day=made, listing_id=keys[slug], place=turn * RULES.fresh_seats + seat, is_new=slug in new_ones)
            for turn, stands in enumerate(found.turns)
            for seat, slug in enumerate(stands)
        ),
        batch_size=_BATCH,
    )


def _rate(books: Mapping[int, Book], newest: RankingSnapshot | None, today: date) -> None:
    """Store the points that proved votes alone give on the best rated shelf, by which the catalogue is sorted.

    This happens before the snapshot is created, so an interrupted run is repeated in full. Transactions are small
    because buyers wait for the same rows.
    """
    scores = {pk: rated(book, today, RULES, proved) or NO_RATING_SCORE for pk, book in books.items()}
    left = RankedBook.objects.filter(snapshot=newest).values_list("listing", flat=True) if newest is not None else ()
    keys = sorted({*scores, *left})
    for start in range(0, len(keys), _BATCH):
        rows = Listing.objects.filter(pk__in=keys[start : start + _BATCH]).values_list("pk", "rating_score")
        wrong = defaultdict[int, list[int]](list)
        for pk, score in rows:
            if score != scores.get(pk, NO_RATING_SCORE):
                wrong[scores.get(pk, NO_RATING_SCORE)].append(pk)
        for score, found in wrong.items():
            with transaction.atomic():
                list(
                    Listing.objects.select_for_update(no_key=True).filter(pk__in=found).order_by("pk").values_list("pk")
                )
                Listing.objects.filter(pk__in=found).update(rating_score=score)


def _places(shelf: str, books: Mapping[int, Book], today: date) -> dict[str, int]:
    return {one.book.slug: one.place for one in order(shelf, books.values(), today)}


def _digest(today: date, others_needed: int, inputs: Mapping[int, Mapping[str, object]]) -> str:
    summed = hashlib.sha256(json.dumps([today.isoformat(), others_needed, rules_json()]).encode())
    for pk in sorted(inputs):
        summed.update(json.dumps(inputs[pk], sort_keys=True).encode())
    return summed.hexdigest()
