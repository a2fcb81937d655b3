"""What authors see of their works: sums by day, source and country, and why copies came back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.countries import country_name
from accounts.models import User
from insight.events.models import FROM_LINK, FROM_SHOP, ShareLink
from insight.figures.models import COUNTS, OTHER_SOURCES, OwnerDay, WorkDay, WorkDaySource
from insight.figures.selectors.periods import Period
from publishing.models import Work
from royalties.models import SaleShare
from storefront.checkout.models import Refund, RefundState

_SHOWN = 12
_REASONS = 20
# Written by ourselves, not by the reader.
_OUR_REASONS = frozenset({"owned_already"})


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day. `visitors` are of this day alone."""

    day: date
    views: int = 0
    visitors: int = 0
    samples: int = 0
    carts: int = 0
    sales: int = 0
    free_copies: int = 0
    returns: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """A period day by day, its sums, and those of the period before it. Visitors have no sum."""

    days: list[DayFigures]
    totals: Counter[str]
    earlier: Counter[str]
    left_out: int

    @property
    def has_any(self) -> bool:
        return any(self.totals.values()) or any(self.earlier.values())


@dataclass(frozen=True, slots=True)
class Part:
    """What came from one source or country."""

    label: str
    views: int
    samples: int
    carts: int
    sales: int


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """One work in the list of all of an owner's."""

    work_id: str  # public
    title: str
    views: int
    samples: int
    carts: int
    sales: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a copy came back, in the reader's words, who was told that the author sees them."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Earned:
    """The viewer's own shares of the sales of a period, less what went back."""

    currency: str
    amount_minor: int


def of_work(work: Work, period: Period) -> Figures:
    """Return a work's figures."""
    return _figures(WorkDay.objects.filter(work=work), period)


def of_owner(owner: User, period: Period) -> Figures:
    """Return the figures of all works of an owner."""
    return _figures(OwnerDay.objects.filter(owner=owner), period)


def works_of(owner: User, period: Period) -> list[WorkFigures]:
    """Return the owner's works that something happened to, those with the most sales first."""
    named = {key: (work_id, title) for key, work_id, title in owner.works.values_list("pk", "public_id", "title")}
    rows = (
        WorkDay.objects.filter(work__in=named, day__gte=period.first, day__lte=period.last)
        .values_list("work")
        .annotate(views=Sum("views"), samples=Sum("samples"), carts=Sum("carts"), sold=Sum("sales"))
        .order_by("-sold", "-views", "work")
    )
    return [WorkFigures(*named[key], *counts) for key, *counts in rows]


def sources_of(work: Work, period: Period) -> list[Part]:
    """Return what came from where, most views first. Purchases without a share link have no source."""
    labels = {link.source: link.label for link in ShareLink.objects.filter(work=work)}
    labels |= {"": _("Direct or unknown"), FROM_SHOP: _("Pages of this shop"), OTHER_SOURCES: _("Other sites")}
    return _parts(work, period, "source", lambda source: labels.get(source, source.removeprefix(FROM_LINK)))


def countries_of(work: Work, period: Period) -> list[Part]:
    """Return what came from which country: of the page for visits, of the tax for sales."""
    return _parts(work, period, "country", lambda code: country_name(code) if code else _("Not given"))


def reasons_of(work: Work, period: Period) -> list[Reason]:
    """Return what readers said when they returned the work, newest first."""
    returned = Refund.objects.filter(
        line__edition__work=work, state__in=(RefundState.SUCCEEDED, RefundState.RETURNED), origin="reader"
    ).filter(finished_at__gte=period.start)
    said = returned.exclude(reason="").order_by("-finished_at").values_list("finished_at", "reason")
    return [Reason(at.date(), text) for at, text in said[:_REASONS] if at is not None and text not in _OUR_REASONS]


def earned_since(user: User, since: datetime, *, work: Work | None = None) -> list[Earned]:
    """Return what the person's shares of the sales since then come to, of one work or all."""
    shares = SaleShare.objects.filter(user=user, sale__sold_at__gte=since)
    if work is not None:
        shares = shares.filter(sale__work=work)
    rows = shares.order_by("sale__currency").values_list("sale__currency")
    sums = rows.annotate(earned=Sum("amount_minor"), returned=Sum("returned_minor"))
    return [Earned(currency, earned - returned) for currency, earned, returned in sums]


def _figures(rows: QuerySet[Any], period: Period) -> Figures:
    found = {row["day"]: row for row in rows.filter(day__gte=period.before.first, day__lte=period.last).values()}
    totals, earlier, left_out = Counter[str](), Counter[str](), 0
    for day, row in found.items():
        is_now = day >= period.first
        (totals if is_now else earlier).update({name: row[name] for name in COUNTS})
        left_out += row["left_out"] if is_now else 0
    names = (*COUNTS, "visitors")
    days = [
        DayFigures(day, **{name: found[day][name] for name in names}) if day in found else DayFigures(day)
        for day in period.dates
    ]
    return Figures(days, totals, earlier, left_out)


def _parts(work: Work, period: Period, name: str, label: Any) -> list[Part]:
    rows = (
        WorkDaySource.objects.filter(work=work, day__gte=period.first, day__lte=period.last)
        .values_list(name)
        .annotate(seen=Sum("views"), tried=Sum("samples"), put=Sum("carts"), sold=Sum("sales"))
        .order_by("-seen", "-sold", name)
    )
    parts = [Part(label(value), *counts) for value, *counts in rows]
    rest = parts[_SHOWN:]
    if not rest:
        return parts
    sums = [sum(getattr(part, count) for part in rest) for count in ("views", "samples", "carts", "sales")]
    return [*parts[:_SHOWN], Part(_("All others"), *sums)]
