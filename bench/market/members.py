"""Members of the simulated market who hire each other, their cases, and what moderators decide."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from accounts.models import User
from bench.market.people import NOW, Size, make_people
from hiring.contracts import services as contracts
from hiring.contracts.models import Contract
from hiring.offers.models import Offer, OfferLanguage, OfferState, PriceKind, Provider
from hiring.requests.models import Invitation, Proposal, ProposalState, RequestState, ServiceRequest
from publishing.comments.models import Comment, Thread
from publishing.models import Edition, Work
from storefront.community.models import AppealOutcome, CaseOutcome, CaseState, ReviewCase
from tests.hiring.contracts import factories as contract_factories

_KINDS = ("copy_editing", "cover_design", "translation", "proofreading")


def hire(size: Size, authors: list[User], editions: list[Edition], luck: random.Random) -> None:
    offers = _offers(size, luck)
    owned: dict[int, list[Work]] = {}
    for edition in editions:
        owned.setdefault(edition.work.owner_id, []).append(edition.work)
    for number in range(size.requests):
        at = NOW - timedelta(days=luck.randrange(2, 330), seconds=luck.randrange(86_400))
        offer, client = luck.choice(offers), luck.choice(authors[: max(len(authors) // 3, 4)])
        is_hired = luck.random() < 0.6 and offer.published_at is not None and offer.published_at < at
        request = ServiceRequest.objects.create(
            client=client,
            kind=offer.kind,
            title=f"Request {number}",
            text="A keeper, a letter, and a light that should have gone out.",
            language=luck.choice(("en", "en", "de")),
            currency="USD",
            opened_at=at,
            closes_at=at + timedelta(days=60),
            state=RequestState.HIRED if is_hired else RequestState.EXPIRED,
            closed_at=at + timedelta(days=2 if is_hired else 60),
        )
        if is_hired:
            contract = _contract(client, offer, luck.choice(owned[client.pk]), at + timedelta(days=2), luck)
            _accepted(request, offer, contract)


def _offers(size: Size, luck: random.Random) -> list[Offer]:
    providers = make_people(size.providers, "provider")
    Provider.objects.bulk_create(
        [Provider(user=one, capacity="private", changed_at=NOW, is_available=luck.random() > 0.1) for one in providers]
    )
    offers = []
    for provider in providers:
        out = NOW - timedelta(days=luck.randrange(1, 400), seconds=luck.randrange(86_400))
        values = {"kind": luck.choice(_KINDS), "title": "A service", "price_kind": PriceKind.FIXED, "places": 2}
        values |= {"price_minor": 40_000, "currency": "USD", "created_at": out, "changed_at": out, "published_at": out}
        state = OfferState.PUBLIC if luck.random() > 0.1 else OfferState.PAUSED
        offers.append(Offer(provider=provider, state=state, **values))
    Offer.objects.bulk_create(offers)
    OfferLanguage.objects.bulk_create(
        [OfferLanguage(offer=offer, language=luck.choice(("en", "en", "de")), target="") for offer in offers]
    )
    return offers


def _accepted(request: ServiceRequest, offer: Offer, contract: Contract) -> None:
    at = request.opened_at
    invitation = Invitation.objects.create(request=request, offer=offer, asked_at=at)
    Proposal.objects.create(
        invitation=invitation,
        author=offer.provider,
        number=1,
        scope="All of it.",
        revision_rounds=1,
        revision_days=7,
        rights="book",
        ai_use="none",
        currency="USD",
        state=ProposalState.ACCEPTED,
        made_at=at,
        expires_at=at + timedelta(days=14),
        decided_at=contract.opened_at,
        contract=contract.public_id,
    )


def _contract(client: User, offer: Offer, work: Work, at: datetime, luck: random.Random) -> Contract:
    """Open a contract, and let it go one of the ways that contracts go."""
    due: date = (at + timedelta(days=20)).date()
    amounts = [20_000, 20_000] if luck.random() < 0.4 else [40_000]
    values = {"amounts": amounts, "due_on": due, "kind": offer.kind}
    contract = contract_factories.make_contract(client=client, provider=offer.provider, work=work, at=at, **values)
    fate = luck.random()
    if fate < 0.15 or at > NOW - timedelta(days=60):
        return contract  # never paid, or too young to say
    first, *others = contract.milestones.all()
    contract_factories.fund(first, at=at + timedelta(days=luck.choice((1, 3, 20)) if fate < 0.4 else 1))
    contract_factories.deliver(first, at=at + timedelta(days=21), content=contract.public_id.encode())
    if fate < 0.35:
        _case(first.cases.model, contract, at + timedelta(days=22), luck)
    elif fate < 0.9:
        contracts.accept(actor=client, milestone=first, at=at + timedelta(days=24))
        for other in others:
            contracts.call_off(actor=client, milestone=other, at=at + timedelta(days=25))
        if others and luck.random() < 0.5:
            _works_on(contract, at + timedelta(days=30))
    return contract


def _case(cases: type, contract: Contract, at: datetime, luck: random.Random) -> None:
    """A case that waits for its answer or for us, was decided, or decided again on appeal."""
    milestone = contract.milestones.all()[0]
    case = contracts.open_case(
        actor=contract.client,
        milestone=milestone,
        amount_minor=milestone.amount_minor // 2,
        reason="Not what we said.",
        at=at,
    )
    fate = luck.random()
    if fate < 0.15:
        return
    contracts.answer_case(
        actor=contract.provider, case=case, body="It is.", at=at + timedelta(days=luck.randrange(1, 6))
    )
    if fate < 0.3:
        return
    judges = _judges()
    decided = at + timedelta(days=luck.randrange(7, 18), hours=luck.randrange(24))
    contracts.decide_case(actor=judges[0], case=case, provider_minor=5_000, reason="Half of it.", at=decided)
    if fate < 0.7:
        contracts.appeal(actor=contract.client, case=case, reason="Look again.", at=decided + timedelta(days=2))
        contracts.decide_appeal(
            actor=judges[1],
            case=case,
            provider_minor=luck.choice((5_000, 5_000, 0)),
            reason="As it was.",
            at=decided + timedelta(days=luck.randrange(3, 12)),
        )


def _judges() -> list[User]:
    found = list(User.objects.filter(is_moderator=True).order_by("pk")[:2])
    return found if len(found) == 2 else make_people(2, "moderator", is_moderator=True)


def _works_on(contract: Contract, at: datetime) -> None:
    """The provider comments on the text after the end of the contract."""
    thread = Thread.objects.create(work=contract.work, block="b1", quote="the keeper slept", opened_at=at)
    Comment.objects.create(thread=thread, author=contract.provider, body="As we said.", written_at=at)


def moderate(authors: list[User], editions: list[Edition], luck: random.Random) -> None:
    first, second = _judges()
    cases = []
    for edition in editions[:: max(len(editions) // 60, 1)]:
        at = NOW - timedelta(days=luck.randrange(1, 120), seconds=luck.randrange(86_400))
        case = ReviewCase(work=edition.work, reported="book", writer=edition.work.owner, opened_at=at)
        if luck.random() < 0.8:
            case.decided_by, case.decided_at = first, at + timedelta(minutes=luck.randrange(60, 9_000))
            case.state, case.outcome, case.rule = CaseState.DECIDED, CaseOutcome.ADULT, "adult"
            if luck.random() < 0.5:
                case.state, case.appealed_at = CaseState.APPEALED, case.decided_at + timedelta(hours=30)
                if luck.random() < 0.8:
                    case.state, case.appeal_decided_by = CaseState.CLOSED, second
                    case.appeal_decided_at = case.appealed_at + timedelta(minutes=luck.randrange(60, 6_000))
                    case.appeal_outcome = luck.choice(list(AppealOutcome))
        cases.append(case)
    ReviewCase.objects.bulk_create(cases)
