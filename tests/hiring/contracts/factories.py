"""Contracts in every state, each reached by the steps that lead there."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import User
from common import storage
from common.money import Money
from common.storage import Stored
from hiring.contract_terms import AiUse, ContractTerms, MilestoneTerms, RightsExtent
from hiring.contracts import services
from hiring.contracts.models import Contract, Milestone
from hiring.contracts.process import State
from hiring.funding.models import MilestonePayment, PaymentState
from hiring.service_kinds import ServiceKind
from publishing.models import Work
from tests.factories.accounts import make_author, make_moderator
from tests.factories.publishing import make_work

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DUE = date(2026, 12, 8)
LATE = timedelta(days=7)


def terms_of(client: User, provider: User, work: Work | None = None, **overrides: Any) -> ContractTerms:
    """One milestone of 400 USD, due two weeks later, with two revisions."""
    amounts = overrides.pop("amounts", [40_000])
    due_on = overrides.pop("due_on", DUE)
    milestones = tuple(
        MilestoneTerms(f"Part {number}", "As agreed.", Money(amount, "USD"), due_on)
        for number, amount in enumerate(amounts, start=1)
    )
    values: dict[str, Any] = {
        "client_id": client.pk,
        "provider_id": provider.pk,
        "kind": ServiceKind.COVER_DESIGN,
        "title": "A cover for The Lighthouse",
        "scope": "One cover, front and spine.",
        "work_id": work.pk if work is not None else None,
        "revision_rounds": 2,
        "revision_days": 7,
        "rights": RightsExtent.BOOK,
        "ai_use": AiUse.NONE,
        "credit_name": "Pia Pixel",
        "milestones": milestones,
        "share": None,
        "proposal_reference": "prp_test",
        "offer_reference": "",
        "conversation_reference": "",
    }
    return ContractTerms(**{**values, **overrides})


def make_contract(
    *,
    client: User | None = None,
    provider: User | None = None,
    work: Work | None = None,
    at: datetime = NOON,
    **terms: Any,
) -> Contract:
    """A contract that is open and not paid."""
    client = client or make_author()
    provider = provider or make_author()
    work = work or make_work(owner=client)
    return services.open_contract(actor=client, terms=terms_of(client, provider, work, **terms), at=at)


def a_file(content: bytes = b"A cover.", name: str = "cover.pdf") -> Stored:
    sha256 = hashlib.sha256(content).hexdigest()
    return Stored(f"deliveries/{sha256[:2]}/{sha256}.pdf", sha256, len(content), name)


def a_stored_file(content: bytes = b"A cover.", name: str = "cover.pdf") -> Stored:
    """A file that can be downloaded."""
    return storage.store_private("deliveries", io.BytesIO(content), name)


def fund(milestone: Milestone, *, at: datetime = NOON) -> Milestone:
    """Paid at the provider, as funding tells it: so that money can be sent back."""
    MilestonePayment.objects.create(
        reference=milestone.public_id,
        payer=milestone.contract.client,
        title=milestone.title,
        amount_minor=milestone.amount_minor,
        currency=milestone.currency,
        state=PaymentState.SUCCEEDED,
        key=f"test:{milestone.public_id}",
        provider_payment_id=f"pi_{milestone.public_id}",
        created_at=at,
        expires_at=at,
        paid_at=at,
    )
    return services.milestone_paid(reference=milestone.public_id, at=at, charge_reference="ch_1")


def deliver(milestone: Milestone, *, at: datetime = NOON, content: bytes = b"A cover.") -> Milestone:
    told = services.DeliveryInput(note="Here it is.", files=[a_file(content)])
    services.deliver(actor=milestone.contract.provider, milestone=milestone, told=told, at=at)
    milestone.refresh_from_db()
    return milestone


def in_state(state: State, **terms: Any) -> Milestone:
    """A milestone that came into this state at noon, with its contract."""
    milestone = make_contract(**terms).milestones.get()
    _WAYS[state](milestone)
    found = Milestone.objects.select_related("contract__client", "contract__provider", "contract__work").get(
        pk=milestone.pk
    )
    assert found.state == state, (found.state, state)
    return found


def _client(milestone: Milestone) -> User:
    return milestone.contract.client


def _paying(milestone: Milestone) -> None:
    services.start_paying(actor=_client(milestone), milestone=milestone, at=NOON)


def _delivered(milestone: Milestone) -> None:
    fund(milestone)
    deliver(milestone)


def _in_revision(milestone: Milestone) -> None:
    _delivered(milestone)
    services.request_revision(actor=_client(milestone), milestone=milestone, wishes="Bluer.", at=NOON)


def _released(milestone: Milestone) -> None:
    """Delivered two weeks before noon."""
    fund(milestone, at=NOON - 14 * DAY)
    deliver(milestone, at=NOON - 14 * DAY)
    services.run_clock(milestone_id=milestone.pk, at=NOON)


def _in_case(milestone: Milestone) -> None:
    _delivered(milestone)
    services.open_case(
        actor=_client(milestone), milestone=milestone, amount_minor=30_000, reason="Not what we said.", at=NOON
    )


def _to_decide(milestone: Milestone) -> None:
    _in_case(milestone)
    services.answer_case(actor=milestone.contract.provider, case=milestone.cases.get(), body="It is.", at=NOON)


def _decided(milestone: Milestone) -> None:
    _to_decide(milestone)
    services.decide_case(
        actor=make_moderator(), case=milestone.cases.get(), provider_minor=20_000, reason="Two of three.", at=NOON
    )


def _appealed(milestone: Milestone) -> None:
    _decided(milestone)
    services.appeal(actor=_client(milestone), case=milestone.cases.get(), reason="Look again.", at=NOON)


def _frozen(milestone: Milestone) -> None:
    fund(milestone)
    services.payment_disputed(reference=milestone.public_id, at=NOON)


def _accepted(milestone: Milestone) -> None:
    _delivered(milestone)
    services.accept(actor=_client(milestone), milestone=milestone, at=NOON)


def _settled(milestone: Milestone) -> None:
    fund(milestone)
    division = services.propose_division(actor=_client(milestone), milestone=milestone, provider_minor=10_000, at=NOON)
    services.accept_division(actor=milestone.contract.provider, division=division, at=NOON)


def _returned(milestone: Milestone) -> None:
    fund(milestone)
    services.give_back(actor=milestone.contract.provider, milestone=milestone, at=NOON)


def _taken(milestone: Milestone) -> None:
    _frozen(milestone)
    services.payment_dispute_lost(reference=milestone.public_id, at=NOON)


def _called_off(milestone: Milestone) -> None:
    services.call_off(actor=_client(milestone), milestone=milestone, at=NOON)


_WAYS: dict[State, Callable[[Milestone], object]] = {
    State.PLANNED: lambda milestone: None,
    State.PAYING: _paying,
    State.FUNDED: fund,
    State.DELIVERED: _delivered,
    State.IN_REVISION: _in_revision,
    State.RELEASED: _released,
    State.IN_CASE: _in_case,
    State.TO_DECIDE: _to_decide,
    State.DECIDED: _decided,
    State.APPEALED: _appealed,
    State.FROZEN: _frozen,
    State.ACCEPTED: _accepted,
    State.SETTLED: _settled,
    State.RETURNED: _returned,
    State.TAKEN: _taken,
    State.CALLED_OFF: _called_off,
}


def moved(terms: ContractTerms, due_on: date) -> ContractTerms:
    """The terms with another due day."""
    return replace(terms, milestones=tuple(replace(one, due_on=due_on) for one in terms.milestones))
