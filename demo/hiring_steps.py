"""What two people do who hire and work, each by the service behind its page, at the demonstration's time."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from common import clock
from conversion.engine.covers import cover
from demo.content.hiring_loader import DirectWish, Job, Step, Thing, Wish
from demo.shop import Shop
from hiring.contracts import selectors, services
from hiring.contracts.models import Contract, Milestone
from hiring.contracts.services import files
from hiring.conversations import selectors as conversation_selectors
from hiring.conversations.services import messages
from hiring.funding import services as funding
from hiring.offers.models import Offer
from hiring.requests.models import Invitation, Proposal, ProposedMilestone, ServiceRequest
from hiring.requests.services import clocks, proposals, requests
from hiring.requests.services.proposals import ProposalInput
from hiring.requests.services.requests import RequestInput
from hiring.reviews.models import ContractReview
from hiring.reviews.services import reviews
from hiring.service_kinds import TEXT_KINDS
from payments.stripe.sandbox import payment_page
from payments.stripe.sandbox.cards import CARDS
from publishing.models import Work

_CARDS = {"US": "us", "GB": "gb"}


@dataclass
class Workplace:
    """Where people of the demonstration hire each other. `people` and `offers` are by their keys."""

    shop: Shop
    people: Mapping[str, User]
    offers: Mapping[str, Offer]

    def ask(self, job: Job) -> Invitation:
        """Ask one provider."""
        offer, client = self.offers[job.offer], self.people[job.client]
        language, target = offer.languages.values_list("language", "target")[0]
        told = RequestInput(
            kind=offer.kind,
            title=job.title,
            text=job.asked,
            language=language,
            target=target,
            currency=offer.currency,
            genre=offer.genres.values_list("code", flat=True)[0],
            words=job.words,
            work=Work.objects.filter(owner=client, title=job.work).first() if job.work else None,
        )
        request = requests.ask_provider(actor=client, offer=offer, told=told, at=clock.now())
        return self._worked_off(request.invitations.get())

    def ask_directly(self, wish: DirectWish) -> Invitation:
        """Ask one provider for something that has no contract yet."""
        offer = self.offers[wish.offer]
        told = RequestInput(
            kind=offer.kind,
            title=wish.title,
            text=wish.text,
            language=wish.language,
            target=wish.target,
            currency=offer.currency,
            genre=wish.genre,
            words=wish.words,
        )
        request = requests.ask_provider(actor=self.people[wish.client], offer=offer, told=told, at=clock.now())
        return self._worked_off(request.invitations.get())

    def ask_everybody(self, wish: Wish, wanted_on_days: int) -> ServiceRequest:
        """Ask everybody who fits."""
        told = RequestInput(
            kind=wish.kind,
            title=wish.title,
            text=wish.text.strip(),
            language=wish.language,
            currency=wish.currency,
            genre=wish.genre,
            words=wish.words,
            passage=wish.passage.strip(),
            budget_minor=wish.budget,
            wanted_on=(clock.now() + timedelta(days=wanted_on_days)).date(),
        )
        return self._worked_off(requests.open_request(actor=self.people[wish.client], told=told, at=clock.now()))

    def propose(self, actor: User, invitation: Invitation, scope: str, steps: Sequence[Step]) -> Proposal:
        """Propose, or answer with another proposal."""
        offer, today = invitation.offer, clock.now().date()
        told = ProposalInput(
            scope=scope,
            revision_rounds=2,
            revision_days=7,
            rights="exclusive" if offer.kind in TEXT_KINDS else "book",
            ai_use=offer.ai_use,
            credit_name="" if offer.kind in {"proofreading", "copy_editing"} else offer.provider.display_name,
            currency=offer.currency,
            milestones=tuple(ProposedMilestone(one.title, one.minor, today + timedelta(days=one.due)) for one in steps),
        )
        return self._worked_off(proposals.propose(actor=actor, invitation=invitation, told=told, at=clock.now()))

    def accept_proposal(self, actor: User, proposal: Proposal) -> Contract:
        """Make a contract of what the other side proposed."""
        accepted = proposals.accept(actor=actor, proposal=proposal, at=clock.now())
        return self._worked_off(Contract.objects.get(public_id=accepted.contract))

    def decline(self, invitation: Invitation) -> None:
        """Let a provider say that they will not propose anything."""
        proposals.decline_invitation(actor=invitation.offer.provider, invitation=invitation, at=clock.now())

    def pay(self, milestone: Milestone) -> None:
        """Pay in advance, with a card of the client's country or a neighbouring one."""
        contract, at = milestone.contract, clock.now()
        services.start_paying(actor=contract.client, milestone=milestone, at=at)
        page = funding.start_payment(
            actor=contract.client,
            reference=milestone.public_id,
            payer=contract.client,
            title=f"{contract.title}: {milestone.title}",
            amount=milestone.amount,
            return_url=settings.SITE_URL + reverse("contracts:paid", args=[contract.public_id, milestone.public_id]),
            at=at,
        )
        country = contract.client.country
        card = CARDS[_CARDS.get(country, "de")]
        payment_page.pay(session_id=page.rstrip("/").rpartition("/")[2], card=card, country=country)
        self.shop.work_off()

    def deliver(self, milestone: Milestone, note: str, thing: Thing | None) -> None:
        """Deliver a file with a note."""
        provider, at = milestone.contract.provider, clock.now()
        name, content = _file_of(thing or Thing(name="notes.md", text=note))
        stored = files.store(actor=provider, content=io.BytesIO(content), name=name, at=at)
        told = services.DeliveryInput(note=note, files=[stored])
        services.deliver(actor=provider, milestone=milestone, told=told, at=at)
        self.shop.work_off()

    def accept(self, milestone: Milestone) -> None:
        services.accept(actor=milestone.contract.client, milestone=milestone, at=clock.now())
        self.shop.work_off()

    def give_back(self, milestone: Milestone, minor: int) -> None:
        """Let the provider give a part back."""
        actor = milestone.contract.provider
        services.give_back(actor=actor, milestone=milestone, returned_minor=minor, at=clock.now())
        self.shop.work_off()

    def review(self, contract: Contract, actor: User, stars: int, body: str) -> None:
        reviews.write(actor=actor, contract=contract, stars=stars, body=body, at=clock.now())

    def answer_review(self, contract: Contract, text: str) -> None:
        """Let the provider answer what the client wrote."""
        review = ContractReview.objects.get(contract=contract, is_by_client=True)
        reviews.answer(actor=contract.provider, review=review, text=text, at=clock.now())

    def write(self, actor: User, invitation: Invitation, text: str) -> None:
        """Write in the conversation of the two sides, which the writer has read up to here."""
        conversation = conversation_selectors.about(invitation.public_id)
        if conversation is None:
            conversation = proposals.start_conversation(actor=actor, invitation=invitation, at=clock.now())
        messages.post(actor=actor, conversation=conversation, body=text, at=clock.now())

    def run_clocks(self) -> None:
        """Do what the schedule does every minute."""
        at = clock.now()
        for milestone_id in selectors.due_milestones(at=at):
            services.run_clock(milestone_id=milestone_id, at=at)
        clocks.run_due(at=at)
        self.shop.work_off()

    def _worked_off[T](self, made: T) -> T:
        self.shop.work_off()
        return made


def _file_of(thing: Thing) -> tuple[str, bytes]:
    """Return the name and the content of what is delivered."""
    if thing.text:
        return thing.name, thing.text.encode()
    drawn = cover.typographic_cover(thing.title, thing.author, seed=thing.seed)
    return f"{thing.title.lower().replace(' ', '-')}.jpg", drawn.data
