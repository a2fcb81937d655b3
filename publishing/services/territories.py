"""Countries where a work is sold: set by its owner, recorded with a date, and locked while an order is placed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from accounts import services as account_services
from accounts.models import User
from publishing import permissions
from publishing.errors import CountryUnknown, TerritoryEmpty
from publishing.models import TerritoryChange, Work
from publishing.services import editions
from publishing.territories import Territory, is_iso_country, iso_choices


@transaction.atomic
def set_territory(*, actor: User, work: Work, territory: Territory, at: datetime) -> Work:
    """Set the countries where the work is sold from now on; existing orders are not affected. Safe to repeat.

    Raises CountryUnknown, and TerritoryEmpty when nobody could buy it any more.
    """
    work = editions.lock_work(work)  # waits for orders being placed now: see `lock_territories`
    permissions.require_publish(actor, work)
    territory = Territory.of(territory.rule, territory.countries)
    unknown = next((code for code in territory.countries if not is_iso_country(code)), None)
    if unknown is not None:
        raise CountryUnknown(country=unknown)
    if not territory.is_world and not territory.countries:
        raise TerritoryEmpty
    if not territory.within(code for code, _name in iso_choices()):
        raise TerritoryEmpty
    if territory == work.territory:
        return work
    work.territory_rule, work.territory_countries = territory.rule, list(territory.countries)
    work.save(update_fields=["territory_rule", "territory_countries"])
    note_change(work, actor=actor, at=at)
    account_services.record_audit(
        actor=actor,
        verb="territory.changed",
        subject=work,
        facts={"rule": territory.rule, "countries": " ".join(territory.countries)},
    )
    editions.announce_change(work)
    return work


def note_change(work: Work, *, actor: User, at: datetime) -> None:
    """Keep since when the work is sold where it is sold now."""
    TerritoryChange.objects.create(
        work=work,
        rule=work.territory_rule,
        countries=list(work.territory_countries),
        decided_by=actor,
        decided_at=at,
    )


def lock_territories(works: Collection[int]) -> dict[int, Territory]:
    """Return where each of the works (primary keys) is sold, locked until the transaction ends.

    A shared lock on the row is enough: readers who order the same book do not wait for each other, while its owner's
    next change waits for them.
    """
    if not works:
        return {}
    marks = ", ".join(["%s"] * len(works))
    share = " FOR SHARE" if connection.vendor == "postgresql" else ""  # SQLite has only one writer at a time
    rows = Work.objects.raw(
        f"SELECT id, territory_rule, territory_countries FROM publishing_work WHERE id IN ({marks}) ORDER BY id{share}",  # noqa: S608 - our own text
        sorted(works),
    )
    return {work.pk: work.territory for work in rows}
