"""Sums of one day, by work, by work with source and country, and by owner. Safe to repeat at any time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from insight.events.models import FROM_LINK, Event, EventKind, ShareLink
from insight.figures.models import COUNTS, OTHER_SOURCES, OwnerDay, WorkDay, WorkDaySource
from publishing.models import Work
from storefront.checkout.models import OrderLine, OrderState, Refund, RefundState

# Payments and refunds of the last days may still change their state.
DAYS_AGAIN = 3
_BATCH = 2000
_WORKS_AN_HOUR = 60  # no reader looks at more
_SITES = 20  # by work and day: a machine that makes up sites does not fill the table
_COLUMNS = {EventKind.VIEW: "views", EventKind.SAMPLE: "samples", EventKind.CART: "carts"}

type Slice = tuple[int, str, str]  # work, source, country


def roll_up_recent(*, at: datetime) -> None:
    """Make the sums of today and of the days before it that may have changed."""
    today = at.astimezone(UTC).date()
    for back in range(DAYS_AGAIN + 1):
        roll_up(day=today - timedelta(days=back), at=at)


@transaction.atomic
def roll_up(*, day: date, at: datetime) -> None:
    """Make the sums of one day anew, in the place of those there are."""
    # From the second night on, hashes are gone: the numbers of visitors stay as they were counted.
    has_visitors = day >= at.astimezone(UTC).date() - timedelta(days=1)
    if has_visitors:
        _flag_machines(day)
    slices = _slices(day)
    works, owners = _by_work(slices), _owners(slices, day)
    visits = Event.objects.filter(day=day)
    left_out = _counted(visits.filter(is_bot=True), "work", Count("pk"))
    visitors = _visitors(visits, WorkDay, "work", "work", day, has_visitors=has_visitors)
    owners_visitors = _visitors(visits, OwnerDay, "work__owner", "owner", day, has_visitors=has_visitors)
    by_owner: dict[int, Counter[str]] = defaultdict(Counter)
    for work, counts in works.items():
        by_owner[owners[work]].update(counts)
    owners_left_out: Counter[int] = Counter()
    for work, count in left_out.items():
        owners_left_out[owners[work]] += count
    _replace(WorkDaySource.objects.filter(day=day), _source_rows(slices, day))
    _replace(
        WorkDay.objects.filter(day=day),
        [
            WorkDay(work_id=work, day=day, visitors=visitors[work], left_out=left_out[work], **works[work])
            for work in works.keys() | left_out.keys()
        ],
    )
    _replace(
        OwnerDay.objects.filter(day=day),
        [
            OwnerDay(
                owner_id=owner,
                day=day,
                visitors=owners_visitors[owner],
                left_out=owners_left_out[owner],
                **by_owner[owner],
            )
            for owner in by_owner.keys() | owners_left_out.keys()
        ],
    )


def _flag_machines(day: date) -> None:
    """Flag the visits of whoever looked at more works within an hour than a reader does."""
    busy = (
        Event.objects.filter(day=day, is_bot=False, visitor__isnull=False)
        .values("visitor", "hour")
        .annotate(works=Count("work", distinct=True))
        .filter(works__gt=_WORKS_AN_HOUR)
        .values_list("visitor", "hour")
    )
    for visitor, hour in list(busy):
        Event.objects.filter(day=day, visitor=visitor, hour=hour).update(is_bot=True)


def _slices(day: date) -> dict[Slice, Counter[str]]:
    """Return what counts, by work, source and country."""
    start = datetime.combine(day, time(), tzinfo=UTC)
    end = start + timedelta(days=1)
    found: dict[Slice, Counter[str]] = defaultdict(Counter)
    events = Event.objects.filter(day=day, is_bot=False).values_list("work", "source", "country", "kind")
    for work, source, country, kind, count in events.annotate(count=Count("pk")):
        found[work, source, country][_COLUMNS[EventKind(kind)]] += count
    sold = OrderLine.objects.filter(order__state=OrderState.PAID, order__paid_at__gte=start, order__paid_at__lt=end)
    returned = Refund.objects.filter(
        state__in=(RefundState.SUCCEEDED, RefundState.RETURNED),
        finished_at__gte=start,
        finished_at__lt=end,
        amount_minor=F("line__paid_minor"),
    )
    is_paid = Q(paid_minor__gt=0)
    sums = sold.values_list("edition__work", "via", "order__tax_country").annotate(
        paid=Count("pk", filter=is_paid), free=Count("pk", filter=~is_paid)
    )
    used = sold.exclude(via="").values("via").union(returned.exclude(line__via="").values("line__via"))
    links = set(ShareLink.objects.filter(code__in=used).values_list("work", "code"))
    for work, via, country, paid, free in sums:
        found[work, f"{FROM_LINK}{via}" if (work, via) in links else "", country].update(sales=paid, free_copies=free)
    went_back = returned.values_list("line__edition__work", "line__via", "line__order__tax_country")
    for work, via, country, count in went_back.annotate(count=Count("pk")):
        found[work, f"{FROM_LINK}{via}" if (work, via) in links else "", country]["returns"] += count
    return _with_few_sites(found)


def _with_few_sites(found: dict[Slice, Counter[str]]) -> dict[Slice, Counter[str]]:
    """Return the slices with the smallest sites of each work in one."""
    sites: dict[int, Counter[str]] = defaultdict(Counter)
    for (work, source, _country), counts in found.items():
        if "." in source:
            sites[work][source] += counts["views"] + counts["samples"]
    kept = {work: {site for site, _count in views.most_common(_SITES)} for work, views in sites.items()}
    merged: dict[Slice, Counter[str]] = defaultdict(Counter)
    for (work, source, country), counts in found.items():
        is_small = "." in source and source not in kept[work]
        merged[work, OTHER_SOURCES if is_small else source, country].update(counts)
    return merged


def _by_work(slices: dict[Slice, Counter[str]]) -> dict[int, Counter[str]]:
    works: dict[int, Counter[str]] = defaultdict(Counter)
    for (work, _source, _country), counts in slices.items():
        works[work].update(counts)
    return works


def _owners(slices: dict[Slice, Counter[str]], day: date) -> dict[int, int]:
    """Return the owner of each work that something happened to."""
    named = {work for work, _source, _country in slices}
    named |= set(Event.objects.filter(day=day).values_list("work", flat=True).distinct())
    return dict(Work.objects.filter(pk__in=named).values_list("pk", "owner"))


def _visitors(
    visits: QuerySet[Event], sums: type[WorkDay | OwnerDay], path: str, key: str, day: date, *, has_visitors: bool
) -> Counter[int]:
    """Return the distinct visitors of the day: counted while their hashes are there, and as they were counted then."""
    if not has_visitors:
        return Counter(dict(sums._default_manager.filter(day=day).values_list(key, "visitors")))
    return _counted(visits.filter(is_bot=False), path, Count("visitor", distinct=True))


def _counted(visits: QuerySet[Event], path: str, what: Count) -> Counter[int]:
    return Counter(dict(visits.values_list(path).annotate(count=what)))


def _source_rows(slices: dict[Slice, Counter[str]], day: date) -> list[WorkDaySource]:
    return [
        WorkDaySource(work_id=work, source=source, country=country, day=day, **counts)
        for (work, source, country), counts in slices.items()
        if any(counts[name] for name in COUNTS)
    ]


def _replace(rows: QuerySet[Any], new: Iterable[Any]) -> None:
    rows.delete()
    rows.model._default_manager.bulk_create(new, batch_size=_BATCH)
