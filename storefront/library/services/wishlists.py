"""Wish lists, and the alerts that are due when a price drops or a book comes out.

One email for each drop: after an alert, the next one follows only if the price is even lower, or has been as high as at
first in between.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts import regions
from accounts.models import User
from common import clock, jobs
from common.errors import NotFound
from publishing.models import Edition, Price, Work
from publishing.territories import Territory
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.cards import price_now, price_of
from storefront.checkout import permissions
from storefront.checkout.models import Entitlement, OrderLine, OrderState
from storefront.checkout.orders.selectors import reader_country
from storefront.library.errors import AlreadyOwnedWish
from storefront.library.models import AlertKind, ReaderMail, Wish, WishAlert

# How long a wish that was removed from the list can be restored.
_PUT_BACK = timedelta(days=1)
_BATCH = 500


@transaction.atomic
def add_wish(*, actor: User, slug: str, at: datetime) -> Wish:
    """Add the book to the actor's wish list, with today's price. Safe to repeat: the first price stays.

    Raises NotFound for a book that is not in the shop, AlreadyOwnedWish.
    """
    listing = Listing.objects.on_sale().select_related("work").filter(slug=slug).first()
    if listing is None:
        raise NotFound
    if permissions.works_bought_or_made(actor, [listing.work_id]):
        raise AlreadyOwnedWish(title=listing.title)
    currency = _currency(listing)
    wish, is_new = Wish.objects.select_for_update().get_or_create(
        user=actor,
        work=listing.work,
        defaults={
            "currency": currency,
            "wished_minor": _wished(listing, currency, at),
            "is_awaited": listing.release_date is not None,
            "wished_at": at,
        },
    )
    if not is_new and wish.removed_at is not None:
        wish.delete()
        return add_wish(actor=actor, slug=slug, at=at)
    return wish


@transaction.atomic
def remove(*, actor: User, work_id: str, at: datetime) -> None:
    """Remove the work (public id) from the actor's list; it can be restored for a day. Safe to repeat."""
    Wish.objects.filter(user=actor, work__public_id=work_id, removed_at=None).update(removed_at=at)


@transaction.atomic
def put_back(*, actor: User, work_id: str) -> None:
    """Undo `remove`: restore the wish as it was, with its original price."""
    Wish.objects.filter(user=actor, work__public_id=work_id).update(removed_at=None)


@transaction.atomic
def set_alert_price(*, actor: User, work_id: str, amount_minor: int | None) -> bool:
    """Alert the actor when the price is this or less, in the wish's currency; None for any lower price.

    Return whether it already is: the page says so, and an email follows with the next drop. Raises NotFound.
    """
    wish = Wish.objects.select_for_update().filter(user=actor, work__public_id=work_id, removed_at=None).first()
    if wish is None:
        raise NotFound
    price = Price.objects.at(clock.now()).filter(work=wish.work_id, currency=wish.currency).first()
    wish.below_minor, wish.alerted_minor = amount_minor, None
    is_so = _note_price(wish, _asked(price) if price is not None else None)
    wish.save(update_fields=["below_minor", "alerted_minor"])
    return is_so


def create_due_alerts(*, work_id: int, at: datetime) -> None:
    """Create the alerts that are due for the work (a primary key) and enqueue their emails. Safe to repeat."""
    territory = Work.objects.get(pk=work_id).territory
    is_out = Edition.objects.on_sale().filter(work=work_id).exists()
    prices = {price.currency: _asked(price) for price in Price.objects.at(at).filter(work=work_id)}
    last = 0
    while ids := list(_watching(work_id, territory).filter(pk__gt=last).values_list("pk", flat=True)[:_BATCH]):
        _check_some(ids, prices, is_out=is_out, at=at)
        last = ids[-1]


def forget_removed(*, at: datetime) -> None:
    """Delete removed wishes that can no longer be restored."""
    Wish.objects.filter(removed_at__lt=at - _PUT_BACK).delete()


def _watching(work_id: int, territory: Territory) -> QuerySet[Wish]:
    """Return the wishes on the lists of people who neither have nor pre-ordered the book and can buy it, as far as
    their country is known."""
    has_it = Entitlement.objects.filter(user=OuterRef("user"), work=OuterRef("work"), ended_at=None)
    gets_it = OrderLine.objects.filter(
        order__buyer=OuterRef("user"),
        order__state=OrderState.PAID,
        edition__work=OuterRef("work"),
        preorder__isnull=False,
        preorder__released_at=None,
        preorder__canceled_at=None,
    )
    wishes = Wish.objects.filter(~Exists(has_it), ~Exists(gets_it), work=work_id, removed_at=None)
    if not territory.is_world:
        people = reader_country.living_where_sold(User.objects.filter(wishes__work=work_id), territory)
        wishes = wishes.filter(user__in=people.values("pk"))
    return wishes.order_by("pk")


@transaction.atomic
def _check_some(ids: list[int], prices: dict[str, int], *, is_out: bool, at: datetime) -> None:
    """Create alerts under the wishes' locks, so that two workers do not create the same one."""
    rows = list(Wish.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    silent = set(
        ReaderMail.objects.filter(user__in=[row.user_id for row in rows], price_alerts=False).values_list(
            "user", flat=True
        )
    )
    alerts = [alert for wish in rows if (alert := _alert(wish, prices.get(wish.currency), is_out=is_out, at=at))]
    Wish.objects.bulk_update(rows, ["alerted_minor", "is_awaited"])
    for alert in WishAlert.objects.bulk_create(one for one in alerts if one.wish.user_id not in silent):
        jobs.enqueue("library.mail_wish_alert", alert_id=alert.pk)


def _alert(wish: Wish, price_minor: int | None, *, is_out: bool, at: datetime) -> WishAlert | None:
    """Return the alert that is due for one wish, if any, and record it on the wish."""
    is_new_low = _note_price(wish, price_minor)
    if wish.is_awaited and is_out:
        wish.is_awaited = False
        return WishAlert(wish=wish, kind=AlertKind.OUT, price_minor=price_minor, made_at=at)
    if is_new_low:
        return WishAlert(wish=wish, kind=AlertKind.PRICE, price_minor=price_minor, made_at=at)
    return None


def _note_price(wish: Wish, price_minor: int | None) -> bool:
    """Return whether the price is low enough for an alert and lower than in earlier ones, and record it on the wish."""
    if price_minor is None:
        return False
    if price_minor >= wish.alert_limit_minor:
        wish.alerted_minor = None
        return False
    if wish.alerted_minor is not None and price_minor >= wish.alerted_minor:
        return False
    wish.alerted_minor = price_minor
    return True


def _wished(listing: Listing, currency: str, at: datetime) -> int | None:
    if currency not in listing.prices:
        return None
    return price_now(listing, currency, country=regions.current().country, at=at).minor


def _asked(price: Price) -> int:
    """Return the least that the book costs now."""
    return price.list_price_minor if price.is_open else price.now().minor


def _currency(listing: Listing) -> str:
    """Return the currency of the listing's price in the current region, where the book is added."""
    price = price_of(listing)
    return price.currency if price is not None else regions.current().currency
