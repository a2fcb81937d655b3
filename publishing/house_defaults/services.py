"""Writing the defaults of an account. Books that exist already are never changed by it."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from common.money import Money
from publishing import permissions
from publishing.errors import CountryUnknown, CurrencyUnknown, PriceOutOfRange, TerritoryEmpty
from publishing.house_defaults import selectors
from publishing.house_defaults.models import HouseDefaults
from publishing.house_defaults.values import Defaults
from publishing.models import Work
from publishing.record.errors import MiningNotReservable, SourceMissing
from publishing.record.licences import Licence
from publishing.services.prices import MAX_PRICE_MINOR
from publishing.territories import Territory, is_iso_country


@transaction.atomic
def save_defaults(*, actor: User, defaults: Defaults, at: datetime) -> HouseDefaults:
    """Save what the actor's new books begin with.

    Raises NotAllowed, MiningNotReservable, SourceMissing for the public domain, CountryUnknown, TerritoryEmpty and
    PriceOutOfRange.
    """
    if not permissions.may_create(actor):
        raise NotAllowed
    territory = _checked(defaults)
    columns = {one.name: getattr(defaults, one.name) for one in fields(defaults) if one.name != "territory"}
    row, _created = HouseDefaults.objects.update_or_create(
        owner=actor,
        defaults={
            **columns,
            "territory_rule": territory.rule,
            "territory_countries": list(territory.countries),
            "changed_at": at,
        },
    )
    account_services.record_audit(actor=actor, verb="defaults.changed", subject=row)
    return row


def take_from_work(*, actor: User, work: Work, at: datetime) -> HouseDefaults:
    """Make new books begin as this one is. Raises NotAllowed, NotFound, and the errors of `save_defaults`."""
    permissions.require_publish(actor, work)
    return save_defaults(actor=actor, defaults=selectors.defaults_like(work), at=at)


def _checked(defaults: Defaults) -> Territory:
    if defaults.licence == Licence.PUBLIC_DOMAIN:
        raise SourceMissing
    if defaults.is_mining_reserved and defaults.licence != Licence.RESERVED:
        raise MiningNotReservable
    if defaults.price_minor is not None:
        if defaults.price_currency not in settings.CURRENCIES:
            raise CurrencyUnknown(currency=defaults.price_currency)
        if not 0 <= defaults.price_minor <= MAX_PRICE_MINOR:
            raise PriceOutOfRange(most=Money(MAX_PRICE_MINOR, defaults.price_currency))
    territory = Territory.of(defaults.territory.rule, defaults.territory.countries)
    unknown = next((code for code in territory.countries if not is_iso_country(code)), None)
    if unknown is not None:
        raise CountryUnknown(country=unknown)
    if not territory.is_world and not territory.countries:
        raise TerritoryEmpty
    return territory
