"""The inputs of a shortlist, read from the tables: what `recompute_shortlist` takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count

from hiring.contracts.selectors import records
from hiring.conversations import selectors as conversation_selectors
from hiring.offers.models import Offer
from hiring.requests.models import Invitation, ServiceRequest
from hiring.requests.recompute_shortlist import RULES, Candidate, Wanted
from publishing.models import Contributor


def wanted_by(request: ServiceRequest) -> Wanted:
    """Return what a request asks for, as the formula takes it: neither who asks nor for which book."""
    return Wanted(
        request=request.public_id,
        kind=request.kind,
        language=request.language,
        target=request.target,
        genre=request.genre,
        words=request.words,
        budget_minor=request.budget_minor,
        currency=request.currency,
        takes_share=request.takes_share,
    )


def candidates_for(request: ServiceRequest, *, at: datetime) -> tuple[Candidate, ...]:
    """Return every public offer of the kind but those of the client and of people credited on the book.

    The request may be one that is not saved yet.
    """
    rows = Offer.objects.public().filter(kind=request.kind).exclude(provider=request.client_id)
    rows = rows.exclude(provider__in=makers_of(request)).exclude(provider__is_finance=True)
    rows = rows.exclude(provider__is_moderator=True).exclude(provider__is_operator=True)
    rows = rows.select_related("provider__provider").prefetch_related("languages", "genres", "samples")
    offers = list(rows.order_by("pk"))
    people = {one.provider_id for one in offers}
    known, shown = records.records_of(people), credited_genres(people)
    recent = recent_places([one.pk for one in offers], at=at)
    invitations = Invitation.objects.filter(request=request) if request.pk else Invitation.objects.none()
    asked = set(invitations.values_list("offer", flat=True))
    apart = conversation_selectors.apart_from(request.client)
    return tuple(
        Candidate(
            offer=one.public_id,
            kind=one.kind,
            languages=tuple((pair.language, pair.target) for pair in one.languages.all()),
            genres=tuple(genre.code for genre in one.genres.all()),
            shown_genres=_shown(one, shown[one.provider_id]),
            price_minor=_price(one, request.words),
            currency=one.currency,
            places=one.places,
            is_away=one.provider_id in apart or not _takes_work(one, at),
            was_asked=one.pk in asked,
            counted=known[one.provider_id].counted,
            kept=known[one.provider_id].kept,
            delivered=known[one.provider_id].delivered,
            in_time=known[one.provider_id].in_time,
            ended=known[one.provider_id].ended,
            recent_places=recent.get(one.pk, 0),
        )
        for one in offers
    )


def makers_of(request: ServiceRequest) -> set[int]:
    """Return the accounts that made the request's book; those that were hired for it may be hired again."""
    if request.work_id is None:
        return set()
    credited = Contributor.objects.filter(work=request.work_id, user__isnull=False, is_hired=False)
    return {key for key in credited.values_list("user", flat=True) if key is not None}


def credited_genres(people: Collection[int]) -> dict[int, set[str]]:
    """Return the genres of the books on sale that credit these people on their pages."""
    found: dict[int, set[str]] = defaultdict(set)
    credited = Contributor.objects.filter(user__in=people, is_on_page=True, work__listing__is_on_sale=True)
    for person, subject in credited.values_list("user", "work__subject"):
        if person is not None and subject:
            found[person].add(subject)
    return found


def recent_places(offers: Collection[int], *, at: datetime) -> dict[int, int]:
    """Return how often each of these offers was on a shortlist lately."""
    rows = Invitation.objects.filter(offer__in=offers, shortlist__isnull=False)
    rows = rows.filter(asked_at__gt=at - timedelta(days=RULES.recent_days))
    return dict(rows.order_by().values_list("offer").annotate(count=Count("pk")))


def _shown(offer: Offer, credited: set[str]) -> tuple[str, ...]:
    samples = {one.genre for one in offer.samples.all() if one.genre}
    return tuple(sorted(samples | credited))


def _price(offer: Offer, words: int) -> int | None:
    price = offer.price_for(words)
    return price.amount_minor if price is not None else None


def _takes_work(offer: Offer, at: datetime) -> bool:
    provider = getattr(offer.provider, "provider", None)
    return provider is not None and provider.takes_work_on(at.date())
