"""Three months of visits to the pages of the demonstration's books, so that authors have figures to look at."""

from __future__ import annotations

import random
import secrets
from datetime import UTC, datetime, timedelta

from insight.events.models import Event, EventKind, ShareLink
from insight.figures.services import rollups
from publishing.models import Edition
from storefront.checkout.models import OrderLine

_SEED = 20260901
_DAYS = 95
_SITES = ("", "", "", "shop", "shop", "shop", "duckduckgo.com", "mastodon.social", "reddit.com", "lesekreis.example")
_COUNTRIES = ("", "", "US", "US", "DE", "GB", "AT", "FR")
_LINKS = ("Newsletter in November", "Mastodon")
_SAMPLED_IN_A_HUNDRED, _BOTS_IN_A_HUNDRED = 27, 6


def seed_visits(*, now: datetime) -> None:
    """Make up visits, more at weekends and more to what sells, and sum them up day by day."""
    chance = random.Random(_SEED)  # noqa: S311 # plausible, not secret
    today = now.astimezone(UTC).date()
    events: list[Event] = []
    for edition in Edition.objects.on_sale().select_related("work"):
        work = edition.work
        sold = OrderLine.objects.filter(edition__work=work).count()
        links = [
            ShareLink.objects.create(code=secrets.token_hex(4), work=work, label=label, made_at=now)
            for label in _LINKS[: 2 if sold else 0]
        ]
        sources = [*_SITES, *(link.source for link in links)]
        for back in range(_DAYS):
            day = today - timedelta(days=back)
            if edition.published_at is None or day < edition.published_at.date():
                continue
            usual = (3 + sold) * (1.5 if day.weekday() >= 5 else 1)
            for _ in range(round(chance.uniform(0.4, 1.4) * usual)):
                seen = {
                    "day": day,
                    "hour": min(int(chance.triangular(0, 24, 20)), 23),
                    "work": work,
                    "country": chance.choice(_COUNTRIES),
                    "source": chance.choice(sources),
                    "visitor": chance.randbytes(8) if back < 2 else None,
                    "is_bot": chance.randrange(100) < _BOTS_IN_A_HUNDRED,
                }
                events.append(Event(kind=EventKind.VIEW, **seen))
                if chance.randrange(100) < _SAMPLED_IN_A_HUNDRED:
                    events.append(Event(kind=EventKind.SAMPLE, **seen))
    Event.objects.bulk_create(events, batch_size=2000)
    for back in range(_DAYS):
        rollups.roll_up(day=today - timedelta(days=back), at=now)
