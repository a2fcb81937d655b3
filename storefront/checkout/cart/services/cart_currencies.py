"""The currency in which a cart starts: the one shown on its first book's page, if the book can be bought in it."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from accounts import regions
from accounts.models import User
from publishing.models import Edition, Price, Series
from storefront.catalogue.models import Bundle
from storefront.catalogue.selectors import bundles as bundle_selectors
from storefront.checkout.cart.selectors import series_offer


def noting_price(editions: QuerySet[Edition], *, wish: str) -> QuerySet[Edition]:
    """Annotate the editions with whether they have a price in the currency, so that `of_edition` needs no query if
    they do."""
    prices = Price.objects.filter(work=OuterRef("work"), currency=wish)
    return editions.annotate(is_priced=Exists(prices if wish in settings.CURRENCIES else prices.none()))


def of_edition(edition: Edition, *, wish: str) -> str:
    """Return the requested currency, or else the first in which the edition has a price. `edition` comes from
    `noting_price`."""
    if edition.is_priced:  # type: ignore[attr-defined]  # see there
        return wish
    priced = set(edition.work.prices.values_list("currency", flat=True))
    return next((one for one in _by_wish(wish) if one in priced), _by_wish(wish)[0])


def of_bundle(bundle: Bundle, *, wish: str) -> str:
    """Return the requested currency, or else the first in which the whole bundle can be bought."""
    offers = (bundle_selectors.offer_of(bundle, currency=one) for one in _by_wish(wish))
    return next((offer.currency for offer in offers if offer.price is not None), _by_wish(wish)[0])


def of_series(series: Series, *, wish: str, user: User | None, country: str) -> str:
    """Return the requested currency, or else the first in which everything the person lacks of the series can be
    bought."""
    offers = (series_offer.offer_of(series, currency=one) for one in _by_wish(wish))
    rests = (series_offer.rest_for(offer, user=user, country=country) for offer in offers)
    return next((rest.currency for rest in rests if rest.price is not None), _by_wish(wish)[0])


def _by_wish(wish: str) -> list[str]:
    """Return the currencies to try, in order. The request comes from a form, so it may contain anything."""
    return [one for one in dict.fromkeys([wish, *regions.currencies()]) if one in settings.CURRENCIES]
