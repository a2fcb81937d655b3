"""The demonstration's work between members: a dozen people who offer services, and what they were hired for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.models import User
from common import clock
from demo.content.hiring_loader import Market
from demo.hiring_offers import offer_stories
from demo.hiring_scenes import scenes
from demo.hiring_steps import Workplace
from demo.people import person
from demo.shop import Shop
from demo.stories import Stories, Story
from hiring.offers.models import Offer


def hiring_stories(shop: Shop, market: Market, known: Mapping[str, User], opened: datetime, now: datetime) -> Stories:
    """Return the stories of all offers, contracts and requests. `known` are authors and readers by their keys."""
    with clock.frozen(opened):
        people = {one.key: person(one.email, one.display_name, one.country, (), one.bio) for one in market.people}
    everybody = {**known, **people}
    offers: dict[str, Offer] = {}
    place = Workplace(shop, everybody, offers)
    every = [*offer_stories(market, everybody, offers, now), *scenes(place, market, now)]
    return Stories([*every, _clocks(place, opened, now)])


def _clocks(place: Workplace, opened: datetime, now: datetime) -> Story:
    """Run the clocks of contracts and requests once a day."""
    moment = opened
    while moment < now:
        yield moment
        place.run_clocks()
        moment += timedelta(days=1)
