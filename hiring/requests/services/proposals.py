"""Proposals and counter-proposals, until one is accepted and becomes a contract.

Each is a new row and nothing is ever changed in one. The request is locked first, so that an acceptance, another
proposal, a withdrawal and the clock wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from accounts import restrictions
from accounts.models import User
from accounts.restrictions import Activity
from common import jobs
from common.errors import NotFound
from common.money import Money
from hiring.contract_terms import ContractTerms, MilestoneTerms, ShareTerms
from hiring.contracts import services as contracts_services
from hiring.contracts.services import credits
from hiring.conversations import selectors as conversation_selectors
from hiring.conversations.models import Conversation
from hiring.conversations.services import messages
from hiring.offers import permissions as offer_permissions
from hiring.offers.services import offers as offer_services
from hiring.requests import permissions
from hiring.requests.errors import (
    CoAuthor,
    CurrencyNotTaken,
    EarningsNotShown,
    MilestoneInPast,
    MilestoneTooSmall,
    NoFreePlace,
    NothingProposed,
    NothingToShow,
    NotYourTurn,
    ProposalClosed,
    RequestClosed,
    ShareEndsInPast,
    ShareNeedsEnd,
    ShareWithoutWork,
    TooManyMilestones,
    Unreachable,
)
from hiring.requests.models import (
    PROPOSAL_VALID,
    Invitation,
    InvitationAnswer,
    Proposal,
    ProposalState,
    ProposedMilestone,
    RequestState,
    ServiceRequest,
)
from hiring.requests.selectors import candidates
from hiring.requests.services import requests
from royalties.selectors import milestones as ledger

MAX_MILESTONES = 10


@dataclass(frozen=True, slots=True)
class ProposalInput:
    """What one side proposes."""

    scope: str
    revision_rounds: int
    revision_days: int
    rights: str
    ai_use: str
    credit_name: str
    currency: str
    milestones: tuple[ProposedMilestone, ...]
    share_bps: int = 0
    share_ends_on: date | None = None
    share_ends_at_minor: int | None = None


@transaction.atomic
def propose(*, actor: User, invitation: Invitation, told: ProposalInput, at: datetime) -> Proposal:
    """Make a proposal, or answer the other side's with another one; an open one of one's own is replaced.

    Raises NotFound, RequestClosed, StaffOffersNothing, AddressUnconfirmed, Unreachable, CoAuthor, NothingProposed,
    TooManyMilestones, CurrencyNotTaken, MilestoneTooSmall, MilestoneInPast, ShareWithoutWork, ShareNeedsEnd,
    ShareEndsInPast, EarningsNotShown, ShareNeedsCredit, ShareTooLarge, and NotYourTurn for a client before the provider
    has proposed anything.
    """
    request, invitation = _locked(actor, invitation)
    _require_both(actor, request, invitation)
    check(told, request, at=at)
    if told.share_bps:
        _check_share(actor, request, invitation, told, at)
    open_one = invitation.proposals.filter(state=ProposalState.OPEN).first()
    is_client = actor.pk == request.client_id
    if is_client and not invitation.proposals.exists() and request.direct_offer_id is None:
        raise NotYourTurn
    if open_one is not None:
        is_own = open_one.author_id == actor.pk
        _end(open_one, ProposalState.WITHDRAWN if is_own else ProposalState.COUNTERED, at)
    made = drafted(actor, invitation, told, at)
    made.save()
    if not is_client:
        invitation.answer, invitation.answered_at = InvitationAnswer.PROPOSED, invitation.answered_at or at
        invitation.save(update_fields=["answer", "answered_at"])
    _conversation(request, invitation, at)
    jobs.enqueue("requests.mail_proposal", proposal_id=made.pk)
    return made


def drafted(author: User, invitation: Invitation, told: ProposalInput, at: datetime) -> Proposal:
    """Return the proposal as it would be, without saving it."""
    return Proposal(
        invitation=invitation,
        author=author,
        number=invitation.proposals.count() + 1,
        made_at=at,
        expires_at=at + PROPOSAL_VALID,
        **{field.name: getattr(told, field.name) for field in fields(told)},
    )


def _check_share(
    actor: User, request: ServiceRequest, invitation: Invitation, told: ProposalInput, at: datetime
) -> None:
    """Require that the client can give the share, and that the provider may know what it is a share of.

    A client who proposes one shows it by that.
    """
    credits.require_possible(
        client=request.client, work=request.work, share_bps=told.share_bps, credit_name=told.credit_name, at=at
    )
    if invitation.are_earnings_shown:
        return
    if actor.pk != request.client_id:
        raise EarningsNotShown
    _show(invitation, at)


@transaction.atomic
def show_earnings(*, actor: User, invitation: Invitation, at: datetime) -> Invitation:
    """Show the provider what the book earned lately. Raises NotFound, RequestClosed, NothingToShow."""
    request, invitation = _locked(actor, invitation)
    if not permissions.is_client(actor, request):
        raise NotFound
    if request.work_id is None:
        raise NothingToShow
    if not invitation.are_earnings_shown:
        _show(invitation, at)
    return invitation


def _show(invitation: Invitation, at: datetime) -> None:
    invitation.earnings_shown_at = at
    invitation.save(update_fields=["earnings_shown_at"])


@transaction.atomic
def accept(*, actor: User, proposal: Proposal, at: datetime) -> Proposal:
    """Accept the other side's proposal: it becomes a contract, and the request is closed.

    Raises NotFound, NotYourTurn, ProposalClosed, RequestClosed, Unreachable, CoAuthor, NoFreePlace, and what
    `contracts_services.open_contract` raises.
    """
    proposal = _own_turn(actor, proposal, at=at)
    request, invitation = proposal.invitation.request, proposal.invitation
    _require_both(actor, request, invitation)
    if not offer_services.take_place(offer_id=invitation.offer_id):
        raise NoFreePlace
    contract = contracts_services.open_contract(actor=actor, terms=terms_of(proposal), at=at)
    proposal.contract = contract.public_id
    _end(proposal, ProposalState.ACCEPTED, at)
    requests.close(request, RequestState.HIRED, at=at)
    return proposal


@transaction.atomic
def decline(*, actor: User, proposal: Proposal, at: datetime) -> Proposal:
    """Decline the other side's proposal. Raises NotFound, NotYourTurn, ProposalClosed, RequestClosed."""
    proposal = _own_turn(actor, proposal, at=at)
    _end(proposal, ProposalState.DECLINED, at)
    jobs.enqueue("requests.mail_declined", proposal_id=proposal.pk)
    return proposal


@transaction.atomic
def withdraw(*, actor: User, proposal: Proposal, at: datetime) -> Proposal:
    """Withdraw a proposal of one's own. Raises NotFound, NotYourTurn, ProposalClosed, RequestClosed."""
    proposal = _open(actor, proposal, at=at)
    if proposal.author_id != actor.pk:
        raise NotYourTurn
    _end(proposal, ProposalState.WITHDRAWN, at)
    return proposal


@transaction.atomic
def decline_invitation(*, actor: User, invitation: Invitation, at: datetime) -> Invitation:
    """Say as a provider that one will not make a proposal. Raises NotFound, RequestClosed."""
    request, invitation = _locked(actor, invitation)
    if not permissions.is_asked(actor, invitation):
        raise NotYourTurn
    left = invitation.proposals.filter(state=ProposalState.OPEN)
    left.filter(author=actor).update(state=ProposalState.WITHDRAWN, decided_at=at)
    counter = left.first()
    if counter is not None:
        _end(counter, ProposalState.DECLINED, at)
        jobs.enqueue("requests.mail_declined", proposal_id=counter.pk)
    invitation.answer, invitation.answered_at = InvitationAnswer.DECLINED, at
    if counter is not None:
        invitation.declined_mailed_at = at  # one mail says it
    elif request.direct_offer_id is not None:
        jobs.enqueue("requests.mail_invitation_declined", invitation_id=invitation.pk)
    invitation.save(update_fields=["answer", "answered_at", "declined_mailed_at"])
    return invitation


@transaction.atomic
def start_conversation(*, actor: User, invitation: Invitation, at: datetime) -> Conversation:
    """Return the conversation of the two sides, begun if it is new. Raises NotFound, RequestClosed."""
    request, invitation = _locked(actor, invitation)
    return _conversation(request, invitation, at)


def _conversation(request: ServiceRequest, invitation: Invitation, at: datetime) -> Conversation:
    people = [request.client, invitation.offer.provider]
    return messages.start(members=people, subject=invitation.public_id, title=request.title, at=at)


def expire_due(*, at: datetime) -> int:
    """End proposals that nobody answered in time. Return how many."""
    due = Proposal.objects.filter(state=ProposalState.OPEN, expires_at__lte=at)
    return due.update(state=ProposalState.EXPIRED, decided_at=at)


def check(told: ProposalInput, request: ServiceRequest, *, at: datetime) -> None:
    """Check what is proposed.

    Raises NothingProposed, TooManyMilestones, CurrencyNotTaken, MilestoneTooSmall, MilestoneInPast, ShareWithoutWork,
    ShareNeedsEnd, ShareEndsInPast.
    """
    if not told.milestones:
        raise NothingProposed
    if len(told.milestones) > MAX_MILESTONES:
        raise TooManyMilestones(limit=MAX_MILESTONES)
    if told.currency not in settings.HIRING_CURRENCIES:
        raise CurrencyNotTaken(currencies=", ".join(settings.HIRING_CURRENCIES))
    smallest = ledger.smallest_milestone(currency=told.currency, at=at)
    for one in told.milestones:
        is_paid_by_share = told.share_bps and not one.amount_minor
        if not is_paid_by_share and one.amount_minor < smallest.amount_minor:
            raise MilestoneTooSmall(smallest=smallest)
        if one.due_on <= at.date():
            raise MilestoneInPast
    if told.share_bps:
        if request.work_id is None:
            raise ShareWithoutWork
        if told.share_ends_on is None and not told.share_ends_at_minor:
            raise ShareNeedsEnd
        if told.share_ends_on is not None and told.share_ends_on <= at.date():
            raise ShareEndsInPast


def terms_of(proposal: Proposal) -> ContractTerms:
    """Return the terms of the contract that a proposal becomes."""
    invitation, request = proposal.invitation, proposal.invitation.request
    return ContractTerms(
        client_id=request.client_id,
        provider_id=invitation.offer.provider_id,
        kind=request.kind,
        title=request.title,
        scope=proposal.scope,
        work_id=request.work_id,
        revision_rounds=proposal.revision_rounds,
        revision_days=proposal.revision_days,
        rights=proposal.rights,
        ai_use=proposal.ai_use,
        credit_name=proposal.credit_name,
        milestones=tuple(
            MilestoneTerms(one.title, one.description, Money(one.amount_minor, proposal.currency), one.due_on)
            for one in proposal.milestones
        ),
        share=_share_of(proposal),
        proposal_reference=proposal.public_id,
        offer_reference=invitation.offer.public_id,
        conversation_reference=_conversation_of(invitation),
        target_language=request.target,
    )


def _share_of(proposal: Proposal) -> ShareTerms | None:
    if not proposal.share_bps:
        return None
    sum_minor = proposal.share_ends_at_minor
    ends_at_sum = Money(sum_minor, proposal.currency) if sum_minor else None
    return ShareTerms(proposal.share_bps, proposal.share_ends_on, ends_at_sum)


def _conversation_of(invitation: Invitation) -> str:
    found = conversation_selectors.about(invitation.public_id)
    return found.public_id if found is not None else ""


def _locked(actor: User, invitation: Invitation) -> tuple[ServiceRequest, Invitation]:
    """Lock the request and return it with the invitation. Raises NotFound, RequestClosed."""
    request = requests.lock(invitation.request_id)
    found = Invitation.objects.select_related("offer__provider", "request__client").get(pk=invitation.pk)
    found.request = request
    permissions.require_side(actor, found)
    if not request.is_open:
        raise RequestClosed
    return request, found


def _open(actor: User, proposal: Proposal, *, at: datetime) -> Proposal:
    """Return an open proposal of a locked request. Raises NotFound, RequestClosed, ProposalClosed."""
    _request, invitation = _locked(actor, proposal.invitation)
    found = Proposal.objects.get(pk=proposal.pk)
    found.invitation = invitation
    if not found.is_open or found.expires_at <= at:
        raise ProposalClosed(days=PROPOSAL_VALID.days)
    return found


def _own_turn(actor: User, proposal: Proposal, *, at: datetime) -> Proposal:
    found = _open(actor, proposal, at=at)
    if not permissions.may_answer(actor, found):
        raise NotYourTurn
    return found


def _require_both(actor: User, request: ServiceRequest, invitation: Invitation) -> None:
    """Require that these two may agree: no staff, nobody apart, no co-author. Asked again at each step."""
    provider = invitation.offer.provider
    offer_permissions.require_take_part(actor)
    other = provider if actor.pk == request.client_id else request.client
    if not offer_permissions.may_take_part(other) or conversation_selectors.are_apart(request.client, provider):
        raise Unreachable
    if actor == provider:
        restrictions.require(provider, Activity.CONTENT)
    elif restrictions.is_restricted(provider, Activity.CONTENT):
        raise Unreachable
    if provider.pk in candidates.makers_of(request):
        raise CoAuthor(name=provider.display_name)


def _end(proposal: Proposal, state: ProposalState, at: datetime) -> None:
    proposal.state, proposal.decided_at = state, at
    proposal.save(update_fields=["state", "decided_at", "contract"])
