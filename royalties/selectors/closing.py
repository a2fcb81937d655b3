"""What closing a month depends on, read in the same way for the person who prepares it and the one who closes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Count, Max

from common.periods import Month
from royalties.chart import AccountKind
from royalties.models import (
    ClosePreparation,
    JournalEntry,
    Posting,
    ProviderMovement,
    ReconciliationItem,
    ReconciliationRun,
)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item of the month that does not agree, its age in days, and whether two people set it aside."""

    item: ReconciliationItem
    days: int
    is_set_aside: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The state of everything that the close of one month depends on."""

    period: Month
    compared: ReconciliationRun | None
    has_provider: bool
    items: Sequence[OpenItem]
    entries: int
    last_entry: int

    @property
    def is_compared(self) -> bool:
        """Whether the provider was asked after the month's last moment. Not needed if it never held money of ours."""
        if not self.has_provider:
            return True
        return self.compared is not None and self.compared.at >= self.period.end

    @property
    def holding(self) -> Sequence[OpenItem]:
        """The items that keep the month open."""
        return [each for each in self.items if not each.is_set_aside]

    @property
    def fingerprint(self) -> str:
        """A hash of what was looked at. A later comparison with the same result does not change it."""
        items = [
            (each.item.key, each.item.currency, each.item.state, each.item.difference_minor, each.is_set_aside)
            for each in sorted(self.items, key=lambda each: each.item.pk)
        ]
        seen = [str(self.period), items, self.entries, self.last_entry]
        return sha256(json.dumps(seen).encode()).hexdigest()


def evidence(period: Month, *, at: datetime) -> Evidence:
    """Return the present state of everything that has to be checked before the month is closed."""
    items = ReconciliationItem.objects.of_close(end=period.end, at=at)
    aside = set(items.set_aside(at).values_list("pk", flat=True))
    booked = JournalEntry.objects.filter(booked_at__gte=period.start, booked_at__lt=period.end)
    counted = booked.aggregate(entries=Count("pk"), last=Max("pk"))
    return Evidence(
        period=period,
        compared=ReconciliationRun.objects.first(),
        has_provider=_has_provider(),
        items=[OpenItem(item, item.age(at).days, item.pk in aside) for item in items.order_by("opened_at", "pk")],
        entries=counted["entries"],
        last_entry=counted["last"] or 0,
    )


def prepared(period: Month) -> ClosePreparation | None:
    """Return the newest preparation of the month."""
    return ClosePreparation.objects.select_related("prepared_by", "compared").filter(period=str(period)).first()


def _has_provider() -> bool:
    """Return whether money ever moved at the provider, by our books or by its own report."""
    ours = Posting.objects.filter(account__kind=AccountKind.STRIPE_BALANCE.value)
    return ours.exists() or ProviderMovement.objects.exists()
