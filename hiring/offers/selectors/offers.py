"""Offers as lists, pages and people's pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import NotFound
from common.money import Money
from hiring.contracts.selectors.records import ProviderRecord, record_of
from hiring.offers.models import Capacity, Offer, OfferLanguage, OfferSample, PriceKind, Provider
from hiring.offers.selectors.pictures import Picture, pictures_of
from hiring.reviews.selectors import Summary, summaries
from hiring.service_kinds import ServiceKind
from publishing import thema
from publishing.languages import language_name
from publishing.models import Contributor, ContributorRole, Work
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.cards import Card, cards_from, cover_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TRADER_FIELDS = ("trader_name", "trader_address", "trader_phone", "trader_email", "register_number")
# Price and places are compared for a novel, where nobody says how long the text is.
USUAL_WORDS = 80_000
MIN_TEXT_WORDS = 10
_MAX_CREDITS = 24
_MAX_PICTURES = 24
_MAX_TEXTS = 4


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """What somebody looks for. Empty fields filter nothing."""

    kind: str = ""
    language: str = ""
    target: str = ""
    genre: str = ""
    currency: str = ""
    budget_minor: int | None = None
    words: int = USUAL_WORDS
    free_only: bool = False
    order: str = "newest"


@dataclass(frozen=True, slots=True)
class OfferCard:
    """An offer in a list. `cover` is a public file of a sample, or ""; `picture` its first picture."""

    offer: Offer
    provider: str
    provider_id: str
    languages: list[str]
    genres: list[str]
    estimate: Money | None
    cover: str
    cover_title: str
    picture: Picture | None
    is_free: bool
    said: Summary


@dataclass(frozen=True, slots=True)
class SampleCard:
    sample: OfferSample
    book: Card | None
    role: StrOrPromise


@dataclass(frozen=True, slots=True)
class OfferPage:
    """Everything that an offer's page shows."""

    card: OfferCard
    provider: Provider | None
    bio: str
    samples: list[SampleCard]
    pictures: list[Picture]
    credits: list[tuple[Card, StrOrPromise]]
    others: list[OfferCard]
    has_author_page: bool


@dataclass(frozen=True, slots=True)
class PersonServices:
    """What a person's page shows of their services. `is_available` is the "available for work"."""

    cards: list[OfferCard]
    is_available: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person's services and pictures, with the books here that credit them and in which role."""

    person: User
    provider: Provider | None
    services: PersonServices
    pictures: list[Picture]
    texts: list[OfferSample]
    credits: list[tuple[Card, StrOrPromise]]
    has_author_page: bool
    record: ProviderRecord


def offer_by_public_id(public_id: str) -> Offer:
    """Return the offer. Raises NotFound."""
    offer = Offer.objects.select_related("provider").filter(public_id=public_id).first()
    if offer is None:
        raise NotFound
    return offer


def offers_of(user: User) -> QuerySet[Offer]:
    """Return the person's offers in every state, newest first."""
    return Offer.objects.filter(provider=user).order_by("-pk")


def offers_something(user: User) -> bool:
    """Return whether anybody sees a service of the person, so that anybody may write to them."""
    return Offer.objects.public().filter(provider=user).exists()


def is_trader(user: User) -> bool:
    """Return whether the person offers services as a business."""
    return Provider.objects.filter(user=user, capacity=Capacity.TRADER).exists()


def found_offers(wanted: OfferFilter, *, today: date) -> QuerySet[Offer]:
    """Return the public offers that fit, in the order asked for."""
    rows = Offer.objects.public().with_estimate(wanted.words)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.language or wanted.target:
        pairs = OfferLanguage.objects.all()
        if wanted.language:
            pairs = pairs.filter(_in_language("language", wanted.language))
        if wanted.target:
            pairs = pairs.filter(_in_language("target", wanted.target))
        rows = rows.filter(pk__in=pairs.values("offer"))
    if wanted.genre:
        rows = rows.filter(genres__code__startswith=wanted.genre)
    if wanted.budget_minor is not None:
        affordable = Q(("estimate_minor__lte", wanted.budget_minor))  # annotated above
        rows = rows.filter(affordable, currency=wanted.currency)
    if wanted.free_only:
        away = Q(provider__provider__away_until__gte=today)
        rows = rows.filter(places__gt=0, provider__provider__is_available=True).exclude(away)
    orders = {
        "price": (F("estimate_minor").asc(nulls_last=True), "-published_at", "-pk"),
        "fast": ("turnaround_days", "-published_at", "-pk"),
    }
    return rows.distinct().order_by(*orders.get(wanted.order, ("-published_at", "-pk")))


def currencies_found(wanted: OfferFilter, *, today: date) -> list[tuple[str, int]]:
    """Return in which other currencies there are offers that fit but for the budget, and how many."""
    rows = found_offers(replace(wanted, budget_minor=None), today=today).exclude(currency=wanted.currency)
    return list(rows.order_by("currency").values_list("currency").annotate(n=Count("pk", distinct=True)))


def _in_language(column: str, tag: str) -> Q:
    """Match a language whatever its region: "de" finds "de-AT", and "de-AT" finds "de"."""
    base = tag.split("-", maxsplit=1)[0]
    return (
        Q(**{column: tag}) | Q(**{column: base}) | (Q(**{f"{column}__startswith": f"{base}-"}) if tag == base else Q())
    )


def offer_cards(rows: QuerySet[Offer] | Sequence[Offer], *, words: int = 0, today: date) -> list[OfferCard]:
    """Return the cards of these offers, in their order, with a fixed number of queries."""
    keys = [row.pk for row in rows]
    samples = Prefetch("samples", OfferSample.objects.select_related("work__listing").order_by("pk"))
    found = Offer.objects.select_related("provider__provider").prefetch_related("languages", "genres", samples)
    by_key = {one.pk: one for one in found.filter(pk__in=keys)}
    firsts = [next((one for one in offer.samples.all() if one.job_id), None) for offer in by_key.values()]
    drawn = {one.sample.offer_id: one for one in pictures_of(filter(None, firsts)).values()}
    # Of what became visible today, a list shows nothing before tomorrow: it is never early.
    morning = datetime.combine(today, time.min, UTC)
    said = summaries({offer.provider_id for offer in by_key.values()}, morning, by_clients=True)
    return [
        _card(offer, words, today, drawn.get(key), said[offer.provider_id])
        for key in keys
        if (offer := by_key.get(key)) is not None
    ]


def _card(offer: Offer, words: int, today: date, picture: Picture | None, said: Summary) -> OfferCard:
    shown = next((one for one in offer.samples.all() if one.work is not None and cover_name(one.work)), None)
    provider = getattr(offer.provider, "provider", None)
    return OfferCard(
        offer=offer,
        provider=offer.provider.display_name,
        provider_id=offer.provider.public_id,
        languages=[_pair(one) for one in offer.languages.all()],
        genres=[str(thema.label(one.code)) for one in offer.genres.all()],
        estimate=offer.price_for(words) if words and offer.price_kind == PriceKind.WORDS else None,
        cover=cover_name(shown.work) if shown is not None else "",
        cover_title=shown.title if shown is not None else "",
        picture=picture,
        is_free=offer.places > 0 and provider is not None and provider.takes_work_on(today),
        said=said,
    )


def _pair(row: OfferLanguage) -> str:
    name = language_name(row.language)
    if not row.target:
        return name
    return _("%(language)s to %(target)s") % {"language": name, "target": language_name(row.target)}


def offer_page(offer: Offer, *, today: date) -> OfferPage:
    """Return what the page of an offer shows."""
    provider = Provider.objects.filter(user=offer.provider_id).first()
    roles = _roles_of(offer.provider)
    samples = list(offer.samples.select_related("work__listing"))
    others = Offer.objects.public().filter(provider=offer.provider).exclude(pk=offer.pk)[:6]
    shown = {one.work_id for one in samples}
    listings = _credited_listings(offer.provider).exclude(work__in=[key for key in shown if key])[:_MAX_CREDITS]
    credits_shown = _with_roles(listings, roles)
    return OfferPage(
        card=offer_cards([offer], today=today)[0],
        provider=provider,
        bio=offer.provider.bio,
        samples=[_sample(one, roles) for one in samples],
        pictures=_in_order(samples),
        credits=credits_shown,
        others=offer_cards(list(others), today=today),
        has_author_page=_credited_listings(offer.provider).exists(),
    )


def person_page(public_id: str, *, today: date) -> PersonPage | None:
    """Return the page of a person who offers something now, or None."""
    services = services_of(public_id, today=today)
    person = User.objects.filter(public_id=public_id, is_active=True).first()
    if services is None or person is None:
        return None
    credited = _with_roles(_credited_listings(person)[:_MAX_CREDITS], _roles_of(person))
    provider = Provider.objects.filter(user=person).first()
    shown = OfferSample.objects.filter(offer__in=[card.offer.pk for card in services.cards]).order_by("-pk")
    return PersonPage(
        person=person,
        provider=provider,
        services=services,
        pictures=_in_order(shown.exclude(job=None).select_related("offer")[:_MAX_PICTURES]),
        texts=list(shown.exclude(text="")[:_MAX_TEXTS]),
        credits=credited,
        has_author_page=bool(credited),
        record=record_of(person.pk),
    )


def _in_order(samples: Iterable[OfferSample]) -> list[Picture]:
    """Return the pictures of samples that can be shown, in their order."""
    rows = list(samples)
    drawn = pictures_of(rows)
    return [drawn[one.pk] for one in rows if one.pk in drawn]


def _with_roles(listings: QuerySet[Listing], roles: dict[int, StrOrPromise]) -> list[tuple[Card, StrOrPromise]]:
    rows = list(listings)
    return [(card, roles.get(row.work_id, "")) for row, card in zip(rows, cards_from(rows, eager=0), strict=True)]


def _sample(row: OfferSample, roles: dict[int, StrOrPromise]) -> SampleCard:
    listing = getattr(row.work, "listing", None) if row.work is not None else None
    book = cards_from([listing], eager=0)[0] if listing is not None and listing.is_on_sale else None
    return SampleCard(row, book, roles.get(row.work_id, "") if row.work_id else "")


def _credited_listings(user: User) -> QuerySet[Listing]:
    """Return the books on sale that credit the person by a name on their page; those of pen names stay unknown."""
    credited = Contributor.objects.filter(user=user, is_on_page=True).values("work")
    return Listing.objects.on_sale().filter(work__in=credited, is_adult=False).order_by("-published_at", "-pk")


def _roles_of(user: User) -> dict[int, StrOrPromise]:
    """Return the role in each work; a credit that came with a contract here says so: both sides agreed to it there."""
    rows = Contributor.objects.filter(user=user, is_on_page=True).order_by("position", "pk")
    return {
        work: _("%(role)s, delivered here") % {"role": ContributorRole(role).label}
        if is_hired
        else ContributorRole(role).label
        for work, role, is_hired in rows.values_list("work", "role", "is_hired")
    }


def credited_works(user: User) -> list[Work]:
    """Return the works on sale that credit the person on their page."""
    return [listing.work for listing in _credited_listings(user).select_related("work")[:200]]


def services_of(public_id: str, *, today: date) -> PersonServices | None:
    """Return what a person offers, or None if they offer nothing now."""
    rows = Offer.objects.public().filter(provider__public_id=public_id).order_by("kind", "-pk")
    cards = offer_cards(list(rows), today=today)
    return PersonServices(cards, any(card.is_free for card in cards)) if cards else None


def missing(offer: Offer, *, languages: int | None = None) -> list[str]:
    """Return what is missing before the offer can be public, in words; empty if nothing is."""
    found = []
    if not Provider.objects.filter(user=offer.provider_id).exists():
        found.append(_("whether you offer it as a business or as a private person"))
    if len(offer.text.split()) < MIN_TEXT_WORDS:
        found.append(_("a description of at least %(count)d words") % {"count": MIN_TEXT_WORDS})
    if not (offer.languages.count() if languages is None else languages):
        found.append(_("a language"))
    if offer.price_kind == PriceKind.SHARE:
        if not offer.share_bps:
            found.append(_("your share of the royalties"))
    elif not offer.price_minor or not offer.currency:
        found.append(_("a price"))
    return found


def counts_by_kind() -> list[tuple[ServiceKind, int]]:
    """Return all kinds of service with their numbers of public offers."""
    rows = Offer.objects.public().order_by().values_list("kind").annotate(count=Count("pk"))
    counted: dict[str, int] = dict(rows)
    return [(kind, counted.get(kind, 0)) for kind in ServiceKind]
