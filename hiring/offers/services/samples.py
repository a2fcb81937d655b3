"""Samples of a provider's work: passages of text, pictures, and books here that credit them.

A picture is redrawn as covers are: by a conversion of its own, in the sandbox, which makes the sizes that pages show.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from django.db import transaction

from accounts.models import User
from common.errors import NotFound
from conversion.engine.covers.cover import LAST_RATIO
from conversion.models import ConversionJob
from hiring.offers import permissions, selectors
from hiring.offers.errors import (
    NotCredited,
    OfferTakenDown,
    PictureStrip,
    PictureTooSmall,
    SampleKnown,
    TooManySamples,
)
from hiring.offers.models import Offer, OfferSample, OfferState
from publishing.services import covers, drafts, manuscripts, redrawing

MAX_SAMPLES = 12
MIN_WIDTH = 640  # the widest of the small sizes


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
def add_picture(
    *, actor: User, offer: Offer, title: str, alt: str, content: IO[bytes], name: str, genre: str = "", at: datetime
) -> OfferSample:
    """Show a picture, once it has been redrawn.

    Raises NotFound, OfferTakenDown, TooManySamples, PictureTooSmall, PictureStrip, TooManyOpenJobs, and the errors of
    `manuscripts.store_picture`.
    """
    offer = _locked(actor, offer)
    width, height, colours = covers.inspect_picture(content)
    if colours and width < MIN_WIDTH:  # a drawing has no pixels
        raise PictureTooSmall(width=width, least=MIN_WIDTH)
    if not LAST_RATIO[0] <= height / width <= LAST_RATIO[1]:
        raise PictureStrip(width=width, height=height)
    picture = manuscripts.store_picture(actor=actor, content=content, name=name, at=at)
    job = redrawing.request_redrawing(actor=actor, file=picture.file, name=picture.name, title=title, at=at)
    return OfferSample.objects.create(offer=offer, title=title, alt=alt, job=job, genre=genre, added_at=at)


@transaction.atomic
def remove(*, actor: User, offer: Offer, sample_id: str) -> None:
    """Remove a sample. Raises NotFound, OfferTakenDown."""
    offer = _locked(actor, offer, adds=False)
    found = OfferSample.objects.filter(offer=offer, public_id=sample_id).first()
    if found is None:
        raise NotFound
    delete_samples([found])


def delete_samples(samples: Iterable[OfferSample]) -> None:
    """Delete samples, and the files of their pictures once the transaction is committed."""
    rows = list(samples)
    jobs = [one.job_id for one in rows if one.job_id is not None]
    OfferSample.objects.filter(pk__in=[one.pk for one in rows]).delete()
    drafts.forget_jobs(ConversionJob.objects.filter(pk__in=jobs))


def _locked(actor: User, offer: Offer, *, adds: bool = True) -> Offer:
    found = Offer.objects.select_for_update(of=("self",)).select_related("provider").get(pk=offer.pk)
    permissions.require_owner(actor, found)
    if found.state == OfferState.TAKEN_DOWN:
        raise OfferTakenDown
    if adds and found.samples.count() >= MAX_SAMPLES:
        raise TooManySamples(limit=MAX_SAMPLES)
    return found
