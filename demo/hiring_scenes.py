"""What becomes of each contract and request of the demonstration, told as it happens.

A scene yields the moment at which it goes on; `demo.stories` sets the clock to it. Days are counted back from today.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from common import clock
from demo.content.hiring_loader import DirectWish, Job, Market, Wish
from demo.hiring_steps import Workplace
from demo.stories import Story
from hiring.contracts import services
from hiring.contracts.models import Contract, Milestone
from hiring.requests.models import Invitation

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Hired:
    """A job that has become a contract."""

    contract: Contract
    invitation: Invitation

    def milestone(self, number: int = 0) -> Milestone:
        return self.contract.milestones.select_related("contract__client", "contract__provider").order_by("position")[
            number
        ]


def scenes(place: Workplace, market: Market, now: datetime) -> Iterator[Story]:
    """Yield the scene of every contract and request."""
    for number, job in enumerate(market.ended):
        # Nobody does everything at the same time of the day.
        yield _ended(place, job, now - _HOUR * (number % 7))
    told = {job.key: job for job in market.running}
    yield _delivered(place, told["clerk"], now)
    yield _in_revision(place, told["umbrellas"], now)
    yield _released_by_silence(place, told["windows"], now)
    yield _in_progress(place, told["fence"], now)
    yield _in_a_case(place, told["vignettes"], now)
    yield _unpaid(place, told["harbour"], now)
    for wish in market.open:
        yield _open(place, wish, now)
    yield _direct(place, market.direct, now)


def _agree(place: Workplace, job: Job, now: datetime) -> Generator[datetime, None, _Hired]:
    """Ask, propose and accept within two days; return the contract."""
    begin = now - job.begins * _DAY
    yield begin
    invitation = place.ask(job)
    client, provider = place.people[job.client], invitation.offer.provider
    yield begin + _DAY
    proposal = place.propose(provider, invitation, job.scope, job.milestones)
    yield begin + 1.2 * _DAY
    for said in job.messages[:2]:
        place.write(client if said.by == "client" else provider, invitation, said.text)
    by = client
    if job.counter_scope:
        yield begin + 1.5 * _DAY
        proposal, by = place.propose(client, invitation, job.counter_scope, job.milestones), provider
    yield begin + 2 * _DAY
    return _Hired(place.accept_proposal(by, proposal), invitation)


def _work(place: Workplace, job: Job, hired: _Hired, number: int, now: datetime) -> Iterator[datetime]:
    """Pay for a milestone and deliver it a day before it is due, or late."""
    place.pay(hired.milestone(number))
    due = now - (job.begins - 1 - job.milestones[number].due) * _DAY
    yield due + (job.late_days or -1) * _DAY
    note, thing = (job.note, job.file) if number == 0 else (job.second_note, job.second_file)
    place.deliver(hired.milestone(number), note, thing)


def _ended(place: Workplace, job: Job, now: datetime) -> Story:
    """Everything is delivered, accepted and reviewed by both sides."""
    hired = yield from _agree(place, job, now)
    for number in range(len(job.milestones)):
        yield clock.now() + 3 * _HOUR
        yield from _work(place, job, hired, number, now)
        yield clock.now() + _DAY
        if job.gives_back:
            place.give_back(hired.milestone(number), job.gives_back)
            yield clock.now() + _HOUR
        place.accept(hired.milestone(number))
    contract = hired.contract
    contract.refresh_from_db()
    if job.by_client is not None and job.by_provider is not None:
        yield clock.now() + _DAY
        place.review(contract, contract.client, job.by_client.stars, job.by_client.body)
        yield clock.now() + 2 * _DAY
        place.review(contract, contract.provider, job.by_provider.stars, job.by_provider.body)
    if job.answer:
        yield clock.now() + _DAY
        place.answer_review(contract, job.answer)


def _delivered(place: Workplace, job: Job, now: datetime) -> Story:
    """The first milestone is accepted; the second one is delivered and waits for the client."""
    hired = yield from _agree(place, job, now)
    yield clock.now() + 3 * _HOUR
    yield from _work(place, job, hired, 0, now)
    yield clock.now() + _DAY
    place.accept(hired.milestone())
    yield clock.now() + _HOUR
    place.pay(hired.milestone(1))
    yield now - 2 * _DAY
    place.deliver(hired.milestone(1), job.second_note, job.second_file)
    for said in job.messages[2:]:
        place.write(hired.contract.provider, hired.invitation, said.text)


def _in_revision(place: Workplace, job: Job, now: datetime) -> Story:
    """Delivered; the client asked for a revision yesterday."""
    hired = yield from _agree(place, job, now)
    yield clock.now() + 3 * _HOUR
    yield from _work(place, job, hired, 0, now)
    yield now - _DAY
    services.request_revision(
        actor=hired.contract.client, milestone=hired.milestone(), wishes=job.wishes, at=clock.now()
    )
    place.shop.work_off()


def _released_by_silence(place: Workplace, job: Job, now: datetime) -> Story:
    """Delivered, and nobody answered for fourteen days: the clock, which runs every day, has released the money."""
    hired = yield from _agree(place, job, now)
    yield clock.now() + 3 * _HOUR
    yield from _work(place, replace(job, late_days=0), hired, 0, now + 0.5 * _DAY)


def _in_progress(place: Workplace, job: Job, now: datetime) -> Story:
    """The first milestone is paid, the second one not; the provider asks for more time."""
    hired = yield from _agree(place, job, now)
    yield clock.now() + 3 * _HOUR
    place.pay(hired.milestone())
    yield now - _DAY
    contract = hired.contract
    later = tuple(replace(one, due_on=one.due_on + job.moves_days * _DAY) for one in contract.terms.milestones)
    services.propose_amendment(
        actor=contract.provider,
        contract=contract,
        terms=replace(contract.terms, milestones=later),
        reason=job.reason,
        at=clock.now(),
    )
    place.shop.work_off()


def _in_a_case(place: Workplace, job: Job, now: datetime) -> Story:
    """Delivered twice; a part is in question, both sides have said what they think, and a moderator decides."""
    hired = yield from _agree(place, job, now)
    yield clock.now() + 3 * _HOUR
    yield from _work(place, job, hired, 0, now)
    yield clock.now() + 7 * _HOUR
    place.deliver(hired.milestone(), job.second_note, job.second_file)
    yield now - 8 * _DAY
    case = services.open_case(
        actor=hired.contract.client,
        milestone=hired.milestone(),
        amount_minor=job.in_question,
        reason=job.complaint.strip(),
        at=clock.now(),
    )
    place.shop.work_off()
    yield now - 3 * _DAY
    services.answer_case(actor=hired.contract.provider, case=case, body=job.statement.strip(), at=clock.now())
    place.shop.work_off()


def _unpaid(place: Workplace, job: Job, now: datetime) -> Story:
    """Agreed after a counter-proposal; the client has not paid yet."""
    yield from _agree(place, job, now)


def _open(place: Workplace, wish: Wish, now: datetime) -> Story:
    """Everybody who fits was asked; some have answered."""
    begin = now - wish.begins * _DAY
    yield begin
    request = place.ask_everybody(wish, wish.begins + wish.wanted)
    client = request.client
    for number, answer in enumerate(wish.proposals):
        yield begin + (5 + 11 * number) * _HOUR
        invitation = request.invitations.get(offer=place.offers[answer.offer])
        place.propose(invitation.offer.provider, invitation, answer.scope, answer.milestones)
        if not number:
            yield clock.now() + _HOUR
            place.write(invitation.offer.provider, invitation, wish.question)
            yield clock.now() + _HOUR
            place.write(client, invitation, wish.reply)
    for key in wish.declines:
        yield clock.now() + _HOUR
        for asked in request.invitations.filter(offer=place.offers[key]):
            place.decline(asked)


def _direct(place: Workplace, wish: DirectWish, now: datetime) -> Story:
    """One provider was asked and has proposed; the client has answered with another proposal."""
    begin = now - wish.begins * _DAY
    yield begin
    invitation = place.ask_directly(wish)
    yield begin + _DAY
    place.propose(invitation.offer.provider, invitation, wish.scope.strip(), wish.milestones)
    yield now - _DAY
    place.propose(invitation.request.client, invitation, wish.counter_scope, wish.counter_milestones)
