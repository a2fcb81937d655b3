"""The demonstration's community: votes on reviews, shelves, a bundle, a reduced price, and a flagged review."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from accounts.models import User
from common import clock
from demo.people import LOGINS
from publishing.services import prices as pricing
from publishing.services import promotions
from storefront.catalogue.models import Listing
from storefront.catalogue.services import bundles
from storefront.community import permissions
from storefront.community.models import FlagRule, Review, Shelf, Visibility
from storefront.community.services import helpful_votes, replies, review_flags, shelves

_SEED = 20260825
_DAY = timedelta(days=1)
_REPLY = (
    "Thank you for reading it so closely. You are right about the first third; I had a map on the wall and could not "
    "stop looking at it."
)
_SHELVES = (
    (
        "Books for a slow train",
        "What I read between two small stations. None of them minds being put down.",
        (
            "Short enough for the outward journey.",
            "The footnotes are better than the view.",
            "Keep it for the dark part.",
            "",
        ),
    ),
    (
        "Read in one evening",
        "Begun after supper, finished before the kettle was cold.",
        ("The last ten pages are why.", "I did not hear the telephone.", "Twice, in fact."),
    ),
)
# By one author, sold as a bundle at three quarters of the sum of their prices.
_TOGETHER = ("The Tide Clerk", "Nine Windows", "One Letter a Year")
_BUNDLE = ("A Light on the Quay", "A clerk by the water, a house with nine lit windows, and one letter a year.")


def seed_community(readers: list[User], now: datetime) -> None:
    """Add votes, a reply, a flag, two shelves, a reduced price, promotions and a bundle, all in the last few days."""
    chance = random.Random(_SEED)  # noqa: S311 # plausible, not secret
    reviews = list(Review.objects.select_related("work__owner", "user").order_by("pk"))
    with clock.frozen(now - 3 * _DAY):
        at = clock.now()
        for review in reviews:
            for voter in chance.sample(readers, k=min(len(readers), chance.randrange(1 + review.stars // 2))):
                if permissions.may_mark_helpful(voter, review):
                    helpful_votes.mark_helpful(actor=voter, review=review, at=at)
        longest = max(reviews, key=lambda review: len(review.body))
        replies.write_reply(actor=longest.work.owner, review=longest, body=_REPLY, at=at)
        _flag(reviews, readers, at)
        _fill_shelves(reviews, at)
        _reduce_a_price(at)
        _promote(at)
        _sell_together(at)


def _flag(reviews: list[Review], readers: list[User], at: datetime) -> None:
    """Flag one review as being about something else, so that it waits for the moderator."""
    review = min(reviews, key=lambda one: (one.stars, one.pk))
    flagger = next(reader for reader in readers if permissions.may_flag(reader, review))
    review_flags.flag_review(
        actor=flagger, review=review, rule=FlagRule.OFF_TOPIC, note="About a mug, not about the book.", at=at
    )


def _fill_shelves(reviews: list[Review], at: datetime) -> None:
    """Fill two shelves: one kept by the most helpful reviewer, and one of the shop's own."""
    operator = User.objects.get(email=next(login.email for login in LOGINS if login.role == "operator"))
    keeper = max(reviews, key=lambda review: (Review.objects.get(pk=review.pk).helpful_count, -review.pk)).user
    listings = list(Listing.objects.on_sale().filter(is_adult=False).select_related("work").order_by("pk"))
    for owner, (title, text, reasons), step in zip((keeper, operator), _SHELVES, (1, 2), strict=True):
        shelf: Shelf = shelves.make_shelf(
            actor=owner, title=title, description=text, visibility=Visibility.PUBLIC, at=at
        )
        for reason, listing in zip(reasons, listings[::step], strict=False):
            shelves.add_book(actor=owner, shelf=shelf, work=listing.work, reason=reason, at=at)
        if owner == operator:
            shelves.mark_editors(actor=operator, shelf=shelf, is_editors=True)


def _reduce_a_price(at: datetime) -> None:
    """Reduce the most expensive book by a third."""
    dearest = Listing.objects.on_sale().filter(open_in="").select_related("work__owner")
    listing = dearest.exclude(price_minor=None).order_by("-price_minor", "pk").first()
    if listing is not None:
        prices = {currency: 2 * minor // 3 for currency, minor in listing.prices.items()}
        pricing.set_prices(actor=listing.work.owner, work=listing.work, prices=prices, at=at)


def _promote(at: datetime) -> None:
    """Run a promotion for a book of the author with a log-in, and plan a free day for another."""
    author = next(login.email for login in LOGINS if login.role == "author")
    priced = Listing.objects.on_sale().filter(work__owner__email=author, open_in="", price_minor__gt=0)
    listings = list(priced.select_related("work__owner").order_by("price_minor", "pk")[:2])
    plans = ((at, 10, 2), (at + 9 * _DAY, 1, None))  # half the price now; free for a day next week
    for listing, (begins_at, days, divisor) in zip(listings, plans, strict=False):
        promotions.plan_promotion(
            actor=listing.work.owner,
            work=listing.work,
            prices={currency: minor // divisor if divisor else 0 for currency, minor in listing.prices.items()},
            begins_at=begins_at,
            ends_at=begins_at + days * _DAY,
            at=at,
        )


def _sell_together(at: datetime) -> None:
    """Bundle three books of one author for one price."""
    listings = list(Listing.objects.on_sale().filter(title__in=_TOGETHER).select_related("work__owner").order_by("pk"))
    if len(listings) < len(_TOGETHER):
        return  # a demonstration with fewer books
    owner, (title, text) = listings[0].work.owner, _BUNDLE
    currencies = set.intersection(*(set(listing.prices) for listing in listings))
    prices: dict[str, int | None] = {
        currency: 3 * sum(listing.prices[currency] for listing in listings) // 4 for currency in sorted(currencies)
    }
    bundle = bundles.create_bundle(actor=owner, title=title, description=text, at=at)
    bundles.change_bundle(actor=owner, bundle=bundle, title=title, description=text, prices=prices)
    bundles.set_works(actor=owner, bundle=bundle, works=[listing.work for listing in listings], at=at)
    bundles.put_on_sale(actor=owner, bundle=bundle, at=at)
