"""Writes providers and offers: say who offers, write an offer, make it public, pause it, take a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from accounts.restrictions import Activity
from hiring.contracts.models import Contract
from hiring.offers import hooks, permissions, selectors
from hiring.offers.errors import OfferInUse, OfferNotReady, OfferTakenDown, TooManyOffers
from hiring.offers.models import MAX_PLACES, Capacity, Offer, OfferGenre, OfferLanguage, OfferState, PriceKind, Provider
from hiring.offers.services.samples import delete_samples

MAX_OFFERS = 12  # of a provider, in any state


@dataclass(frozen=True, slots=True)
class ProviderInput:
    """What a provider says about themselves. A private person's details are not asked for, and dropped."""

    capacity: Capacity
    trader_name: str = ""
    trader_address: str = ""
    trader_phone: str = ""
    trader_email: str = ""
    register_number: str = ""
    is_available: bool = True
    away_until: date | None = None


@dataclass(frozen=True, slots=True)
class OfferInput:
    """The content of an offer. `languages` are pairs; the second is "" but for translations."""

    kind: str
    title: str
    text: str
    languages: Sequence[tuple[str, str]]
    genres: Sequence[str]
    price_kind: str
    price_minor: int
    currency: str
    turnaround_days: int
    places: int
    ai_use: str
    share_bps: int = 0


@transaction.atomic
def save_provider(*, actor: User, told: ProviderInput, at: datetime) -> Provider:
    """Save who offers services, and whether they take work. Raises StaffOffersNothing, AddressUnconfirmed."""
    permissions.require_take_part(actor)
    is_trader = told.capacity == Capacity.TRADER
    values = {
        "capacity": told.capacity,
        **{name: getattr(told, name) if is_trader else "" for name in selectors.TRADER_FIELDS},
        "is_available": told.is_available,
        "away_until": told.away_until,
        "changed_at": at,
    }
    return Provider.objects.update_or_create(user=actor, defaults=values)[0]


@transaction.atomic
def create_offer(*, actor: User, told: OfferInput, at: datetime) -> Offer:
    """Write an offer, as a draft. Raises StaffOffersNothing, AddressUnconfirmed, TooManyOffers."""
    permissions.require_take_part(actor)
    User.objects.select_for_update().get(pk=actor.pk)  # two tabs could write one offer too many
    if Offer.objects.filter(provider=actor).count() >= MAX_OFFERS:
        raise TooManyOffers(limit=MAX_OFFERS)
    offer = Offer.objects.create(provider=actor, created_at=at, changed_at=at, **_columns(told))
    _save_lists(offer, told)
    return offer


@transaction.atomic
def change_offer(*, actor: User, offer: Offer, told: OfferInput, at: datetime) -> Offer:
    """Change an offer. One that is public has to stay complete. Raises NotFound, OfferTakenDown, OfferNotReady.

    Proposals and contracts keep what they say: they hold no reference to the offer's text or price.
    """
    offer = _locked(actor, offer)
    for name, value in _columns(told).items():
        setattr(offer, name, value)
    offer.changed_at = at
    if offer.is_public:
        _require_complete(offer, languages=len(told.languages))
    offer.save()
    _save_lists(offer, told)
    return offer


@transaction.atomic
def publish_offer(*, actor: User, offer: Offer, at: datetime) -> Offer:
    """Show an offer to everybody.

    Raises NotFound, StaffOffersNothing, AddressUnconfirmed, OfferTakenDown, OfferNotReady, ContentSuspended,
    AuthorAccountEnded.
    """
    offer = _locked(actor, offer)
    permissions.require_take_part(actor)
    restrictions.require(actor, Activity.CONTENT, at)
    _require_complete(offer, languages=offer.languages.count())
    if offer.is_public:
        return offer
    offer.state, offer.published_at = OfferState.PUBLIC, offer.published_at or at
    offer.save(update_fields=["state", "published_at"])
    account_services.record_audit(actor=actor, verb="offer.published", subject=offer)
    return offer


@transaction.atomic
def pause_offer(*, actor: User, offer: Offer) -> Offer:
    """Take an offer out of lists and shortlists; what was agreed goes on. Raises NotFound, OfferTakenDown."""
    offer = _locked(actor, offer)
    if offer.is_public:
        offer.state = OfferState.PAUSED
        offer.save(update_fields=["state"])
        account_services.record_audit(actor=actor, verb="offer.paused", subject=offer)
    return offer


@transaction.atomic
def delete_offer(*, actor: User, offer: Offer) -> None:
    """Delete an offer that nobody has answered to. Raises NotFound, OfferTakenDown, OfferInUse."""
    offer = _locked(actor, offer)
    if hooks.is_in_use(offer):
        raise OfferInUse
    delete_samples(offer.samples.all())
    offer.delete()


@transaction.atomic
def take_place(*, offer_id: int) -> bool:
    """Take one free place of an offer for a new contract; return whether there was one."""
    offer = Offer.objects.select_for_update().get(pk=offer_id)  # two clients may accept at once
    if not offer.places:
        return False
    offer.places -= 1
    offer.save(update_fields=["places"])
    return True


@transaction.atomic
def give_place(contract: Contract, at: datetime) -> None:
    """Free the place that an ended contract took."""
    found = Offer.objects.select_for_update().filter(public_id=contract.terms.offer_reference or "").first()
    if found is not None and found.places < MAX_PLACES:
        found.places += 1
        found.save(update_fields=["places"])


@transaction.atomic
def take_place_again(contract: Contract, at: datetime) -> None:
    """Take again the place of a contract that is open again, unless somebody else has it by now."""
    found = Offer.objects.select_for_update().filter(public_id=contract.terms.offer_reference or "").first()
    if found is not None and found.places > 0:
        found.places -= 1
        found.save(update_fields=["places"])


@transaction.atomic
def take_down(*, actor: User | None, offer: Offer, case: str) -> None:
    """Take an offer down by a moderator's decision. The decision is the caller's."""
    offer = Offer.objects.select_for_update().get(pk=offer.pk)
    offer.state, offer.held_by = OfferState.TAKEN_DOWN, case
    offer.save(update_fields=["state", "held_by"])
    account_services.record_audit(actor=actor, verb="offer.taken_down", subject=offer)


@transaction.atomic
def restore(*, actor: User | None, offer: Offer, case: str) -> None:
    """Undo a decision after an appeal; the provider makes the offer public again."""
    offer = Offer.objects.select_for_update().get(pk=offer.pk)
    if offer.held_by != case:
        return
    offer.state, offer.held_by = OfferState.PAUSED, ""
    offer.save(update_fields=["state", "held_by"])
    account_services.record_audit(actor=actor, verb="offer.restored", subject=offer)


def _locked(actor: User, offer: Offer) -> Offer:
    found = Offer.objects.select_for_update(of=("self",)).select_related("provider").get(pk=offer.pk)
    permissions.require_owner(actor, found)
    if found.state == OfferState.TAKEN_DOWN:
        raise OfferTakenDown
    return found


def _require_complete(offer: Offer, *, languages: int) -> None:
    missing = selectors.missing(offer, languages=languages)
    if missing:
        raise OfferNotReady(missing=", ".join(str(one) for one in missing))


def _columns(told: OfferInput) -> dict[str, object]:
    is_share = told.price_kind == PriceKind.SHARE
    return {
        "kind": told.kind,
        "title": told.title,
        "text": told.text,
        "price_kind": told.price_kind,
        "price_minor": 0 if is_share else told.price_minor,
        "currency": "" if is_share else told.currency,
        "share_bps": told.share_bps if is_share else 0,
        "turnaround_days": told.turnaround_days,
        "places": told.places,
        "ai_use": told.ai_use,
    }


def _save_lists(offer: Offer, told: OfferInput) -> None:
    offer.languages.all().delete()
    pairs = dict.fromkeys(told.languages)
    OfferLanguage.objects.bulk_create([OfferLanguage(offer=offer, language=one, target=to) for one, to in pairs])
    offer.genres.all().delete()
    OfferGenre.objects.bulk_create([OfferGenre(offer=offer, code=code) for code in dict.fromkeys(told.genres)])
