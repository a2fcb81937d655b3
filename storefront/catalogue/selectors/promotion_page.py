"""The author's page about a work's promotions: what is planned, what readers see, and what a sale earns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.countries import country_name
from common.chips import Chip
from common.errors import DomainError
from common.money import Money
from publishing.models import Price, Promotion, Work
from publishing.price_now import PricePeriod, price_at
from royalties.services import terms
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors import prices as price_selectors
from storefront.catalogue.selectors.prices import Reduction

_CALENDAR = timedelta(days=60)
_LABEL, _WIDTH, _ROW = 56, 640, 30
_HEAD = 24
_MAX_PAST = 12


@dataclass(frozen=True, slots=True)
class PricedAt:
    """An amount with what its authors earn on a sale; `earned` is None where that cannot be said."""

    price: Money
    earned: Money | None


@dataclass(frozen=True, slots=True)
class PromotionRow:
    """A promotion. `reduction` is what the law lets the page say of it; None if it says nothing."""

    promotion: Promotion
    shown: PricedAt
    listed: Money | None
    state: Chip
    is_over: bool
    reduction: Reduction | None
    lowest: Money | None


@dataclass(frozen=True, slots=True)
class CalendarBar:
    x: int
    y: int
    width: int
    label: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    x: int
    day: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """The next sixty days as a chart: one line for each currency, one bar for each promotion."""

    lines: Sequence[tuple[str, int]]
    bars: Sequence[CalendarBar]
    days: Sequence[CalendarDay]
    height: int
    width: int = _WIDTH


@dataclass(frozen=True, slots=True)
class PromotionPage:
    """`now` is what readers pay at this moment, by currency."""

    now: Sequence[tuple[PricedAt, bool]]
    planned: Sequence[PromotionRow]
    past: Sequence[PromotionRow]
    calendar: Calendar
    fixed_in: Sequence[str]


def promotion_page(work: Work, *, at: datetime) -> PromotionPage:
    """Return the page about the work."""
    prices = {price.currency: price for price in Price.objects.at(at).filter(work=work).order_by("currency")}
    every = list(Promotion.objects.filter(work=work).order_by("begins_at", "currency"))
    listing = Listing.objects.filter(work=work).first()
    rows = [_row(one, every, prices.get(one.currency), listing, at) for one in every]
    past = [row for row in rows if row.is_over]
    return PromotionPage(
        now=[(_priced(price.now().minor, code), bool(price.now().promotion)) for code, price in prices.items()],
        planned=[row for row in rows if not row.is_over],
        past=past[::-1][:_MAX_PAST],
        calendar=_calendar(list(prices), every, at),
        fixed_in=[country_name(code) for code in work.fixed_in(at.date())],
    )


def _row(
    one: Promotion, every: Sequence[Promotion], price: Price | None, listing: Listing | None, at: datetime
) -> PromotionRow:
    is_over = one.ends_at <= at
    if is_over:
        state = Chip(_("ended"))
    else:
        state = Chip(_("running"), "success") if one.begins_at <= at else Chip(_("planned"), "progress")
    reduction = _reduction(one, every, listing, max(at, one.begins_at)) if not is_over else None
    return PromotionRow(
        promotion=one,
        shown=_priced(one.price_minor, one.currency),
        listed=Money(price.list_price_minor, one.currency) if price is not None else None,
        state=state,
        is_over=is_over,
        reduction=reduction,
        lowest=Money(reduction.lowest_minor, one.currency) if reduction is not None else None,
    )


def _reduction(
    one: Promotion, every: Sequence[Promotion], listing: Listing | None, moment: datetime
) -> Reduction | None:
    """Return what the book's page will say of the promotion, if the list price stays as it is."""
    if listing is None or not listing.is_on_sale:
        return None
    periods = [
        PricePeriod(other.begins_at, other.ends_at, other.price_minor, other.public_id)
        for other in every
        if other.currency == one.currency
    ]
    listed = listing.prices.get(one.currency)
    if listed is None or price_at(listed, periods, moment).promotion != one.public_id:
        return None
    history = price_selectors.price_history(
        listing.details.price_history.get(one.currency, ()), currency=one.currency, now=moment, promotions=periods
    )
    return history.reduction if history is not None else None


def _priced(minor: int, currency: str) -> PricedAt:
    price = Money(minor, currency)
    if not minor:
        return PricedAt(price, Money(0, currency))
    try:
        return PricedAt(price, terms.preview(list_price=price, tax_rate_bps=0).royalty)
    except DomainError:
        return PricedAt(price, None)


def _calendar(currencies: Sequence[str], every: Sequence[Promotion], at: datetime) -> Calendar:
    first = at.replace(hour=0, minute=0, second=0, microsecond=0)

    def x(moment: datetime) -> int:
        part = (min(max(moment, first), first + _CALENDAR) - first) / _CALENDAR
        return _LABEL + round((_WIDTH - _LABEL) * part)

    lines = {currency: _HEAD + number * _ROW for number, currency in enumerate(currencies)}
    bars = [
        CalendarBar(
            x(one.begins_at),
            lines[one.currency],
            max(4, x(one.ends_at) - x(one.begins_at)),
            Money(one.price_minor, one.currency).format(),
        )
        for one in every
        if one.currency in lines and one.ends_at > first and one.begins_at < first + _CALENDAR
    ]
    days = [CalendarDay(x(day), day) for day in (first + timedelta(days=15 * number) for number in range(4))]
    return Calendar(list(lines.items()), bars, days, height=_HEAD + _ROW * len(lines))
