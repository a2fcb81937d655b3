"""In which currency a cart begins: the one that its first book's page showed, if it can be bought in it."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from accounts import regions
from accounts.models import User
from publishing.models import Edition, Price, Series
from storefront.catalogue.models import Bundle
from storefront.catalogue.selectors import bundles as bundle_selectors
from storefront.checkout.cart.selectors import completing


def noting_price(editions: QuerySet[Edition], *, wish: str) -> QuerySet[Edition]:
    """The editions, each with whether it has a price in the currency: `of_edition` asks no more where it has."""
    prices = Price.objects.filter(work=OuterRef("work"), currency=wish)
    return editions.annotate(is_priced=Exists(prices if wish in settings.CURRENCIES else prices.none()))


def of_edition(edition: Edition, *, wish: str) -> str:
    """The wished one, else the first that the edition has a price in. `edition` comes by `noting_price`."""
    if edition.is_priced:  # type: ignore[attr-defined]  # see there
        return wish
    priced = set(edition.work.prices.values_list("currency", flat=True))
    return next((one for one in _by_wish(wish) if one in priced), _by_wish(wish)[0])


def of_bundle(bundle: Bundle, *, wish: str) -> str:
    """The wished one, else the first in which the whole bundle can be bought."""
    offers = (bundle_selectors.offer_of(bundle, currency=one) for one in _by_wish(wish))
    return next((offer.currency for offer in offers if offer.price is not None), _by_wish(wish)[0])


def of_series(series: Series, *, wish: str, user: User | None, country: str) -> str:
    """The wished one, else the first in which all that the person lacks of the series can be bought."""
    offers = (completing.offer_of(series, currency=one) for one in _by_wish(wish))
    rests = (completing.rest_for(offer, user=user, country=country) for offer in offers)
    return next((rest.currency for rest in rests if rest.price is not None), _by_wish(wish)[0])


def _by_wish(wish: str) -> list[str]:
    """What to try, one after another. The wish comes from a form: anything may stand there."""
    return [one for one in dict.fromkeys([wish, *regions.currencies()]) if one in settings.CURRENCIES]
