"""Opens requests, to everybody who fits or to one provider, and closes them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from common import jobs
from hiring.conversations import selectors as conversation_selectors
from hiring.offers import permissions as offer_permissions
from hiring.offers.models import Offer
from hiring.requests import permissions
from hiring.requests.errors import (
    CoAuthor,
    ForeignWork,
    NoFreePlace,
    OfferGone,
    OtherService,
    OwnOffer,
    RequestClosed,
    TooManyAsked,
    TooManyRequests,
    Unreachable,
)
from hiring.requests.models import (
    REQUEST_OPEN,
    Invitation,
    Proposal,
    ProposalState,
    RequestState,
    ServiceRequest,
)
from hiring.requests.selectors import candidates
from hiring.requests.services import shortlists
from publishing import permissions as publishing_permissions
from publishing.models import Work

MAX_OPEN = 5  # requests of a client
MAX_ASKED_ALSO = 8  # by hand, about one request


@dataclass(frozen=True, slots=True)
class RequestInput:
    """What a client asks for."""

    kind: str
    title: str
    text: str
    language: str
    currency: str
    target: str = ""
    genre: str = ""
    words: int = 0
    passage: str = ""
    work: Work | None = None
    budget_minor: int | None = None
    takes_share: bool = False
    wanted_on: date | None = None


@transaction.atomic
def open_request(*, actor: User, told: RequestInput, at: datetime, form_token: UUID | None = None) -> ServiceRequest:
    """Ask the first eight who fit. The same form sent again returns the request that it made.

    Raises StaffOffersNothing, AddressUnconfirmed, ForeignWork, TooManyRequests.
    """
    known = _made_by(actor, form_token)
    if known is not None:
        return known
    request = _create(actor, told, at, form_token=form_token)
    shortlists.make_round(request=request, at=at)
    return request


@transaction.atomic
def ask_provider(
    *, actor: User, offer: Offer, told: RequestInput, at: datetime, form_token: UUID | None = None
) -> ServiceRequest:
    """Ask one provider, from the page of the offer.

    Raises StaffOffersNothing, AddressUnconfirmed, OwnOffer, OfferGone, Unreachable, CoAuthor, NoFreePlace, ForeignWork,
    TooManyRequests.
    """
    known = _made_by(actor, form_token)
    if known is not None:
        return known
    require_reachable(actor, offer)
    request = _create(actor, told, at, form_token=form_token, direct_offer=offer)
    if offer.provider_id in candidates.makers_of(request):
        raise CoAuthor(name=offer.provider.display_name)
    if not offer.places:
        raise NoFreePlace
    _invite(request, offer, at)
    return request


@transaction.atomic
def ask_also(*, actor: User, request: ServiceRequest, offer: Offer, at: datetime) -> Invitation:
    """Ask one more provider about an open request, as its client: one whom the formula left out, for example.

    Asked again, it returns the first invitation. Raises NotFound, RequestClosed, OwnOffer, OfferGone, OtherService,
    Unreachable, CoAuthor, NoFreePlace, TooManyAsked.
    """
    request = lock(request.pk)
    permissions.require_client(actor, request)
    known = Invitation.objects.filter(request=request, offer=offer).first()
    if known is not None:
        return known
    if not request.is_open:
        raise RequestClosed
    require_reachable(actor, offer)
    if offer.kind != request.kind:
        raise OtherService
    if offer.provider_id in candidates.makers_of(request):
        raise CoAuthor(name=offer.provider.display_name)
    if not offer.places:
        raise NoFreePlace
    if Invitation.objects.filter(request=request, shortlist=None).count() >= MAX_ASKED_ALSO:
        raise TooManyAsked(limit=MAX_ASKED_ALSO)
    return _invite(request, offer, at)


def _invite(request: ServiceRequest, offer: Offer, at: datetime) -> Invitation:
    invitation = Invitation.objects.create(request=request, offer=offer, asked_at=at)
    jobs.enqueue("requests.mail_invitation", invitation_id=invitation.pk)
    return invitation


def require_reachable(actor: User, offer: Offer) -> None:
    """Require that the provider can be asked at all. Raises OwnOffer, OfferGone, Unreachable."""
    if offer.provider_id == actor.pk:
        raise OwnOffer
    if not offer_permissions.may_see(actor, offer) or not offer_permissions.may_take_part(offer.provider):
        raise OfferGone
    if conversation_selectors.are_apart(actor, offer.provider):
        raise Unreachable


@transaction.atomic
def withdraw(*, actor: User, request: ServiceRequest, at: datetime) -> ServiceRequest:
    """Withdraw a request; open proposals end with it. Raises NotFound."""
    request = lock(request.pk)
    permissions.require_client(actor, request)
    if request.is_open:
        close(request, RequestState.WITHDRAWN, at=at)
    return request


@transaction.atomic
def expire_due(*, at: datetime) -> int:
    """Close requests that were open for their time. Return how many."""
    due = ServiceRequest.objects.select_for_update(skip_locked=True).filter(state=RequestState.OPEN, closes_at__lte=at)
    closed = list(due.order_by("pk")[:100])
    for request in closed:
        close(request, RequestState.EXPIRED, at=at)
    return len(closed)


def lock(request_id: int) -> ServiceRequest:
    """Return the request with its row locked: answers, rounds and clocks wait for each other."""
    rows = ServiceRequest.objects.select_for_update(of=("self",)).select_related("client")
    return rows.get(pk=request_id)


def close(request: ServiceRequest, state: RequestState, *, at: datetime) -> None:
    """Close a locked request, with what was still proposed; who proposed it is told that it will not be."""
    request.state, request.closed_at, request.next_round_at = state, at, None
    request.save(update_fields=["state", "closed_at", "next_round_at"])
    left = Proposal.objects.filter(invitation__request=request, state=ProposalState.OPEN)
    if state == RequestState.EXPIRED:
        left.update(state=ProposalState.EXPIRED, decided_at=at)
        return
    proposals = list(left.exclude(author=request.client_id).values_list("pk", flat=True))
    left.update(state=ProposalState.DECLINED, decided_at=at, declined_mailed_at=at)  # nobody is told of their own
    Proposal.objects.filter(pk__in=proposals).update(declined_mailed_at=None)
    for proposal_id in proposals:
        jobs.enqueue("requests.mail_declined", proposal_id=proposal_id)


def _made_by(actor: User, form_token: UUID | None) -> ServiceRequest | None:
    if form_token is None:
        return None
    return ServiceRequest.objects.filter(client=actor, form_token=form_token).first()


def _create(
    actor: User,
    told: RequestInput,
    at: datetime,
    *,
    form_token: UUID | None,
    direct_offer: Offer | None = None,
) -> ServiceRequest:
    offer_permissions.require_take_part(actor)
    if told.work is not None and not publishing_permissions.is_owner(actor, told.work):
        raise ForeignWork
    User.objects.select_for_update().get(pk=actor.pk)  # two tabs could open one too many
    if ServiceRequest.objects.filter(client=actor, state=RequestState.OPEN).count() >= MAX_OPEN:
        raise TooManyRequests(limit=MAX_OPEN)
    request = drafted(actor, told, at)
    request.direct_offer, request.form_token = direct_offer, form_token
    request.save()
    return request


def drafted(client: User, told: RequestInput, at: datetime) -> ServiceRequest:
    """Return the request as it would be, without saving it."""
    content = {field.name: getattr(told, field.name) for field in fields(told)}
    return ServiceRequest(client=client, opened_at=at, closes_at=at + REQUEST_OPEN, **content)
