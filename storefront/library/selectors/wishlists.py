"""A reader's wish list, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import regions
from accounts.countries import country_name
from accounts.models import User
from common import clock
from common.errors import NotFound
from common.money import Money
from common.templatetags.money import day, money
from storefront.catalogue.selectors.cards import cover_name, is_open, price_now, price_text
from storefront.checkout import permissions
from storefront.library.models import ReaderMail, Wish


@dataclass(frozen=True, slots=True)
class WishedBook:
    """A book on the wish list.

    `price` is today's price, None if the book is not on sale or has no price in the wish's currency; `wished` is the
    price on the day it was added, `below` the price the reader chose for an alert. `edition_id` is for the cart, "" if
    the book cannot be bought.
    """

    work_id: str
    slug: str
    title: str
    byline: str
    cover: str
    currency: str
    price: Money | None
    wished: Money | None
    below: Money | None
    wished_at: datetime
    edition_id: str
    release_date: date | None
    is_owned: bool
    is_open: bool = False  # the reader chooses what to pay, at least the price
    barred_in: str = ""  # the name of the reader's country, if the book is not sold there

    @property
    def is_delayed(self) -> bool:
        """Return whether the release date has passed without it coming out: then nobody can order it."""
        return clock.has_begun(self.release_date)

    @property
    def price_words(self) -> str:
        """Return the price as shown on a card; "" without a price."""
        return price_text(self.price, get_language() or "en", is_open=self.is_open)

    @property
    def saved(self) -> Money | None:
        """Return by how much it is cheaper now, unless the reader owns it or cannot buy it."""
        if self.is_owned or self.barred_in or self.price is None or self.wished is None:
            return None
        return self.wished - self.price if self.price.amount_minor < self.wished.amount_minor else None

    @property
    def note(self) -> str:
        """Return where it is, or what it cost when it was added."""
        if self.is_owned:
            return _("You already own it. It is in your library.")
        if self.price is None:
            return _("Not on sale at the moment.")
        if self.barred_in:
            return _("Not sold in %(country)s.") % {"country": self.barred_in}
        if not self.wished:
            return _("Added on %(day)s.") % {"day": day(self.wished_at)}
        facts = {"price": money(self.wished), "day": day(self.wished_at)}
        if self.saved:
            return _("It was %(price)s when you added it on %(day)s.") % facts
        return _("%(price)s when you added it on %(day)s.") % facts

    @property
    def may_buy(self) -> bool:
        return (
            bool(self.edition_id)
            and self.price is not None
            and not (self.is_owned or self.barred_in or self.is_delayed)
        )

    @property
    def is_at_chosen(self) -> bool:
        """Return whether it already costs no more than the price the reader chose, and they can buy it."""
        if self.price is None or self.below is None or self.is_owned or self.barred_in or self.is_delayed:
            return False
        return self.price.amount_minor <= self.below.amount_minor


def wishlist_of(user: User) -> list[WishedBook]:
    """Return the person's wishes, newest first; two queries at any number. A person without a country is assumed to
    live in that of the page's region."""
    wishes = list(
        Wish.objects.filter(user=user, removed_at=None).select_related("work__listing").order_by("-wished_at", "-pk")
    )
    owned = permissions.works_bought_or_made(user, [wish.work_id for wish in wishes])
    home = user.country or regions.current().country
    return [_book(wish, is_owned=wish.work_id in owned, home=home) for wish in wishes]


def wish_of(*, user: User, work_id: str) -> Wish:
    """Return the person's wish for the work (public id). Raises NotFound."""
    wish = Wish.objects.filter(user=user, work__public_id=work_id, removed_at=None).first()
    if wish is None:
        raise NotFound
    return wish


def removed_wish(*, user: User, work_id: str) -> Wish | None:
    """Return a wish that the person removed from the list and can restore."""
    rows = Wish.objects.filter(user=user, work__public_id=work_id, removed_at__isnull=False)
    return rows.select_related("work").first()


def wants_price_alerts(user: User) -> bool:
    """Return whether the person wants emails about their wishes."""
    choice = ReaderMail.objects.filter(user=user).values_list("price_alerts", flat=True).first()
    return choice is None or choice


def _book(wish: Wish, *, is_owned: bool, home: str) -> WishedBook:
    work, listing = wish.work, getattr(wish.work, "listing", None)
    is_on_sale = listing is not None and listing.is_on_sale
    price = None
    if listing is not None and is_on_sale and wish.currency in listing.prices:
        price = price_now(listing, wish.currency, country=home, at=clock.now()).minor
    return WishedBook(
        work_id=work.public_id,
        slug=work.slug,
        title=work.title,
        byline=listing.byline if listing is not None else "",
        cover=cover_name(work),
        currency=wish.currency,
        price=_money(price, wish.currency),
        wished=_money(wish.wished_minor, wish.currency),
        below=_money(wish.below_minor, wish.currency),
        wished_at=wish.wished_at,
        edition_id=listing.details.edition if listing is not None and is_on_sale else "",
        release_date=listing.release_date if listing is not None else None,
        is_owned=is_owned,
        is_open=is_open(_money(price, wish.currency), listing.open_in) if listing is not None else False,
        barred_in="" if work.territory.is_sold_in(home) else country_name(home),
    )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
