"""What the close of a month rests on, read alike for the person who prepares it and the one who closes it."""

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
    """How things stand for one month."""

    period: Month
    compared: ReconciliationRun | None
    has_provider: bool
    items: Sequence[OpenItem]
    entries: int
    last_entry: int

    @property
    def is_compared(self) -> bool:
        """Whether the provider was asked after the month's last moment. Where it never had money there is no need."""
        if not self.has_provider:
            return True
        return self.compared is not None and self.compared.at >= self.period.end

    @property
    def holding(self) -> Sequence[OpenItem]:
        """What keeps the month open."""
        return [each for each in self.items if not each.is_set_aside]

    @property
    def fingerprint(self) -> str:
        """Of what was looked at. A later comparison that found the same changes nothing."""
        items = [
            (each.item.key, each.item.currency, each.item.state, each.item.difference_minor, each.is_set_aside)
            for each in sorted(self.items, key=lambda each: each.item.pk)
        ]
        seen = [str(self.period), items, self.entries, self.last_entry]
        return sha256(json.dumps(seen).encode()).hexdigest()


def evidence(period: Month, *, at: datetime) -> Evidence:
    """Everything that has to be looked at before the month is closed, as it stands."""
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
    """The newest preparation of the month."""
    return ClosePreparation.objects.select_related("prepared_by", "compared").filter(period=str(period)).first()


def _has_provider() -> bool:
    """Whether money ever moved there, by our books or by what it told."""
    ours = Posting.objects.filter(account__kind=AccountKind.STRIPE_BALANCE.value)
    return ours.exists() or ProviderMovement.objects.exists()
