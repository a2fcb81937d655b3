"""Providers, offers and what belongs to them."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import User
from common import clock
from hiring.offers.models import Offer, OfferGenre, OfferLanguage, OfferState, PriceKind, Provider
from tests.factories.accounts import make_reader

TEXT = "I read your book twice, write you a long letter about it, and mark what I mean in the text itself."


def make_member(**overrides: Any) -> User:
    """Somebody with a confirmed address, who may offer services and hire."""
    person = make_reader(**overrides)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def make_provider(**overrides: Any) -> User:
    """A member who offers services as a private person and takes work."""
    values = {"capacity": "private", "changed_at": clock.now(), **overrides.pop("said", {})}
    person = make_member(**overrides)
    Provider.objects.create(user=person, **values)
    return person


def make_offer(
    *,
    provider: User | None = None,
    languages: tuple[tuple[str, str], ...] = (("en", ""),),
    genres: tuple[str, ...] = ("FF",),
    **overrides: Any,
) -> Offer:
    """A public offer to copy-edit in English for 400.00 USD, with two free places."""
    now = clock.now()
    values = {
        "kind": "copy_editing",
        "title": "Copy-editing for crime novels",
        "text": TEXT,
        "price_kind": PriceKind.FIXED,
        "price_minor": 40_000,
        "currency": "USD",
        "places": 2,
        "state": OfferState.PUBLIC,
        "created_at": now,
        "changed_at": now,
        **overrides,
    }
    values.setdefault("published_at", now if values["state"] == OfferState.PUBLIC else None)
    offer = Offer.objects.create(provider=provider or make_provider(), **values)
    for language, target in languages:
        OfferLanguage.objects.create(offer=offer, language=language, target=target)
    for code in genres:
        OfferGenre.objects.create(offer=offer, code=code)
    return offer
