"""Gifts as their givers, their recipients and finance see them."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from publishing.models import Edition, Price
from storefront.catalogue.models import Listing
from storefront.checkout.models import Gift, OrderLine, OrderState, Refund

_MAX_SHOWN = 24
# A day begins at noon UTC, when it is that day nearly everywhere and nowhere still the evening before.
_BY_MIDDAY = timedelta(hours=12)


def hash_of(token: str) -> str:
    """Return the stored hash of a link's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def gift_by_token(token: str) -> Gift | None:
    """Return the gift that a link names, whatever its state; None for a wrong link."""
    rows = Gift.objects.select_related("line__order__buyer", "line__edition__work__listing")
    return rows.filter(token_hash=hash_of(token)).first()


def is_exchangeable_for(line: OrderLine, *, currency: str, edition: Edition) -> bool:
    """Return whether the gift of this line may be exchanged for that book: on sale, at exactly the price that was paid.

    A price reduced by a coupon stays with the book that the coupon was for, and so do copies to hand out: whoever buys
    thirty for a class wants thirty of this book.
    """
    if line.full_minor is not None or line.gift.is_copy or edition.work_id == line.edition.work_id:
        return False
    prices = Price.objects.filter(work=edition.work_id, currency=currency, list_price_minor=line.paid_minor)
    return prices.exists() and Edition.objects.on_sale().filter(pk=edition.pk).exists()


def books_instead(gift: Gift, *, query: str = "") -> list[Listing]:
    """Return the books that the gift may be exchanged for, by title; only those whose title or makers contain every
    word of the query."""
    line = gift.line
    if line.full_minor is not None or gift.is_copy:
        return []
    prices = Price.objects.filter(currency=line.order.currency, list_price_minor=line.paid_minor)
    rows = Listing.objects.on_sale().filter(release_date=None, work__in=prices.values("work"))
    rows = rows.exclude(work=line.edition.work_id)
    for word in query.split():
        rows = rows.filter(Q(title__icontains=word) | Q(byline__icontains=word))
    return list(rows.only("title", "byline", "cover", "slug", "edition").order_by("title", "pk")[:_MAX_SHOWN])


def open_gifts() -> QuerySet[Gift]:
    """Return paid gifts that have been neither redeemed nor taken back: their money is deferred."""
    rows = Gift.objects.filter(line__order__state=OrderState.PAID, redeemed_at=None, canceled_at=None).select_related(
        "line__order__buyer"
    )
    return rows.order_by("line__order__paid_at", "pk")


def gifts_to_mail(*, at: datetime) -> QuerySet[Gift]:
    """Return open gifts whose delivery date has come and whose email has not been sent; copies are handed out."""
    due = Q(deliver_on=None) | Q(deliver_on__lte=(at - _BY_MIDDAY).date())
    unsent = open_gifts().filter(due, mailed_at=None, copy_number=None)
    return unsent.exclude(line__refunds__in=Refund.objects.claiming())


def ended_after_opening() -> QuerySet[Gift]:
    """Return redeemed gifts whose price was refunded afterwards, where the recipient has not been told."""
    return Gift.objects.filter(redeemed_by__isnull=False, end_told_at=None, line__entitlement__ended_at__isnull=False)
