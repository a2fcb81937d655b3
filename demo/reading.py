"""How far the demonstration's readers got in what they bought, so that authors see where readers stop."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from insight.completion.services import consents, counting
from storefront.catalogue.selectors.edition_texts import text_of
from storefront.checkout.models import Entitlement
from storefront.reading.models import FurthestPlace

_SEED = 20261101
_AGREE_IN_A_HUNDRED, _FINISH_IN_A_HUNDRED = 80, 55
_DAYS_TO_READ = 40


def seed_reading(*, now: datetime) -> None:
    """Make up who agrees to be counted and how far each one read; most who stop do so early."""
    chance = random.Random(_SEED)  # noqa: S311 # plausible, not secret
    bought = (
        Entitlement.objects.readable()
        .filter(line__isnull=False, user__is_guest=False)
        .select_related("user", "edition")
    )
    readers = {one.user_id: one.user for one in bought.order_by("pk")}
    agrees = {pk: user for pk, user in readers.items() if chance.randrange(100) < _AGREE_IN_A_HUNDRED}
    for user in agrees.values():
        consents.decide(reader=user, agrees=True, at=now)
    places = []
    for one in bought.order_by("pk"):
        text = text_of(one.edition)
        if one.user_id not in agrees or not text.blocks:
            continue
        share = 10_000 if chance.randrange(100) < _FINISH_IN_A_HUNDRED else int(chance.triangular(0, 9_000, 1_500))
        block, offset = text.at_share(share)
        read_until = min(one.granted_at + timedelta(days=chance.uniform(1, _DAYS_TO_READ)), now)
        places.append(
            FurthestPlace(
                user=one.user,
                work_id=one.work_id,
                edition=one.edition,
                block=block,
                offset=offset,
                share_bps=share,
                at=read_until,
            )
        )
    FurthestPlace.objects.bulk_create(places, ignore_conflicts=True)
    counting.count_all(at=now)
