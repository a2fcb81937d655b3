"""The demonstration's advance copies: one book whose author has invited readers, in every state."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from common import clock
from demo.people import LOGINS, person
from publishing.models import Work
from storefront.advance_copies.models import Copy, Offer
from storefront.advance_copies.services import copies, invitations, links, offers, requests
from storefront.advance_copies.services.offers import OfferInput
from storefront.community.services import reviews

_A_DAY = timedelta(days=1)
_NOTE = "Two chapters moved since the last round. If a sentence trips you up, that is what I want to hear about."
_REVIEW = "Quieter than I expected, and better for it. The middle part could lose a chapter; the ending could not."
_READERS = (
    ("ida.falk@example.org", "Ida Falk", "DE"),
    ("tom.ashby@example.org", "Tom Ashby", "GB"),
    ("noor.haddad@example.org", "Noor Haddad", "NL"),
)


def seed_advance_copies(*, now: datetime) -> None:
    """Have the author log-in's newest book given to some readers. Does nothing if it was before."""
    logins = {login.role: User.objects.filter(email=login.email).first() for login in LOGINS}
    author, known = logins["author"], logins["reader"]
    works = Work.objects.filter(owner=author, listing__is_on_sale=True).exclude(entitlements__user=known)
    work = works.order_by("-pk").first()
    if author is None or known is None or work is None or Offer.objects.exists():
        return
    readers = [known, *(person(*one) for one in _READERS)]
    with clock.frozen(now - 20 * _A_DAY):
        _offer(author, work, days=40)
        accepted = _invite(author, work, [reader.email for reader in readers[:3]])
        for reader, copy in zip(readers, accepted, strict=False):
            invitations.accept(actor=reader, token=links.token_of(copy), at=clock.now())
    with clock.frozen(now - 4 * _A_DAY):
        opened, _unopened = _invite(author, work, ["p.lindqvist@example.org", "bookclub@example.org"])
        invitations.note_opened(copy=opened, at=clock.now() + timedelta(hours=5))
    with clock.frozen(now - 2 * _A_DAY):
        at = clock.now()
        reviews.write_review(actor=readers[1], work=work, stars=4, title="Worth the quiet", body=_REVIEW, at=at)
        copies.withdraw(
            actor=author, copy=accepted[2], words="You have the printed copy now. Thank you for the notes.", at=at
        )
        offer = Offer.objects.get(work=work)
        words = "I run a small reading group and review on my blog, mostly quiet novels by the sea."
        requests.ask(actor=readers[3], offer_id=offer.public_id, words=words, at=at)


def _offer(author: User, work: Work, *, days: int) -> Offer:
    told = OfferInput(
        last_day=clock.now().date() + timedelta(days=days), max_copies=25, note=_NOTE, takes_requests=True
    )
    return offers.save_offer(actor=author, work=work, told=told, at=clock.now())


def _invite(author: User, work: Work, emails: list[str]) -> list[Copy]:
    return invitations.invite(actor=author, work=work, emails=emails, language="en", at=clock.now()).copies
