"""Whose stars count for a book: those of readers who kept a paid copy and did not contribute to the book.

A copy is free while the price is 0, with a coupon for the full price, or as a gift of a contributor: anybody could
get any number of stars that way, and so they could with a hundred copies that one account buys to hand out. Such a
review is shown, with a note. For a book that is free now, the stars of all readers count.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from publishing.models import Contributor, Edition, Price, Work
from storefront.catalogue.services import listings
from storefront.catalogue.vote_rules import MIN_PAID_MINOR
from storefront.checkout.models import Entitlement
from storefront.community.models import Review, Uncounted


@transaction.atomic
def mark_uncounted(work: Work) -> None:
    """Mark for each review of the work whether its stars count. Call it before locking listings.

    The caller may hold the lock of one review and another transaction that of another: locked reviews are skipped and
    left to their holder or to the nightly task. (SQLite has no row locks, so nothing is skipped.)
    """
    wrong = _judged().filter(work=work).exclude(uncounted=F("found"))
    rows = dict(wrong.select_for_update(skip_locked=True).order_by("pk").values_list("pk", "found"))
    for why in set(rows.values()):
        Review.objects.filter(pk__in=[pk for pk, found in rows.items() if found == why]).update(uncounted=why)


def works_marked_wrongly() -> list[int]:
    """Return the works (primary keys) with wrongly marked reviews, as can happen after an update of the shop."""
    wrong = _judged().filter(is_verified=True).exclude(uncounted=F("found"))
    return list(wrong.order_by("work_id").values_list("work_id", flat=True).distinct())


@transaction.atomic
def refresh(work: Work) -> None:
    """Store the star counts of the work's reviews in its listing, if it has one. Its rank by rating follows with the
    next ranking.
    """
    mark_uncounted(work)
    listing = listings.locked(work)
    if listing is None:
        return
    found = Review.objects.counted().filter(work=work).order_by().values_list("stars")
    stars = dict(found.annotate(count=Count("pk")))
    one, two, three, four, five = (stars.get(n, 0) for n in range(1, 6))
    listings.rate(listing, (one, two, three, four, five))


def edition_listed(edition: Edition) -> None:
    """Refresh the rating: a price or the contributors may have changed, and with them whose stars count.

    The caller has locked the listing already. `mark` may still lock reviews after that, because it waits for none.
    """
    if Review.objects.filter(work=edition.work_id).exists():
        refresh(edition.work)


def _judged() -> QuerySet[Any]:
    """Return reviews annotated with the `Uncounted` value that is right now, as `found`."""
    owned = Work.objects.filter(pk=OuterRef("work"), owner=OuterRef("user"))
    made = Contributor.objects.filter(work=OuterRef("work"))
    kept = Entitlement.objects.filter(user=OuterRef("user"), work=OuterRef("work"), ended_at=None)
    given = made.filter(user=OuterRef("line__order__buyer"))
    paid = kept.filter(~Exists(given), line__paid_minor__gte=MIN_PAID_MINOR).exclude(
        work__owner=F("line__order__buyer")
    )
    handed_out = Q(line__gift__copy_number__isnull=False) & ~Q(line__order__buyer=OuterRef("user"))
    costs = Price.objects.filter(work=OuterRef("work"), list_price_minor__gt=0)
    return Review.objects.annotate(
        found=Case(
            When(Exists(owned) | Exists(made.filter(user=OuterRef("user"))), then=Value(Uncounted.MAKER)),
            When(Exists(costs) & Exists(kept) & ~Exists(paid), then=Value(Uncounted.FREE)),
            When(Exists(costs) & Exists(kept) & ~Exists(paid.exclude(handed_out)), then=Value(Uncounted.COPY)),
            default=Value(Uncounted.NO),
            output_field=CharField(),
        )
    )
