"""The nightly comparison of our books with the provider's balance, movement by movement.

Both sides are read only once: the provider's movements by their ids, our entries in the order of the hash chain (an
entry joins it after it was committed, and nothing joins before it later). What both sides say about one thing is added
up in one item (`selectors.matching`). People work on what does not agree (`services.open_items`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import batched

from django.db import connection, transaction
from django.db.models import Max

from payments import services as payment_services
from payments.gateway import BalanceChange
from royalties import entries
from royalties.chart import AccountKind
from royalties.entries import Draft
from royalties.models import (
    ChainLink,
    ItemState,
    JournalEntry,
    Posting,
    ProviderMovement,
    ReconciliationItem,
    ReconciliationRun,
)
from royalties.selectors import match_keys
from royalties.services import ledger, ledger_chain

_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
# The provider may show a movement some time after its own date.
_OVERLAP = timedelta(days=3)
_LATE_AFTER = timedelta(days=1)
_BATCH = 1000
# Lets one reconciliation run at a time. The number is arbitrary, but must be unique among our locks.
_ADVISORY_LOCK = 0x0C7A_C4A2

type ItemKey = tuple[str, str]  # key and currency


def reconcile(*, at: datetime) -> ReconciliationRun:
    """Read what is new on both sides and match it. Safe to run twice. Raises GatewayUnknown, GatewayRefused."""
    last = ReconciliationRun.objects.first()
    since = last.until - _OVERLAP if last else _BEGINNING
    # Whole seconds: the provider's filter has no smaller unit.
    until = at.replace(microsecond=0) + timedelta(seconds=1)
    new = sum(
        _keep(changes)
        for changes in batched(payment_services.gateway().balance_changes(since=since, until=until), _BATCH)
    )
    ledger_chain.chain_committed()
    return _match(at=at, until=until, movements=new)


def _keep(changes: Iterable[BalanceChange]) -> int:
    """Store movements that are not known yet. Return how many there were.

    The cost of payouts, which only the movements report, is booked first: if a run dies in between, the next one reads
    them again.
    """
    changes = list(changes)
    ledger.post([_cost(change) for change in changes if change.payout_cost.amount_minor])
    by_id = {change.change_id: change for change in changes}
    known = ProviderMovement.objects.filter(change_id__in=by_id).values_list("change_id", flat=True)
    new = [by_id[change_id] for change_id in by_id.keys() - set(known)]
    ProviderMovement.objects.bulk_create(
        (
            ProviderMovement(
                change_id=change.change_id,
                kind=change.kind,
                # A fee of the provider itself has no other source.
                source_id=change.source_id or change.change_id,
                currency=change.amount.currency,
                net_minor=(change.amount - change.fee).amount_minor,
                moved_at=change.at,
            )
            for change in sorted(new, key=lambda change: (change.at, change.change_id))
        ),
        ignore_conflicts=True,  # another run stored it at the same time
    )
    return len(new)


def _cost(change: BalanceChange) -> Draft:
    return entries.payout_cost(
        source=_about(change), change=change.change_id, occurred_at=change.at, cost=change.payout_cost
    )


def _about(change: BalanceChange) -> str:
    """Return what the movement is about; its own id where the provider names nothing."""
    return change.source_id or change.change_id


def lock_reconciliation() -> None:
    """Prevent others from adding to items until the transaction ends. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])


@transaction.atomic
def _match(*, at: datetime, until: datetime, movements: int) -> ReconciliationRun:
    lock_reconciliation()
    last = ReconciliationRun.objects.first()
    position = last.chain_position if last else 0
    newest = ChainLink.objects.aggregate(newest=Max("position"))["newest"] or 0
    items = _Items(at, last.until if last else None)
    taken = _take_entries(items, position, newest)
    _take_movements(items)
    items.store()
    return ReconciliationRun.objects.create(
        at=at,
        until=until,
        chain_position=newest,
        movements=movements,
        entries=taken,
        open_items=ReconciliationItem.objects.open().count(),
    )


class _Items:
    """The items that this run touches, in their current state."""

    def __init__(self, at: datetime, seen_until: datetime | None) -> None:
        self.at, self.seen_until = at, seen_until
        self._items: dict[ItemKey, ReconciliationItem] = {}

    def load(self, keys: Iterable[ItemKey]) -> None:
        missing = set(keys) - self._items.keys()
        names = {key for key, _ in missing}
        for item in ReconciliationItem.objects.filter(key__in=names):
            self._items.setdefault((item.key, item.currency), item)
        for key, currency in missing - self._items.keys():
            self._items[key, currency] = ReconciliationItem(key=key, currency=currency)

    def add_entry(self, key: ItemKey, entry: JournalEntry, amount_minor: int) -> None:
        item = self._items[key]
        item.ledger_minor += amount_minor
        item.ledger_at = max(item.ledger_at or entry.occurred_at, entry.occurred_at)
        item.kind = item.kind or str(entry.kind)

    def add_movement(self, key: ItemKey, movement: ProviderMovement) -> None:
        item = self._items[key]
        item.provider_minor += movement.net_minor
        item.provider_at = max(item.provider_at or movement.moved_at, movement.moved_at)
        item.kind = movement.kind

    def take_movement(self, key: ItemKey, movement: ProviderMovement) -> None:
        """Undo `add_movement` for a movement that had an item of its own."""
        item = self._items[key]
        item.provider_minor -= movement.net_minor
        item.provider_at = None

    def store(self) -> None:
        for item in self._items.values():
            judge(item, self.at, seen_until=self.seen_until)
        touched = list(self._items.values())
        ReconciliationItem.objects.bulk_create([item for item in touched if item.pk is None], batch_size=_BATCH)
        ReconciliationItem.objects.bulk_update(
            [item for item in touched if item.pk is not None],
            ["kind", "provider_minor", "ledger_minor", "provider_at", "ledger_at", "state", "opened_at", "settled_at"],
            batch_size=_BATCH,
        )


def judge(item: ReconciliationItem, at: datetime, *, seen_until: datetime | None = None) -> None:
    """Set the state of the two sides to each other, and since when.

    `seen_until` is how far the previous comparison had read the provider's side.
    """
    if item.difference_minor:
        missing_there = ItemState.MISSING_THERE if item.provider_at is None else ItemState.DIFFERS
        item.state = ItemState.MISSING_HERE if item.ledger_at is None else missing_there
        if item.opened_at is None or item.settled_at is not None:
            item.opened_at = at
        item.settled_at = None
        return
    apart = abs(item.ledger_at - item.provider_at) if item.ledger_at and item.provider_at else timedelta(0)
    # Our entries carry the provider's time, however late they were booked. Had an earlier comparison found none?
    if seen_until is not None and item.provider_at is not None:
        apart = max(apart, seen_until - item.provider_at)
    item.state = ItemState.LATE if apart > _LATE_AFTER else ItemState.MATCHED
    if item.opened_at is not None:
        item.settled_at = item.settled_at or at


# ---------------------------------------------------------------- our side


def _take_entries(items: _Items, after: int, until: int) -> int:
    """Add what the entries of these links of the chain moved at the provider. Return how many entries did."""
    links = ChainLink.objects.filter(position__gt=after, position__lte=until).values("entry_id")
    postings = (
        Posting.objects.filter(account__kind=AccountKind.STRIPE_BALANCE.value, entry__in=links)
        .select_related("entry")
        .order_by("entry_id")
    )
    taken = 0
    for batch in batched(postings.iterator(chunk_size=_BATCH), _BATCH):
        keys = match_keys.keys_of({posting.entry for posting in batch})
        items.load((keys[posting.entry_id], posting.currency) for posting in batch)
        for posting in batch:
            items.add_entry((keys[posting.entry_id], posting.currency), posting.entry, posting.amount_minor)
        taken += len(keys)
    return taken


# ---------------------------------------------------------------- the provider's side


def _take_movements(items: _Items) -> None:
    """Add movements not matched yet, and those whose order became known later."""
    _release_named(items)
    new = ProviderMovement.objects.filter(item_key="").order_by("pk")
    for batch in batched(new.iterator(chunk_size=_BATCH), _BATCH):
        orders = _orders_of(movement.source_id for movement in batch)
        for movement in batch:
            movement.item_key = orders.get(movement.source_id) or movement.source_id or movement.change_id
        items.load((movement.item_key, movement.currency) for movement in batch)
        for movement in batch:
            items.add_movement((movement.item_key, movement.currency), movement)
        ProviderMovement.objects.bulk_update(batch, ["item_key"])


def _release_named(items: _Items) -> None:
    """Move payments to their order's item if they were seen before their fee was booked and had items of their own."""
    open_items = ReconciliationItem.objects.open().filter(state=ItemState.MISSING_HERE)
    orders = _orders_of(open_items.values_list("key", flat=True))
    for movement in ProviderMovement.objects.filter(item_key__in=orders).order_by("pk"):
        ProviderMovement.objects.filter(pk=movement.pk).update(item_key="")
        items.load([(movement.item_key, movement.currency)])
        items.take_movement((movement.item_key, movement.currency), movement)


def _orders_of(sources: Iterable[str]) -> dict[str, str]:
    """Return the orders that payments belong to, by the provider's charge, as far as their fees are booked."""
    names = {f"processor_fee:{source}": source for source in sources}
    fees = JournalEntry.objects.filter(external_id__in=names).values_list("external_id", "reference")
    return {names[external_id]: reference for external_id, reference in fees}
