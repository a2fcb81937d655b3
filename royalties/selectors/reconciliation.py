"""What finance sees of the reconciliation: items with their age, both sides of one item, and the overall state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from common.periods import Month
from royalties.chart import AccountKind
from royalties.models import (
    OPEN_ITEM_STATES,
    HandMatch,
    ItemExplanation,
    ItemState,
    JournalEntry,
    ManualEntry,
    ManualState,
    Posting,
    ProviderMovement,
    ReconciliationItem,
    ReconciliationRun,
    SetAside,
)
from royalties.models.reconciliation import ReconciliationItemQuerySet
from royalties.selectors import match_keys

OPEN = "open"
# The name of each age in URLs, its label, and the days it covers.
AGES = (
    ("1", _("Up to 1 day"), 0, 1),
    ("3", _("1 to 3 days"), 1, 3),
    ("7", _("3 to 7 days"), 3, 7),
    ("30", _("7 to 30 days"), 7, 30),
    ("more", _("Over 30 days"), 30, None),
)
_MAX_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class ItemsTotal:
    """Sums of one currency over a list of items. `difference_minor` is what the provider has more than we booked."""

    currency: str
    items: int
    provider_minor: int
    ledger_minor: int

    @property
    def difference_minor(self) -> int:
        return self.provider_minor - self.ledger_minor


@dataclass(frozen=True, slots=True)
class AgeingRow:
    """Open items of one state: how many of each age (its name, its label), in the order of `AGES`."""

    state: ItemState
    counts: Sequence[tuple[str, object, int]]

    @property
    def items(self) -> int:
        return sum(count for _name, _label, count in self.counts)


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of the reconciliation, for the month-close checklist."""

    last: ReconciliationRun | None
    open_items: int
    holding: int
    set_aside: int
    proposals: int


@dataclass(frozen=True, slots=True)
class OurEntry:
    """One of our entries and the amount it moves at the provider."""

    entry: JournalEntry
    amount_minor: int
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class ItemSides:
    """One item: the provider's side and ours, and what people did about it."""

    item: ReconciliationItem
    movements: Sequence[ProviderMovement]
    entries: Sequence[OurEntry]
    explanations: Sequence[ItemExplanation]
    set_asides: Sequence[SetAside]
    corrections: Sequence[ManualEntry]
    matches: Sequence[HandMatch]
    moved_away: Sequence[HandMatch]
    candidates: Sequence[OurEntry]
    counterparts: Sequence[ReconciliationItem]

    @property
    def missing_there_minor(self) -> int:
        """How much less the provider has than our books say."""
        return -self.item.difference_minor

    @property
    def proposed_corrections(self) -> Sequence[ManualEntry]:
        return [each for each in self.corrections if each.state == ManualState.PROPOSED]

    @property
    def decided_corrections(self) -> Sequence[ManualEntry]:
        return [each for each in self.corrections if each.state != ManualState.PROPOSED]

    @property
    def proposed_matches(self) -> Sequence[HandMatch]:
        return [each for each in self.matches if each.state == ManualState.PROPOSED]

    @property
    def decided_matches(self) -> Sequence[HandMatch]:
        return [each for each in self.matches if each.state != ManualState.PROPOSED]

    @property
    def has_history(self) -> bool:
        """Whether anything was explained or decided."""
        return bool(self.explanations or self.decided_corrections or self.decided_matches)

    @property
    def has_proposal(self) -> bool:
        return bool(self.proposed_corrections or self.proposed_matches)


def items_by(
    *, at: datetime, state: str = OPEN, age: str = "", month: str = "", currency: str = "", text: str = ""
) -> QuerySet[ReconciliationItem]:
    """Return items, newest first.

    `state` is one of theirs, or open, holding, set_aside, or "" for all; `month` is YYYY-MM.
    """
    items = _in_state(state, at)
    if age:
        items = _of_age(items, age, at)
    if month:
        period = Month.parse(month)
        within = (period.start, period.end)
        items = items.filter(
            Q(provider_at__gte=within[0], provider_at__lt=within[1])
            | Q(provider_at=None, ledger_at__gte=within[0], ledger_at__lt=within[1])
        )
    if currency:
        items = items.filter(currency=currency)
    if text:
        movements = ProviderMovement.objects.filter(Q(change_id=text) | Q(source_id=text)).values("item_key")
        items = items.filter(Q(key=text) | Q(key__in=movements))
    return items.order_by("-pk")


def totals(items: QuerySet[ReconciliationItem]) -> list[ItemsTotal]:
    """Return the sums of the whole list by currency."""
    rows: Iterable[Any] = (
        items.order_by()
        .values_list("currency")
        .annotate(n=Count("pk"), provider=Sum("provider_minor"), ledger=Sum("ledger_minor"))
        .order_by("currency")
    )
    return [ItemsTotal(*row) for row in rows]


def ageing(at: datetime) -> list[AgeingRow]:
    """Return open items by state and age, with a row for each state that has any."""
    found = list(ReconciliationItem.objects.open().values_list("state", "opened_at"))
    rows = []
    for state in OPEN_ITEM_STATES:
        ages = [at - opened_at for own, opened_at in found if own == state and opened_at is not None]
        counts = [
            (name, label, sum(1 for age in ages if _is_between(age, since, until)))
            for name, label, since, until in AGES
        ]
        if ages:
            rows.append(AgeingRow(state, counts))
    return rows


def standing(at: datetime) -> Standing:
    """Return the overall state: what was last compared, and the ages of what is open now."""
    last = ReconciliationRun.objects.first()
    items = ReconciliationItem.objects
    waiting = {"state": ManualState.PROPOSED}
    return Standing(
        last=last,
        open_items=items.open().count(),
        holding=items.holding(at).count(),
        set_aside=items.set_aside(at).count(),
        proposals=sum(model.objects.filter(**waiting).count() for model in (ManualEntry, HandMatch, SetAside)),
    )


def aside_until(items: Iterable[ReconciliationItem], at: datetime) -> dict[int, datetime]:
    """Return until when each item is set aside, by primary key; items that are not are left out."""
    found = SetAside.objects.in_force(at).filter(
        item__in=[item.pk for item in items if item.is_open],
        difference_minor=F("item__provider_minor") - F("item__ledger_minor"),
    )
    return dict(found.order_by("until").values_list("item", "until"))


def sides(item_id: int) -> ItemSides | None:
    """Return everything about one item."""
    item = ReconciliationItem.objects.filter(pk=item_id).first()
    if item is None:
        return None
    matches = item.hand_matches.select_related("entry", "taken_from", "proposed_by", "decided_by")
    away = item.hand_matches_away.filter(state=ManualState.APPROVED).select_related("entry", "item")
    return ItemSides(
        item=item,
        movements=list(ProviderMovement.objects.filter(item_key=item.key, currency=item.currency).order_by("pk")),
        entries=_ours(item, [m.entry for m in matches if m.state == ManualState.APPROVED], [m.entry_id for m in away]),
        explanations=list(item.explanations.select_related("explained_by", "set_aside__decided_by")),
        set_asides=list(
            item.set_asides.filter(state=ManualState.PROPOSED).select_related("explanation", "proposed_by")
        ),
        corrections=list(item.corrections.select_related("proposed_by", "decided_by")),
        matches=list(matches),
        moved_away=list(away),
        candidates=_candidates(item) if item.is_open else [],
        counterparts=list(_counterparts(item)) if item.state == ItemState.MISSING_THERE else [],
    )


def _in_state(state: str, at: datetime) -> ReconciliationItemQuerySet:
    items = ReconciliationItem.objects.all()
    match state:
        case "":
            return items
        case "open":
            return items.open()
        case "holding":
            return items.holding(at)
        case "set_aside":
            return items.set_aside(at)
        case _:
            return items.filter(state=state)


def _of_age(items: ReconciliationItemQuerySet, age: str, at: datetime) -> ReconciliationItemQuerySet:
    since, until = next((since, until) for name, _label, since, until in AGES if name == age)
    # Today's items have no lower limit: when clocks differ, one may have been opened a moment in the future.
    older = items.filter(opened_at__lt=at - timedelta(days=since)) if since else items.exclude(opened_at=None)
    return older.filter(opened_at__gte=at - timedelta(days=until)) if until is not None else older


def _is_between(age: timedelta, since: int, until: int | None) -> bool:
    return (age > timedelta(days=since) or not since) and (until is None or age <= timedelta(days=until))


def _ours(item: ReconciliationItem, by_hand: Sequence[JournalEntry], away: Sequence[int]) -> list[OurEntry]:
    found = [(entry, False) for entry in match_keys.entries_of(item.key) if entry.pk not in away]
    found += [(entry, True) for entry in by_hand]
    moved = _moved([entry.pk for entry, _hand in found], item.currency)
    return [OurEntry(entry, moved[entry.pk], hand) for entry, hand in found if entry.pk in moved]


def _candidates(item: ReconciliationItem) -> list[OurEntry]:
    """Return entries that the provider seems not to know and that make up the difference exactly."""
    holders = (
        ReconciliationItem.objects.open()
        .filter(currency=item.currency, state=ItemState.MISSING_THERE, ledger_minor=item.difference_minor)
        .exclude(pk=item.pk)
    )
    entries = [entry for holder in holders[:_MAX_CANDIDATES] for entry in match_keys.entries_of(holder.key)]
    moved = _moved([entry.pk for entry in entries], item.currency)
    return [OurEntry(e, item.difference_minor) for e in entries if moved.get(e.pk) == item.difference_minor]


def _counterparts(item: ReconciliationItem) -> QuerySet[ReconciliationItem]:
    """Return movements of the provider that are not in our books and have the amount of the item's entries."""
    open_items = ReconciliationItem.objects.open().annotate(missing=F("provider_minor") - F("ledger_minor"))
    wanted = {"currency": item.currency, "missing": item.ledger_minor}
    return open_items.filter(**wanted).exclude(pk=item.pk).exclude(state=ItemState.MISSING_THERE)[:_MAX_CANDIDATES]


def _moved(entry_ids: Sequence[int], currency: str) -> dict[int, int]:
    """Return what entries move at the provider in the currency."""
    rows = Posting.objects.filter(
        entry__in=entry_ids, currency=currency, account__kind=AccountKind.STRIPE_BALANCE.value
    )
    return dict(rows.order_by().values_list("entry").annotate(total=Sum("amount_minor")))
