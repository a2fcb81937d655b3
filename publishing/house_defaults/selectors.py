"""Queries for the defaults of an account."""

from __future__ import annotations

from accounts.models import User
from conversion.engine.api import MatterKind
from publishing.house_defaults.models import HouseDefaults
from publishing.house_defaults.values import Defaults
from publishing.models import Work
from publishing.record.licences import Licence

_OF_ONE_BOOK = frozenset({MatterKind.DEDICATION})


def defaults_of(owner: User) -> Defaults:
    """Return the defaults of an account; those of the shop where it has none."""
    row = HouseDefaults.objects.filter(owner=owner).first()
    if row is None:
        return Defaults()
    return Defaults(
        imprint=row.imprint,
        language=row.language,
        sample_bps=row.sample_bps,
        licence=row.licence,
        rights_line=row.rights_line,
        is_mining_reserved=row.is_mining_reserved,
        territory=row.territory,
        matter=row.matter,
        credited_name=row.credited_name,
        is_on_page=row.is_on_page,
        biography=row.biography,
        price_currency=row.price_currency,
        price_minor=row.price_minor,
        is_price_open=row.is_price_open,
    )


def defaults_like(work: Work) -> Defaults:
    """Return the defaults that would make new books like this one."""
    person = work.contributors.filter(user=work.owner_id).order_by("position", "pk").first()
    price = work.prices.order_by("pk").first()
    is_free_text = work.licence == Licence.PUBLIC_DOMAIN  # whose source is that of one book
    plain = Defaults()
    return Defaults(
        imprint=work.imprint,
        language=work.language,
        sample_bps=work.sample_bps,
        licence=plain.licence if is_free_text else work.licence,
        rights_line=work.rights_line,
        is_mining_reserved=work.is_mining_reserved,
        territory=work.territory,
        matter=tuple(one for one in work.matter or plain.matter if one.kind not in _OF_ONE_BOOK),
        credited_name=person.name if person is not None else "",
        is_on_page=person.is_on_page if person is not None else True,
        biography=person.biography if person is not None else "",
        price_currency=price.currency if price is not None else "",
        price_minor=price.list_price_minor if price is not None else None,
        is_price_open=price.is_open if price is not None else False,
    )
