"""Requests as the client's pages and the asked provider's pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.errors import NotFound
from common.money import Money
from common.numerals import localized
from common.templatetags.money import money
from hiring.conversations import selectors as conversation_selectors
from hiring.conversations.hooks import SubjectPage
from hiring.conversations.models import Conversation
from hiring.offers.models import Offer
from hiring.offers.selectors import OfferCard, offer_cards
from hiring.requests import recompute_shortlist
from hiring.requests.models import Invitation, Proposal, ProposalState, ServiceRequest, Shortlist
from hiring.requests.recompute_shortlist import Candidate, NearMiss, Points
from hiring.requests.selectors.differences import Difference, differences
from publishing import thema
from royalties.dto import FeeRates
from royalties.selectors import milestones as ledger
from royalties.selectors import work_earnings
from royalties.selectors.work_earnings import WorkEarnings


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of why an offer has its place."""

    text: str
    points: int


@dataclass(frozen=True, slots=True)
class AskedRow:
    """Somebody who was asked, as the client sees them. `proposal` is the newest one."""

    invitation: Invitation
    card: OfferCard
    price: Money | None
    reasons: list[Reason]
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class MissedRow:
    """An offer that nearly fits, with what keeps it from the list."""

    card: OfferCard
    text: str
    price: Money | None
    can_be_asked: bool


@dataclass(frozen=True, slots=True)
class Round:
    """One shortlist: places with reasons, how many others fit, who was left out, who nearly fits."""

    shortlist: Shortlist
    rows: list[AskedRow]
    others: int
    left_out: list[str]
    left_out_count: int
    missed: list[MissedRow]


@dataclass(frozen=True, slots=True)
class DraftView:
    """A request that is not sent yet: how many would be asked at once, and why others would not."""

    asked: ServiceRequest
    count: int
    left_out: list[str]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with what the client pays, what we take and what the provider gets."""

    proposal: Proposal
    total: Money
    fee: Money
    net: Money
    is_own: bool
    changes: list[Difference]


def request_by_public_id(public_id: str) -> ServiceRequest:
    """Return the request. Raises NotFound."""
    rows = ServiceRequest.objects.select_related("client", "work", "direct_offer__provider")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def invitation_by_public_id(public_id: str) -> Invitation:
    """Return the invitation with its request and offer. Raises NotFound."""
    rows = Invitation.objects.select_related("request__client", "request__work", "offer__provider", "shortlist")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def proposal_by_public_id(public_id: str) -> Proposal:
    """Return the proposal with its invitation. Raises NotFound."""
    rows = Proposal.objects.select_related("author", "invitation__request__client", "invitation__offer__provider")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def request_behind(user: User, contract: str) -> ServiceRequest | None:
    """Return the request of this client that became the contract with this public id; None for other people's."""
    if not contract:
        return None
    rows = ServiceRequest.objects.select_related("work").filter(client=user)
    return rows.filter(invitations__proposals__contract=contract).first()


def requests_of(user: User) -> QuerySet[ServiceRequest]:
    """Return what the person asks for, newest first."""
    return ServiceRequest.objects.filter(client=user).order_by("-pk")


def asked_of(user: User) -> QuerySet[Invitation]:
    """Return what the person is asked for, newest first."""
    return Invitation.objects.of(user).select_related("request", "offer").order_by("-pk")


def is_offer_in_use(offer: Offer) -> bool:
    """Return whether somebody was asked by this offer, so that it has to stay."""
    return Invitation.objects.filter(offer=offer).exists()


def shortlist_of(request_id: str, number: int) -> Shortlist:
    """Return a round of a request. Raises NotFound."""
    rows = Shortlist.objects.filter(request__public_id=request_id, number=number).prefetch_related("invitations__offer")
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def rounds_of(request: ServiceRequest, *, today: date) -> list[Round]:
    """Return the shortlists of a request, newest first."""
    asked = Prefetch("invitations", Invitation.objects.order_by("place", "pk"))
    rows = request.shortlists.order_by("-number").prefetch_related(asked)
    known = set(Invitation.objects.filter(request=request).values_list("offer", flat=True))
    return [_round(request, row, known, today) for row in rows]


def asked_rows(request: ServiceRequest, invitations: list[Invitation], *, today: date) -> list[AskedRow]:
    """Return these invitations as rows, in their order."""
    offers = Offer.objects.filter(pk__in=[one.offer_id for one in invitations])
    cards = {card.offer.pk: card for card in offer_cards(list(offers), words=request.words, today=today)}
    newest = {one.invitation_id: one for one in Proposal.objects.filter(invitation__in=invitations).order_by("number")}
    known = {one.pk: _candidates(one.shortlist) for one in invitations}
    return [
        AskedRow(
            invitation=one,
            card=cards[one.offer_id],
            price=cards[one.offer_id].offer.price_for(request.words),
            reasons=_reasons(one.points, known[one.pk].get(cards[one.offer_id].offer.public_id), request),
            proposal=newest.get(one.pk),
        )
        for one in invitations
    ]


def _round(request: ServiceRequest, row: Shortlist, known: set[int], today: date) -> Round:
    invitations = list(row.invitations.all())
    made = recompute_shortlist.shortlist(row.wanted, row.candidates)
    missed = offer_cards(
        list(Offer.objects.public().filter(public_id__in=[one.offer for one in made.near_misses])),
        words=request.words,
        today=today,
    )
    cards = {card.offer.public_id: card for card in missed}
    return Round(
        shortlist=row,
        rows=asked_rows(request, invitations, today=today),
        others=max(row.fitting - len(invitations), 0),
        left_out=[_left_out(reason, count) for reason, count in row.left_out.items() if reason != "asked"],
        left_out_count=sum(count for reason, count in row.left_out.items() if reason != "asked"),
        missed=[
            _missed(cards[one.offer], one, request)
            for one in made.near_misses
            if one.offer in cards and cards[one.offer].offer.pk not in known
        ],
    )


def draft_view(request: ServiceRequest, made: recompute_shortlist.Shortlist) -> DraftView:
    """Return what the client sees of the shortlist that their request would have now."""
    left_out = [_left_out(reason, count) for reason, count in made.left_out.items()]
    return DraftView(request, len(made.places), left_out)


def _candidates(shortlist: Shortlist | None) -> dict[str, Candidate]:
    return {one.offer: one for one in shortlist.candidates} if shortlist is not None else {}


def _reasons(points: Points, known: Candidate | None, request: ServiceRequest) -> list[Reason]:
    """Return why an offer has its place, with the points of each reason."""
    if known is None:
        return []
    genre = str(thema.label(request.genre))
    found = []
    if points.genre == recompute_shortlist.RULES.same_genre:
        found.append(Reason(_("Knows the genre: %(genre)s") % {"genre": genre}, points.genre))
    elif points.genre:
        found.append(Reason(_("Knows related genres"), points.genre))
    if points.shown:
        found.append(Reason(_("A sample or a book in it"), points.shown))
    counts = {"kept": localized(known.kept), "counted": localized(known.counted)}
    if known.counted:
        found.append(Reason(_("Kept %(kept)s of %(counted)s contracts") % counts, points.record))
    else:
        found.append(Reason(_("No contract that counts yet; everybody begins here"), points.record))
    times = {"in_time": localized(known.in_time), "delivered": localized(known.delivered)}
    if known.delivered:
        found.append(Reason(_("%(in_time)s of %(delivered)s deliveries in time") % times, points.on_time))
    else:
        found.append(Reason(_("No delivery yet; everybody begins here"), points.on_time))
    return found


def _left_out(reason: str, count: int) -> str:
    """Return how many were left out for one reason, in words."""
    words = {
        "kind": ngettext("%(n)s offers another service", "%(n)s offer another service", count),
        "languages": ngettext("%(n)s works in other languages", "%(n)s work in other languages", count),
        "budget": ngettext(
            "%(n)s over the budget or in another currency", "%(n)s over the budget or in another currency", count
        ),
        "share": ngettext("%(n)s only for a share of the royalties", "%(n)s only for a share of the royalties", count),
        "no_place": ngettext("%(n)s without a free place", "%(n)s without a free place", count),
        "away": ngettext("%(n)s takes no work now", "%(n)s take no work now", count),
    }
    return words[reason] % {"n": localized(count)}


def _missed(card: OfferCard, one: NearMiss, request: ServiceRequest) -> MissedRow:
    can_share = one.reason != recompute_shortlist.SHARE or request.work_id is not None
    return MissedRow(
        card=card,
        text=_missing(one, request),
        price=card.offer.price_for(request.words),
        can_be_asked=request.is_open and card.is_free and can_share,
    )


def _missing(one: NearMiss, request: ServiceRequest) -> str:
    if one.reason == recompute_shortlist.BUDGET:
        return _("%(amount)s over your budget") % {"amount": money(Money(one.by_minor, request.currency))}
    if one.reason == recompute_shortlist.SHARE:
        return _("works for a share of the royalties")
    return _("no free place now")


def proposals_of(invitation: Invitation, user: User) -> list[ProposalView]:
    """Return all proposals of the two sides, oldest first, with the fee of each."""
    rows = list(invitation.proposals.select_related("author").order_by("number"))
    return [
        view_of(one, invitation, user, before=rows[number - 1] if number else None) for number, one in enumerate(rows)
    ]


def view_of(proposal: Proposal, invitation: Invitation, user: User, *, before: Proposal | None) -> ProposalView:
    """Return a proposal, which need not be saved, with its fee and what it changes of the one before it."""
    total = proposal.total
    rates = ledger.fee_rates(
        payer_id=invitation.request.client_id,
        payee_id=invitation.offer.provider_id,
        currency=proposal.currency,
        at=proposal.made_at,
    )
    fee = Money(0, total.currency) if not total else _fee_of(proposal, rates)
    changes = differences(before, proposal) if before is not None else []
    return ProposalView(proposal, total, fee, total - fee, proposal.author_id == user.pk, changes)


def _fee_of(proposal: Proposal, rates: FeeRates) -> Money:
    """Return our fee on all milestones: each is settled on its own, with the rates frozen when the contract opens."""
    fees = [
        ledger.fee_of(released=Money(one.amount_minor, proposal.currency), rates=rates).amount_minor
        for one in proposal.milestones
        if one.amount_minor
    ]
    return Money(sum(fees), proposal.currency)


@dataclass(frozen=True, slots=True)
class EarningsView:
    """What the book earned lately, as one side sees it. `earned` is None while the client has not shown it."""

    earned: WorkEarnings | None
    is_shown: bool
    is_client: bool


def earnings_for(user: User, invitation: Invitation, *, at: datetime) -> EarningsView | None:
    """Return what a side sees of the book's earnings; None for requests that are about no book here."""
    work_id = invitation.request.work_id
    if work_id is None:
        return None
    is_client, is_shown = user.pk == invitation.request.client_id, invitation.are_earnings_shown
    earned = work_earnings.earned_lately(work_id=work_id, at=at) if is_client or is_shown else None
    return EarningsView(earned, is_shown, is_client)


def conversation_of(invitation: Invitation) -> Conversation | None:
    return conversation_selectors.about(invitation.public_id)


def subject_page(public_id: str) -> SubjectPage | None:
    """Return what a conversation about a request is called, and where it is."""
    found = Invitation.objects.select_related("request").filter(public_id=public_id).first()
    if found is None:
        return None
    return SubjectPage(found.request.title, reverse("requests:asked", args=[public_id]))


def count_waiting(user: User) -> int:
    """Return how many requests and proposals wait for the person's answer."""
    open_ones = Proposal.objects.filter(state=ProposalState.OPEN).exclude(author=user)
    as_client = open_ones.filter(invitation__request__client=user).count()
    as_provider = open_ones.filter(invitation__offer__provider=user).count()
    asked = Invitation.objects.of(user).filter(answer="", request__state="open", proposals=None).count()
    return as_client + as_provider + asked
