"""A second count of a day from the raw rows, which shares no code with `services/rollups.py`: row by row, in Python.

Sums are only worth something if they can be checked. This says where they differ from what happened.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime

from insight.events.models import Event
from insight.figures.models import OwnerDay, WorkDay, WorkDaySource
from publishing.models import Work
from storefront.checkout.models import OrderLine, Refund

_PARTS = ("views", "samples", "carts", "sales", "free_copies", "returns")
_NAMES: tuple[str, ...] = (*_PARTS, "left_out")


@dataclass(frozen=True, slots=True)
class Difference:
    """A sum that is not what the rows say. `of` is "work 12" or "owner 3"."""

    of: str
    what: str
    stored: int
    counted: int


def differences(day: date, *, at: datetime) -> list[Difference]:
    """Return where the sums of the day differ from its events, orders and refunds. Empty if they are right.

    The numbers of visitors can be counted again only while their hashes are there: today and yesterday.
    """
    works: dict[int, Counter[str]] = defaultdict(Counter)
    seen: dict[int, set[bytes]] = defaultdict(set)
    _count_events(day, works, seen)
    _count_sales(day, works)
    _count_returns(day, works)
    owner_of = dict(Work.objects.values_list("pk", "owner_id"))
    owners: dict[int, Counter[str]] = defaultdict(Counter)
    owners_seen: dict[int, set[bytes]] = defaultdict(set)
    for work, counts in works.items():
        owners[owner_of[work]].update(counts)
        owners_seen[owner_of[work]] |= seen[work]
    names = _NAMES
    if (at.astimezone(UTC).date() - day).days <= 1:
        names += ("visitors",)
        for work, hashes in seen.items():
            works[work]["visitors"] = len(hashes)
        for owner, hashes in owners_seen.items():
            owners[owner]["visitors"] = len(hashes)
    return [
        *_compared("work", _stored(WorkDay, "work_id", day), works, names),
        *_compared("owner", _stored(OwnerDay, "owner_id", day), owners, names),
        *_compared("sources of work", _stored(WorkDaySource, "work_id", day), works, _PARTS),
    ]


def _count_events(day: date, works: dict[int, Counter[str]], seen: dict[int, set[bytes]]) -> None:
    for work, kind, visitor, is_bot in Event.objects.filter(day=day).values_list(
        "work_id", "kind", "visitor", "is_bot"
    ):
        if is_bot:
            works[work]["left_out"] += 1
            continue
        works[work][f"{kind}s"] += 1
        if visitor is not None:
            seen[work].add(bytes(visitor))


def _count_sales(day: date, works: dict[int, Counter[str]]) -> None:
    lines = OrderLine.objects.filter(order__paid_at__date=day).select_related("order", "edition")
    for line in lines:
        if line.order.state == "paid":
            works[line.edition.work_id]["sales" if line.paid_minor else "free_copies"] += 1


def _count_returns(day: date, works: dict[int, Counter[str]]) -> None:
    for refund in Refund.objects.filter(finished_at__date=day).select_related("line__edition"):
        line = refund.line
        if line is not None and refund.state in {"succeeded", "returned"} and refund.amount_minor == line.paid_minor:
            works[line.edition.work_id]["returns"] += 1


def _stored(sums: type[WorkDay | OwnerDay | WorkDaySource], key: str, day: date) -> dict[int, Counter[str]]:
    """Return the stored sums by work or owner; those of several rows added up."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for row in sums._default_manager.filter(day=day):
        found[getattr(row, key)].update({name: getattr(row, name, 0) for name in (*_NAMES, "visitors")})
    return found


def _compared(
    of: str, stored: dict[int, Counter[str]], counted: dict[int, Counter[str]], names: tuple[str, ...]
) -> list[Difference]:
    found = []
    for key in sorted(stored.keys() | counted.keys()):
        for name in names:
            there, right = stored.get(key, Counter())[name], counted.get(key, Counter())[name]
            if there != right:
                found.append(Difference(f"{of} {key}", name, there, right))
    return found
