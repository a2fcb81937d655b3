"""The demonstration's providers, their services and samples."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from accounts.models import User
from common import clock
from demo.content.hiring_loader import Market
from demo.content.hiring_loader import Offer as Told
from demo.drawings import drawing
from demo.stories import Story
from hiring.offers.models import Capacity, Offer
from hiring.offers.services import offers, samples
from hiring.offers.services.offers import OfferInput, ProviderInput


def offer_stories(market: Market, people: Mapping[str, User], made: dict[str, Offer], now: datetime) -> Iterator[Story]:
    """Yield the story of each offer, which is made when its days have come and then is in `made` by its key.

    Each contract takes a place until it ends, so the offers begin with one more for each that still runs today.
    """
    taken = Counter(job.offer for job in market.running)
    for number, told in enumerate(market.offers):
        at = now - timedelta(days=told.begins, hours=-number / 2)
        yield _make(told, people[told.provider], made, taken[told.key], at)


def _make(told: Told, provider: User, made: dict[str, Offer], taken: int, at: datetime) -> Story:
    yield at
    at = clock.now()
    offers.save_provider(actor=provider, told=_who(told), at=at)
    content = OfferInput(
        kind=told.kind,
        title=told.title,
        text=told.text,
        languages=told.languages,
        genres=told.genres,
        price_kind=told.price_kind,
        price_minor=told.price_minor,
        currency=told.currency,
        turnaround_days=told.turnaround_days,
        places=told.places + taken,
        ai_use=told.ai_use,
        share_bps=told.share_bps,
    )
    offer = offers.create_offer(actor=provider, told=content, at=at)
    for one in told.samples:
        samples.add_text(
            actor=provider, offer=offer, title=one.title, text=one.text, before=one.before, genre=one.genre, at=at
        )
    for picture in told.pictures:
        samples.add_picture(
            actor=provider,
            offer=offer,
            title=picture.title,
            alt=picture.alt,
            content=io.BytesIO(drawing(picture.drawn, picture.words or picture.title)),
            name=f"{picture.drawn}.jpg",
            at=at,
        )
    made[told.key] = offers.publish_offer(actor=provider, offer=offer, at=at)


def _who(told: Told) -> ProviderInput:
    trader = told.trader
    if trader is None:
        return ProviderInput(Capacity.PRIVATE)
    return ProviderInput(
        Capacity.TRADER,
        trader_name=trader.trader_name,
        trader_address=trader.trader_address.strip(),
        trader_phone=trader.trader_phone,
        trader_email=trader.trader_email,
        register_number=trader.register_number,
    )
