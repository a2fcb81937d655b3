"""What an author offers of a work: until when, how many, to whom; the text that readers get, and the end of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from common import clock
from conversion import selectors as conversion_selectors
from conversion.engine.api import ArtifactKind
from publishing import selectors as publishing_selectors
from publishing.models import Edition, Work
from publishing.services import editions
from storefront.advance_copies import permissions
from storefront.advance_copies.errors import NeedsTitle, NoFiles, NoOffer, TooManyCopies, UnderReview, WrongDay
from storefront.advance_copies.models import MAX_COPIES, Copy, CopyState, Offer

MAX_DAYS = 180


@dataclass(frozen=True, slots=True)
class OfferInput:
    """What readers get. `last_day` is that of copies accepted from now on; earlier ones keep theirs if it is later."""

    last_day: date
    max_copies: int = MAX_COPIES
    note: str = ""
    may_download: bool = True
    wants_reviews: bool = True
    takes_requests: bool = False


@transaction.atomic
def save_offer(*, actor: User, work: Work, told: OfferInput, at: datetime) -> Offer:
    """Offer copies of the work, or change what is offered. Those who have accepted never lose days by it, but get later
    ones. Raises NotFound, NotAllowed, UnderReview, NeedsTitle, NoFiles, WrongDay, TooManyCopies.
    """
    work = editions.lock_work(work)
    permissions.require_give(actor, work)
    restrictions.require_owner(work.owner, actor, at)
    check_day(told.last_day, at)
    if not 1 <= told.max_copies <= MAX_COPIES:
        raise TooManyCopies(limit=MAX_COPIES)
    offer = Offer.objects.filter(work=work).first() or Offer(work=work, made_at=at)
    if offer.is_hidden or work.held_by:
        raise UnderReview
    if not work.title.strip():
        raise NeedsTitle
    if offer.job_id is None:
        _pin(offer, work)
    offer.last_day, offer.max_copies, offer.note = told.last_day, told.max_copies, told.note.strip()
    offer.may_download, offer.wants_reviews = told.may_download, told.wants_reviews
    offer.takes_requests, offer.is_closed = told.takes_requests, False
    offer.save()
    lasting = Copy.objects.filter(offer=offer, state=CopyState.ACCEPTED, last_day__gte=clock.last_day_until(at))
    lasting.filter(last_day__lt=told.last_day).update(last_day=told.last_day)
    facts: dict[str, str | int] = {"copies": told.max_copies, "last_day": told.last_day.isoformat()}
    account_services.record_audit(actor=actor, verb="advance_copies.offered", subject=offer, facts=facts)
    return offer


@transaction.atomic
def use_newest_text(*, actor: User, work: Work) -> Offer:
    """Let readers get the newest finished text of a work that is not on sale yet. Their notes stay at their words.

    Raises NotFound, NotAllowed, UnderReview, NoOffer, NoFiles.
    """
    offer = locked_offer(actor, work)
    _pin(offer, offer.work)
    offer.save(update_fields=["edition", "job"])
    account_services.record_audit(actor=actor, verb="advance_copies.renewed", subject=offer)
    return offer


@transaction.atomic
def close(*, actor: User, work: Work) -> None:
    """Give nobody else a copy: open invitations and requests end. Who has one reads on. Safe to repeat."""
    _set_closed(actor, work, is_closed=True)


@transaction.atomic
def reopen(*, actor: User, work: Work) -> None:
    """Give copies again. Safe to repeat."""
    _set_closed(actor, work, is_closed=False)


def edition_listed(edition: Edition) -> None:
    """Let the text go that was given in advance: from now on readers get the edition on sale."""
    Offer.objects.filter(work=edition.work_id, job__isnull=False).update(edition=None, job=None)


def locked_offer(actor: User, work: Work) -> Offer:
    """Return the offer with its work locked, so that counts hold until the transaction ends. Raises NotFound,
    NotAllowed, NoOffer, UnderReview."""
    work = editions.lock_work(work)
    permissions.require_give(actor, work)
    offer = Offer.objects.select_related("edition").filter(work=work).first()
    if offer is None:
        raise NoOffer
    if offer.is_hidden or work.held_by:
        raise UnderReview
    offer.work = work
    return offer


def check_day(day: date, at: datetime) -> None:
    """Raises WrongDay."""
    if not at.date() < day <= at.date() + timedelta(days=MAX_DAYS):
        raise WrongDay(days=MAX_DAYS)


def newest_text(work: Work) -> Edition | None:
    """Return the draft that readers could get, with its last finished job in place of its own. None without files."""
    draft = publishing_selectors.draft_of(work)
    if draft is None:
        return None
    for job in (draft.job, draft.checked_job):
        if job is not None and conversion_selectors.artifact_of(job, ArtifactKind.WEB) is not None:
            draft.job = job
            return draft
    return None


def _pin(offer: Offer, work: Work) -> None:
    if publishing_selectors.was_on_sale(work):  # readers get what buyers get
        offer.edition = offer.job = None
        return
    draft = newest_text(work)
    if draft is None:
        raise NoFiles
    offer.edition, offer.job = draft, draft.job


def _set_closed(actor: User, work: Work, *, is_closed: bool) -> None:
    offer = locked_offer(actor, work)
    if offer.is_closed == is_closed:
        return
    offer.is_closed = is_closed
    offer.save(update_fields=["is_closed"])
    verb = "advance_copies.closed" if is_closed else "advance_copies.reopened"
    account_services.record_audit(actor=actor, verb=verb, subject=offer)
