"""Advance copies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import User
from common import clock
from publishing.models import Edition, Work
from storefront.advance_copies.models import Copy, Offer
from storefront.advance_copies.services import invitations, links, offers, requests
from storefront.advance_copies.services.offers import OfferInput
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, web_zip
from tests.factories.publishing import make_edition, make_work


def make_draft(owner: User | None = None, **work: Any) -> Edition:
    """A draft with a web book of three chapters."""
    edition = make_edition(work=make_work(owner=owner, **{"title": "The Swarm", **work}))
    rewrite(edition)
    return edition


def rewrite(edition: Edition, **bodies: str) -> None:
    """Make the draft's web book again from another text."""
    edition.job.artifacts.filter(kind="web").delete()
    make_artifact(edition.job, kind="web", content=web_zip(("The Harbour", "The Lamp", "The Letter"), **bodies))


def make_offer(work: Work, *, days: int = 30, **told: Any) -> Offer:
    """What the owner offers, up to a day from now."""
    at = clock.now()
    given = OfferInput(last_day=at.date() + timedelta(days=days), **told)
    return offers.save_offer(actor=work.owner, work=work, told=given, at=at)


def invite(work: Work, *emails: str) -> list[Copy]:
    """Invitations by the owner."""
    found = invitations.invite(
        actor=work.owner, work=work, emails=emails or ("ann@example.org",), language="en", at=clock.now()
    )
    return found.copies


def make_copy(work: Work, reader: User | None = None, **told: Any) -> Copy:
    """A copy that the reader accepted, of an offer that is made if there is none."""
    reader = reader or make_reader()
    if not Offer.objects.filter(work=work).exists():
        make_offer(work, **told)
    [copy] = invite(work, f"to-{reader.pk}@example.org")
    return invitations.accept(actor=reader, token=links.token_of(copy), at=clock.now())


def make_request(work: Work, reader: User | None = None, words: str = "I like bees.") -> Copy:
    """A request for a copy."""
    offer = Offer.objects.filter(work=work).first() or make_offer(work, takes_requests=True)
    return requests.ask(actor=reader or make_reader(), offer_id=offer.public_id, words=words, at=clock.now())
