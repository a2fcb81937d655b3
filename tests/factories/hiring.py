"""Providers, offers and what belongs to them."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import Any

from accounts.models import User
from common import clock, storage
from conversion.engine.api import ArtifactKind
from conversion.models import Artifact, ConversionJob, JobState
from hiring.offers.models import Offer, OfferGenre, OfferLanguage, OfferSample, OfferState, PriceKind, Provider
from hiring.requests.models import REQUEST_OPEN, Invitation, ProposedMilestone, ServiceRequest
from hiring.requests.services.proposals import ProposalInput
from tests.factories.accounts import make_member

TEXT = "I read your book twice, write you a long letter about it, and mark what I mean in the text itself."


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


def make_request(*, client: User | None = None, offers: tuple[Offer, ...] = (), **overrides: Any) -> ServiceRequest:
    """An open request for copy-editing, up to 500.00 USD, at which these offers were asked."""
    now = clock.now()
    values = {
        "kind": "copy_editing",
        "title": "Copy-editing of a crime novel",
        "text": "A keeper, a letter, and a light that should have gone out.",
        "language": "en",
        "genre": "FF",
        "words": 80_000,
        "budget_minor": 50_000,
        "currency": "USD",
        "passage": "The rain had not stopped since Tuesday.",
        "opened_at": now,
        "closes_at": now + REQUEST_OPEN,
        **overrides,
    }
    request = ServiceRequest.objects.create(client=client or make_member(), **values)
    for offer in offers:
        Invitation.objects.create(request=request, offer=offer, asked_at=now)
    return request


def proposal_input(**overrides: Any) -> ProposalInput:
    """Two milestones of 200.00 USD."""
    today = clock.now().date()
    steps = (
        ProposedMilestone("First half", 20_000, today + timedelta(days=14)),
        ProposedMilestone("Second half", 20_000, today + timedelta(days=28)),
    )
    values = {
        "scope": "I copy-edit the whole text in two halves.",
        "revision_rounds": 2,
        "revision_days": 7,
        "rights": "book",
        "ai_use": "none",
        "credit_name": "",
        "currency": "USD",
        "milestones": steps,
        **overrides,
    }
    return ProposalInput(**values)


def draw(sample: OfferSample, *, width: int = 1200, height: int = 900) -> None:
    """End the conversion of a picture well, with small stand-ins for its sizes."""
    ConversionJob.objects.filter(pk=sample.job_id).update(state=JobState.DONE, finished_at=clock.now())
    sizes = [(wide, form) for wide in (160, 320, 640) for form in ("avif", "webp", "jpeg")]
    for kind, target, wide in [
        (ArtifactKind.COVER, "", width),
        *((ArtifactKind.THUMBNAIL, f"{wide}-{form}", wide) for wide, form in sizes),
    ]:
        content = f"{sample.public_id} {kind} {target}".encode()
        sha256 = hashlib.sha256(content).hexdigest()
        name = storage.store(
            storage.public(), f"artifacts/{sha256[:2]}/{sha256}.{target[4:] or 'jpg'}", io.BytesIO(content), sha256
        )
        Artifact.objects.create(
            job=sample.job,
            kind=kind,
            target=target,
            file=name,
            media_type=f"image/{target[4:] or 'jpeg'}",
            sha256=sha256,
            size_bytes=len(content),
            width=wide,
            height=wide * height // width,
        )
