"""Samples of a provider's work: passages of text, and books here that credit them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.errors import NotFound
from hiring.offers import permissions, selectors
from hiring.offers.errors import NotCredited, OfferTakenDown, SampleKnown, TooManySamples
from hiring.offers.models import Offer, OfferSample, OfferState

MAX_SAMPLES = 12


@transaction.atomic
def add_text(
    *, actor: User, offer: Offer, title: str, text: str, before: str = "", genre: str = "", at: datetime
) -> OfferSample:
    """Show a passage of text, with what it was before. Raises NotFound, OfferTakenDown, TooManySamples."""
    offer = _locked(actor, offer)
    return OfferSample.objects.create(offer=offer, title=title, text=text, before=before, genre=genre, added_at=at)


@transaction.atomic
def add_work(*, actor: User, offer: Offer, work_id: str, at: datetime) -> OfferSample:
    """Show a book on sale here that credits the provider.

    Raises NotFound, OfferTakenDown, TooManySamples, NotCredited, SampleKnown.
    """
    offer = _locked(actor, offer)
    work = next((one for one in selectors.credited_works(actor) if one.public_id == work_id), None)
    if work is None:
        raise NotCredited
    if OfferSample.objects.filter(offer=offer, work=work).exists():
        raise SampleKnown
    return OfferSample.objects.create(offer=offer, title=work.title[:120], work=work, genre=work.subject, added_at=at)


@transaction.atomic
def remove(*, actor: User, offer: Offer, sample_id: str) -> None:
    """Remove a sample. Raises NotFound, OfferTakenDown."""
    offer = _locked(actor, offer, adds=False)
    found = OfferSample.objects.filter(offer=offer, public_id=sample_id).first()
    if found is None:
        raise NotFound
    found.delete()


def _locked(actor: User, offer: Offer, *, adds: bool = True) -> Offer:
    found = Offer.objects.select_for_update(of=("self",)).select_related("provider").get(pk=offer.pk)
    permissions.require_owner(actor, found)
    if found.state == OfferState.TAKEN_DOWN:
        raise OfferTakenDown
    if adds and found.samples.count() >= MAX_SAMPLES:
        raise TooManySamples(limit=MAX_SAMPLES)
    return found
